package fetch_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/fetch"
)

func TestGet(t *testing.T) {
	var seen http.Header
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		w.Header().Set("ETag", `W/"7"`)
		w.Write([]byte("<p>Bridge to open</p>"))
	})
	p := get(t, local(t, nil), strings.Replace(site, "http://", "http://user:secret@", 1)+"/a?b=c#d")

	if want := site + "/a?b=c"; p.URL != want || p.Final != want {
		t.Errorf("URL %q, Final %q; want %q: no credentials, no fragment", p.URL, p.Final, want)
	}
	if p.Status != 200 || p.Proto != "HTTP/1.1" || string(p.Body) != "<p>Bridge to open</p>" || p.Header.Get("ETag") != `W/"7"` || len(p.Hops) != 0 {
		t.Errorf("page = %+v", p)
	}
	if &p.Body[0] != &p.Wire[0] {
		t.Error("Body of an answer without a coding is not the same slice as Wire")
	}
	if p.Began.IsZero() || p.Ended.Before(p.Began) || p.Began.Location() != time.UTC {
		t.Errorf("began %v, ended %v", p.Began, p.Ended)
	}
	if seen.Get("Authorization") != "" || seen.Get("Accept-Encoding") != "gzip, br, zstd" || seen.Get("User-Agent") != "storydiff" {
		t.Errorf("request header = %v", seen)
	}
}

func TestGetConditionally(t *testing.T) {
	const tag, date = `W/"7"`, "Tue, 03 Nov 2026 10:05:00 GMT"
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		fmt.Fprint(w, r.Header["If-None-Match"], r.Header["If-Modified-Since"])
	})
	both, neither := "["+tag+"] ["+date+"]", "[] []"
	tests := []struct{ name, path, want string }{
		{"the same address", "/new", both},
		{"another address answers", "/old", neither},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := fetch.Request{URL: site + tt.path, ETag: tag, LastModified: date}
			p, err := local(t, nil).Get(t.Context(), r)
			if err != nil || string(p.Body) != tt.want {
				t.Errorf("validators sent: %s, %v; want %s", p.Body, err, tt.want)
			}
		})
	}
}

// Every answer with a status is a page.
func TestStatus(t *testing.T) {
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var status int
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
		if status != 304 && status != 204 {
			fmt.Fprint(w, "body")
		}
	})
	for _, status := range []int{200, 203, 204, 300, 301, 302, 304, 305, 400, 401, 402, 403, 404, 410, 418, 429, 451, 500, 502, 503} {
		p, err := local(t, nil).Get(t.Context(), fetch.Request{URL: fmt.Sprintf("%s/%d", site, status), ETag: `"1"`})
		if err != nil || p.Status != status || p.NotModified() != (status == 304) {
			t.Errorf("Get of a %d = %+v, %v", status, p, err)
			continue
		}
		if want := "body"; status != 304 && status != 204 && string(p.Body) != want {
			t.Errorf("body of a %d = %q, want %q", status, p.Body, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		switch r.URL.Path {
		case "/1":
			w.Header().Set("Location", "2?x=1#part")
			w.WriteHeader(301)
		case "/2":
			w.Header().Set("Location", "http://me:secret@"+r.Host+"/3")
			w.WriteHeader(308)
		case "/3":
			w.Header().Set("Location", "/4")
			w.WriteHeader(300)
		default:
			fmt.Fprint(w, r.URL.Path, r.Header.Get("Authorization"))
		}
	})
	p := get(t, local(t, nil), site+"/1")
	want := []fetch.Hop{
		{site + "/1", 301, site + "/2?x=1"},
		{site + "/2?x=1", 308, site + "/3"},
		{site + "/3", 300, site + "/4"},
	}
	if !reflect.DeepEqual(p.Hops, want) {
		t.Errorf("hops = %v, want %v", p.Hops, want)
	}
	if p.URL != site+"/1" || p.Final != site+"/4" || p.Status != 200 || string(p.Body) != "/4" {
		t.Errorf("page = %+v", p)
	}
}

func TestRedirectsRefused(t *testing.T) {
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		to := r.URL.Query().Get("to")
		switch n := 0; r.URL.Path {
		case "/count":
			fmt.Sscan(to, &n)
			to = fmt.Sprintf("/count?to=%d", n+1)
		case "/self":
			to = "self#again"
		case "/long":
			to = strings.Repeat("a", 9000)
		}
		w.Header().Set("Location", to)
		w.WriteHeader(302)
	})
	tests := []struct{ name, path, reason, detail string }{
		{"to itself", "/self", "redirect-loop", "in a circle"},
		{"for ever on", "/count?to=1", "redirect-loop", "more than 10 times"},
		{"file", "/?to=file:///etc/passwd", "bad-scheme", "neither http:// nor https://"},
		{"javascript", "/?to=javascript:alert(1)", "bad-scheme", "neither http:// nor https://"},
		{"data", "/?to=data:text/html,x", "bad-scheme", "neither http:// nor https://"},
		{"ftp", "/?to=ftp://example.org/", "bad-scheme", "neither http:// nor https://"},
		{"no host", "/?to=http:///x", "bad-address", "lacks a host"},
		{"no address", "/?to=http://[::1/", "bad-address", "no address"},
		{"too long", "/long", "bad-address", "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if e := refuse(t, local(t, nil), site+tt.path, tt.reason); !strings.Contains(e.Detail, tt.detail) {
				t.Errorf("detail %q, want it to say %q", e.Detail, tt.detail)
			}
		})
	}
}

// Some sites set a cookie and send the visitor round once more.
func TestCookieLoop(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "leaked:", r.Header.Get("Cookie")) })
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
			return
		}
		if r.URL.Path == "/away" {
			http.Redirect(w, r, strings.Replace(other, "127.0.0.1", "localhost", 1), http.StatusFound)
			return
		}
		fmt.Fprint(w, "story")
	})
	c := local(t, nil)
	if p := get(t, c, site+"/a"); string(p.Body) != "story" || len(p.Hops) != 1 {
		t.Errorf("page = %q after %v", p.Body, p.Hops)
	}
	if p := get(t, c, site+"/b"); len(p.Hops) != 1 {
		t.Errorf("second fetch: hops %v; want the cookie to be asked for anew", p.Hops)
	}
	if p := get(t, c, site+"/away"); string(p.Body) != "leaked:" {
		t.Errorf("another host was sent %q", p.Body)
	}
}

func TestHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "story") }))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c := fetch.NewClientAt(fetch.Options{AllowPrivate: true, HostDelay: -1}, fetch.Edge{Roots: roots})
	if p := get(t, c, s.URL); p.Proto != "HTTP/2.0" || string(p.Body) != "story" {
		t.Errorf("page = %s, %q; want HTTP/2.0 and the story", p.Proto, p.Body)
	}
}

func TestTrouble(t *testing.T) {
	tlsSite := httptest.NewUnstartedServer(http.NotFoundHandler())
	tlsSite.Config.ErrorLog = quiet()
	tlsSite.StartTLS()
	t.Cleanup(tlsSite.Close)
	plain := serve(t, http.NotFound)
	tests := []struct{ name, url, reason, detail string }{
		{"certificate of nobody known", tlsSite.URL, "tls", "signed by nobody who is trusted"},
		{"no TLS there", strings.Replace(plain, "http:", "https:", 1), "tls", "does not speak TLS"},
		{"nobody listens", "http://" + closedPort(t), "network", "refused"},
		{"not HTTP", "http://" + speaking(t, "220 mail.example.org ready\r\n"), "network", "not HTTP"},
		{"closed without an answer", "http://" + speaking(t, ""), "network", "closed without"},
		{"endless header", "http://" + speaking(t, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("a", 200<<10)), "too-large", "64 KiB"},
		{"empty", "", "bad-scheme", "neither http"},
		{"no scheme", "example.org/a", "bad-scheme", "neither http"},
		{"file", "file:///etc/passwd", "bad-scheme", "neither http"},
		{"gopher", "gopher://example.org/", "bad-scheme", "neither http"},
		{"two schemes", "source:file:///etc/passwd", "bad-scheme", "neither http"},
		{"javascript", "javascript:alert(1)", "bad-scheme", "neither http"},
		{"no host", "https:///a", "bad-address", "lacks a host"},
		{"opaque", "http:example.org", "bad-address", "lacks a host"},
		{"port 0", "http://example.org:0/", "bad-address", "impossible port"},
		{"port 65536", "http://example.org:65536/", "bad-address", "impossible port"},
		{"no address", "http://[::1/", "bad-address", "not an address"},
		{"control character", "http://example.org/\x00\n", "bad-address", "not an address"},
		{"too long", "http://example.org/" + strings.Repeat("a", 9000), "bad-address", "longer than"},
		{"a number", "http://2130706433/", "bad-address", "by a number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := refuse(t, local(t, func(o *fetch.Options) { o.IgnoreRobots = true }), tt.url, tt.reason)
			if !strings.Contains(e.Detail, tt.detail) {
				t.Errorf("detail %q, want it to say %q", e.Detail, tt.detail)
			}
		})
	}
}

// A password is in no sentence, however broken its address.
func TestNoPasswordIsTold(t *testing.T) {
	for _, url := range []string{
		"http://me:hunter2@[::1/", "http://me:hunter2@example.org:99999/", "ftp://me:hunter2@example.org/",
		"http://me:hunter2@" + closedPort(t), "http://me:hunter2@example.org/" + strings.Repeat("a", 9000),
		"http://me:hunter2@example.org:22/x", "http://me:hun ter2@example.org/", "http://me:hunter2@2130706433/",
	} {
		_, err := fetch.NewClient(fetch.Options{IgnoreRobots: true}).Get(t.Context(), fetch.Request{URL: url})
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(e.Error(), "hun") {
				t.Errorf("Get: %q tells the password", e)
			}
		}
		if err == nil {
			t.Errorf("Get(%.60s) succeeded", url)
		}
	}
}

func TestGetEndsWithItsContext(t *testing.T) {
	asked := make(chan struct{}, 1)
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.WriteHeader(500)
			w.Write([]byte("half"))
			w.(http.Flusher).Flush()
		}
		asked <- struct{}{}
		<-r.Context().Done()
	})
	for _, path := range []string{"/head", "/body"} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-asked; cancel() }()
		p, err := local(t, nil).Get(ctx, fetch.Request{URL: site + path})
		if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Reason != "canceled" || !errors.Is(err, context.Canceled) {
			t.Errorf("Get(%s) = %v, %v; want an *Error that wraps context.Canceled", path, p, err)
		}
	}
}

func TestHostOf(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https://www.example.co.uk/a", "example.co.uk"},
		{"http://EXAMPLE.org:8080", "example.org"},
		{"https://a.b.example.org./", "example.org"},
		{"https://paper.blogspot.com/", "paper.blogspot.com"},
		{"https://münchen.example.de/", "example.de"},
		{"https://www.bücher.de/", "xn--bcher-kva.de"},
		{"http://127.0.0.1:8080/", "127.0.0.1"},
		{"http://[2001:DB8::1]:80/", "2001:db8::1"},
		{"http://[::ffff:192.0.2.7]/", "192.0.2.7"},
		{"http://localhost:80/", "localhost"},
		{"https://co.uk/", "co.uk"},
		{"http://under_score.example.org/", "example.org"},
		{"ftp://example.org/", ""},
		{"http://[::1", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := fetch.HostOf(tt.url); got != tt.want {
			t.Errorf("HostOf(%q) = %q, want %q", tt.url, got, tt.want)
		}
	}
}

// closedPort returns a loopback address where nobody listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// speaking returns the address of a server that says the same to everybody once
// it was spoken to, and hangs up.
func speaking(t testing.TB, words string) string {
	t.Helper()
	return pouring(t, func(c net.Conn) {
		c.Write([]byte(words))
		c.(*net.TCPConn).CloseWrite()
		c.Read(make([]byte, 1)) // until the other side hangs up
	})
}
