package alert_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/alert"
)

// sender returns what sends to the one channel of a configuration.
func sender(t *testing.T, channel string, o alert.Options) alert.Sender {
	t.Helper()
	s, err := settings(t, "channels: {x: {"+channel+"}}")
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Channels[0].Sender(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func delivery() alert.Delivery {
	return alert.Delivery{Key: "msg_abc", At: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), Message: alert.Message{
		Subject: "example.com: “Ferry”\r\nBcc: all@example.org\u202e", Text: "It cost [-12-]{+14+}.\n", HTML: "<p>It cost <del>12</del><ins>14</ins>.</p>",
		Chat: "It cost [-12-]{+14+}. @everyone <!channel> & co", Markdown: "It cost ~~12~~ **14**. @everyone &lt;!channel&gt;", JSON: []byte(`{"type":"change"}`),
	}}
}

// The signature is checked as a receiver would, by nothing but the standard's words.
func TestWebhook(t *testing.T) {
	var asked *http.Request
	var body []byte
	status, header := http.StatusNoContent, ""
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Retry-After", header)
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
	}))
	defer hook.Close()
	s := sender(t, `webhook: {url: "`+hook.URL+`/in?k=v", secret: [$SECRET, whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=]}`, alert.Options{AllowPrivate: true, UserAgent: "storydiff/x"})
	if err := s.Send(t.Context(), delivery()); err != nil {
		t.Fatal(err)
	}
	if asked.Method != "POST" || asked.URL.String() != "/in?k=v" || asked.Header.Get("Content-Type") != "application/json" || asked.UserAgent() != "storydiff/x" {
		t.Errorf("asked %s %s %v", asked.Method, asked.URL, asked.Header)
	}
	signatures := strings.Fields(asked.Header.Get("webhook-signature"))
	if len(signatures) != 2 {
		t.Fatalf("signatures %q, want one for each secret", signatures)
	}
	for i, key := range []string{"0123456789abcdef0123456789abcdef", "abcdefghijklmnopqrstuvwxyzabcdef"} {
		mac := hmac.New(sha256.New, []byte(key))
		io.WriteString(mac, asked.Header.Get("webhook-id")+"."+asked.Header.Get("webhook-timestamp")+"."+string(body))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); signatures[i] != want {
			t.Errorf("signature %d is %s, want %s", i, signatures[i], want)
		}
	}
	if id, at := asked.Header.Get("webhook-id"), asked.Header.Get("webhook-timestamp"); id != "msg_abc" || at != "1772359200" {
		t.Errorf("id %q at %q", id, at)
	}
	for _, tt := range []struct {
		status int
		after  string
		want   string
		wait   time.Duration
	}{
		{http.StatusInternalServerError, "", "it answered 500 Internal Server Error", 0},
		{http.StatusGone, "", "it answered 410 Gone", 0},
		{http.StatusFound, "", "it answered 302 Found: redirects are not followed", 0},
		{http.StatusTooManyRequests, "90", "it answered 429 Too Many Requests", 90 * time.Second},
		{http.StatusServiceUnavailable, "Sun, 01 Mar 2026 10:05:00 GMT", "it answered 503", 5 * time.Minute},
	} {
		status, header = tt.status, tt.after
		err := s.Send(t.Context(), delivery())
		busy, _ := err.(*alert.Busy)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || (busy != nil) != (tt.wait > 0) || busy != nil && busy.Wait != tt.wait {
			t.Errorf("%d: %v, want %s and %v", tt.status, err, tt.want, tt.wait)
		}
	}
}

// Without leave, nothing is dialled that is not public, and no error shows the address.
func TestWebhookGuard(t *testing.T) {
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked") }))
	defer hook.Close()
	err := sender(t, `webhook: {url: "`+hook.URL+`/token-of-ours", secret: $SECRET}`, alert.Options{}).Send(t.Context(), delivery())
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1 may not be dialled") || strings.Contains(err.Error(), "token-of-ours") {
		t.Errorf("%v, want a refusal without the address", err)
	}
	hook.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	if err := sender(t, `webhook: {url: "`+hook.URL+`", secret: $SECRET, allow-private: true}`, alert.Options{}).Send(t.Context(), delivery()); err != nil {
		t.Errorf("with leave: %v", err)
	}
}

// A receiver that never answers is waited for no longer than said.
func TestWebhookWithoutAnAnswer(t *testing.T) {
	hang := make(chan struct{})
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer hook.Close()
	defer close(hang)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := sender(t, `webhook: {url: "`+hook.URL+`", secret: $SECRET}`, alert.Options{AllowPrivate: true, Timeout: 50 * time.Millisecond}).Send(ctx, delivery())
	if err == nil || ctx.Err() != nil {
		t.Errorf("%v, want an error after 50 ms", err)
	}
}

// A mailServer is a server of e-mail that takes one message, or refuses it.
type mailServer struct {
	net.Listener
	refuse bool
	took   chan string
}

func newMailServer(t *testing.T, refuse bool) *mailServer {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{ln, refuse, make(chan string, 1)}
	t.Cleanup(func() { ln.Close() })
	go s.serve()
	return s
}

func (s *mailServer) port() int { return s.Addr().(*net.TCPAddr).Port }

func (s *mailServer) serve() {
	conn, err := s.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	fmt.Fprint(conn, "220 mail.example\r\n")
	var took strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		took.WriteString(line)
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); {
		case verb == "EHLO":
			fmt.Fprint(conn, "250-mail.example\r\n250-AUTH CRAM-MD5\r\n250 8BITMIME\r\n")
		case verb == "AUTH":
			fmt.Fprint(conn, "535 the password pass word is not that of desk\r\n")
		case verb == "RCPT" && s.refuse:
			fmt.Fprint(conn, "550 \x1b[31mno such \u202ebox\r\n")
		case verb == "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			for line != ".\r\n" {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
				took.WriteString(line)
			}
			s.took <- took.String()
			fmt.Fprint(conn, "250 taken\r\n")
		case verb == "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func TestEmail(t *testing.T) {
	server := newMailServer(t, false)
	config := fmt.Sprintf("email: {host: 127.0.0.1, port: %d, tls: none, from: Desk <desk@news.example>, to: [a@example.org, b@example.org]}", server.port())
	if err := sender(t, config, alert.Options{}).Send(t.Context(), delivery()); err != nil {
		t.Fatal(err)
	}
	envelope, message, _ := strings.Cut(<-server.took, "DATA\r\n")
	for _, want := range []string{"MAIL FROM:<desk@news.example>", "RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"} {
		if !strings.Contains(envelope, want) {
			t.Errorf("the envelope lacks %s:\n%s", want, envelope)
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "example.com: “Ferry” Bcc: all@example.org" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{
		"Bcc": "", "Message-Id": "<msg_abc@news.example>", "Auto-Submitted": "auto-generated", "From": `"Desk" <desk@news.example>`, "Date": "Sun, 01 Mar 2026 10:00:00 +0000",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []struct{ kind, text string }{{"text/plain", "It cost [-12-]{+14+}."}, {"text/html", "<p>It cost <del>12</del><ins>14</ins>.</p>"}} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil || !strings.HasPrefix(p.Header.Get("Content-Type"), want.kind) || strings.TrimSpace(string(text)) != want.text {
			t.Errorf("part %v %q, %v; want %v", p.Header, text, err, want)
		}
	}
}

// What a server says is told in one line, without what steers a terminal.
func TestEmailRefused(t *testing.T) {
	server := newMailServer(t, true)
	config := fmt.Sprintf("email: {host: 127.0.0.1, port: %d, tls: none, from: desk@news.example, to: a@example.org}", server.port())
	err := sender(t, config, alert.Options{}).Send(t.Context(), delivery())
	if err == nil || !strings.Contains(err.Error(), "no such") || strings.ContainsAny(err.Error(), "\x1b\u202e\r\n") {
		t.Errorf("%q", err)
	}
}

// A server that offers no encryption gets nothing unless that is allowed; and what
// a server says of a password is not repeated.
func TestEmailSecrets(t *testing.T) {
	server := newMailServer(t, false)
	config := fmt.Sprintf("email: {host: 127.0.0.1, port: %d, from: desk@news.example, to: a@example.org}", server.port())
	if err := sender(t, config, alert.Options{}).Send(t.Context(), delivery()); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("without encryption: %v, want a refusal", err)
	}
	server = newMailServer(t, false)
	config = fmt.Sprintf("email: {host: 127.0.0.1, port: %d, tls: none, from: desk@news.example, to: a@example.org, username: desk, password: $PASSWORD}", server.port())
	if err := sender(t, config, alert.Options{}).Send(t.Context(), delivery()); err == nil || !strings.Contains(err.Error(), "535") || strings.Contains(err.Error(), "pass word") {
		t.Errorf("with a wrong password: %v, want what the server says without the password", err)
	}
}

// Nobody is called by what a page says, and services that know no HTML get none.
func TestChat(t *testing.T) {
	got := make(chan string, 1)
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/hang-token" {
			<-hang
			return
		}
		if r.URL.Path == "/refuse-token" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		got <- string(body)
	}))
	defer server.Close()
	defer close(hang)
	if err := sender(t, `chat: "generic+`+server.URL+`/take-token"`, alert.Options{}).Send(t.Context(), delivery()); err != nil {
		t.Fatal(err)
	}
	want := "example.com: “Ferry” Bcc: all@\u200bexample.org\n\nIt cost [-12-]{+14+}. @\u200beveryone <\u200b!channel> & co"
	if text := <-got; text != want {
		t.Errorf("sent %q, want %q", text, want)
	}
	err := sender(t, `chat: "generic+`+server.URL+`/refuse-token"`, alert.Options{}).Send(t.Context(), delivery())
	if err == nil || !strings.Contains(err.Error(), "403") || strings.Contains(err.Error(), "refuse-token") {
		t.Errorf("refused: %v", err)
	}
	stuck := sender(t, `chat: "generic+`+server.URL+`/hang-token"`, alert.Options{Timeout: 50 * time.Millisecond})
	if err := stuck.Send(t.Context(), delivery()); err == nil || err.Error() != "no answer in 50ms" {
		t.Errorf("without an answer: %v", err)
	}
	if err := stuck.Send(t.Context(), delivery()); err == nil || !strings.Contains(err.Error(), "has not answered to the message before this") {
		t.Errorf("while one is out: %v", err)
	}
}
