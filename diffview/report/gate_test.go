package report_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/diffview/report"
)

const password = "correct horse battery"

// locked serves the sample behind a password, with metrics.
func locked(t testing.TB, change func(*report.Options)) http.Handler {
	opts := report.Options{
		Hosts:   []string{"report.example"},
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "storydiff_up 1\n") }),
		Doors:   report.Doors{Password: password, Token: "a token for scripts"},
	}
	if change != nil {
		change(&opts)
	}
	return report.New(sample(), opts)
}

// send sends a request from an address; header holds names and values in turn, of
// which Host and From, the address, are no headers. A body is a form.
func send(t testing.TB, h http.Handler, method, target, body string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:1234"
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		switch header[i] {
		case "Host":
			r.Host = header[i+1]
		case "From":
			r.RemoteAddr = header[i+1]
		default:
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// session logs in and returns the cookie as a request has it.
func session(t testing.TB, h http.Handler) string {
	t.Helper()
	resp := send(t, h, "POST", "/login", form("password", password))
	if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) != 1 {
		t.Fatalf("logging in = %d with %d cookies", resp.StatusCode, len(resp.Cookies()))
	}
	c := resp.Cookies()[0]
	return c.Name + "=" + c.Value
}

// TestDefaultDeny asks for an address of which nobody said whom it answers.
func TestDefaultDeny(t *testing.T) {
	reached := func(w http.ResponseWriter, _ *http.Request) error { panic("an address without a rule was reached") }
	for _, doors := range []report.Doors{{}, {Open: true}, {Password: password}} {
		h := report.WithForgotten(sample(), report.Options{Doors: doors}, "GET /forgotten", reached)
		if resp := send(t, h, "GET", "/forgotten", "", "Authorization", "Bearer "+password); resp.StatusCode != 404 {
			t.Errorf("with %+v an address without a rule = %d, want 404", doors, resp.StatusCode)
		}
	}
}

// TestMetricsAreForWhoRunsIt holds /metrics against who may read it, and the
// program against addresses that help to attack it.
func TestMetricsAreForWhoRunsIt(t *testing.T) {
	bare, shut := locked(t, func(o *report.Options) { o.Doors = report.Doors{} }), locked(t, nil)
	for _, tt := range []struct {
		name            string
		header          []string
		without, behind int // a password
	}{
		{"this machine", nil, 200, 200},
		{"this machine over IPv6", []string{"From", "[::1]:99", "Host", "[::1]:8080"}, 200, 200},
		{"this machine, mapped", []string{"From", "[::ffff:127.0.0.1]:99"}, 200, 200},
		{"elsewhere", []string{"From", "192.0.2.7:99"}, 403, 401},
		{"elsewhere, says it is here", []string{"From", "192.0.2.7:99", "X-Forwarded-For", "127.0.0.1", "X-Real-Ip", "127.0.0.1", "Forwarded", "for=127.0.0.1"}, 403, 401},
		{"through a proxy", []string{"X-Forwarded-For", "127.0.0.1"}, 403, 401},
		{"through a proxy, of another kind", []string{"Via", "1.1 proxy"}, 403, 401},
		{"by its public name", []string{"Host", "report.example"}, 403, 401},
		{"elsewhere, with the password", []string{"From", "192.0.2.7:99", "Authorization", "Bearer " + password}, 403, 200},
		{"elsewhere, with the token", []string{"From", "192.0.2.7:99", "Authorization", "bearer a token for scripts", "Host", "report.example"}, 403, 200},
		{"no address at all", []string{"From", "pipe"}, 403, 401},
	} {
		if got := send(t, bare, "GET", "/metrics", "", tt.header...).StatusCode; got != tt.without {
			t.Errorf("%s, no password: /metrics = %d, want %d", tt.name, got, tt.without)
		}
		if got := send(t, shut, "GET", "/metrics", "", tt.header...).StatusCode; got != tt.behind {
			t.Errorf("%s, a password: /metrics = %d, want %d", tt.name, got, tt.behind)
		}
	}
	for _, target := range []string{"/debug/pprof", "/debug/pprof/heap", "/debug/vars", "/debug/requests"} {
		if got := send(t, bare, "GET", target, "").StatusCode; got != 404 {
			t.Errorf("GET %s = %d, want 404", target, got)
		}
	}
}

func TestLogin(t *testing.T) {
	h := locked(t, nil)
	resp := send(t, h, "POST", "/login", form("password", password, "next", "/articles/1?x=1"))
	if resp.StatusCode != 303 || resp.Header.Get("Location") != "/articles/1?x=1" {
		t.Errorf("logging in = %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	c := resp.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge != 30*24*3600 || c.Secure || c.Domain != "" || len(c.Value) < 22 {
		t.Errorf("the cookie is %+v", c)
	}
	mine := []string{"Cookie", c.Name + "=" + c.Value, "From", "192.0.2.7:99"}
	page := send(t, h, "GET", "/", "", mine...)
	if body := read(t, page); !strings.Contains(body, `action="/logout"`) || !strings.Contains(page.Header.Get("Cache-Control"), "private") || !strings.Contains(strings.Join(page.Header.Values("Vary"), ","), "Cookie") {
		t.Errorf("a page for who is logged in lets not log out, or may be kept for others: %v", page.Header)
	}
	if status := send(t, h, "GET", "/metrics", "", mine...).StatusCode; status != 200 {
		t.Errorf("/metrics for who is logged in = %d", status)
	}
	out := send(t, h, "POST", "/logout", "", mine...)
	if out.StatusCode != 303 || out.Header.Get("Location") != "/?done=out" || out.Cookies()[0].MaxAge >= 0 {
		t.Errorf("logging out = %d to %q with %v", out.StatusCode, out.Header.Get("Location"), out.Cookies())
	}
	if status := send(t, h, "GET", "/metrics", "", mine...).StatusCode; status != 401 {
		t.Errorf("/metrics with the cookie of a session that was ended = %d, want 401", status)
	}
	for _, cookie := range []string{"storydiff-session=", "storydiff-session=x", "storydiff-session=" + strings.Repeat("A", 26), "other=" + c.Value} {
		if status := send(t, h, "GET", "/metrics", "", "Cookie", cookie, "From", "192.0.2.7:99").StatusCode; status != 401 {
			t.Errorf("/metrics with Cookie: %s = %d, want 401", cookie, status)
		}
	}
	if _, body := get(t, h, "/?done=out"); !strings.Contains(body, "You are logged out.") {
		t.Error("the page after logging out does not say so")
	}
	if _, body := get(t, h, "/?done=%3Cb%3EYou+won"); strings.Contains(body, "You won") {
		t.Error("an address puts its own words on a page")
	}
	if status, _ := get(t, handler(t, sample()), "/login"); status != 404 {
		t.Errorf("/login without a password = %d, want 404", status)
	}
}

func TestCookieTravelsByHTTPSWhereThereIsSome(t *testing.T) {
	h := locked(t, func(o *report.Options) { o.Doors.Secure = true })
	for host, want := range map[string]bool{"report.example": true, "localhost:8080": false} {
		resp := send(t, h, "POST", "/login", form("password", password), "Host", host)
		if got := resp.Cookies()[0].Secure; got != want {
			t.Errorf("at %s the cookie has Secure = %v, want %v", host, got, want)
		}
	}
}

// TestNextIsLocal tries to be led elsewhere by an address of ours.
func TestNextIsLocal(t *testing.T) {
	h := locked(t, nil)
	for next, want := range map[string]string{
		"/articles/1":                   "/articles/1",
		"/add?url=https%3A%2F%2F":       "/add?url=https%3A%2F%2F",
		"":                              "/",
		"//evil.example":                "/",
		"///evil.example":               "/",
		`/\evil.example`:                "/",
		`\\evil.example`:                "/",
		"/%5cevil.example":              "/",
		"https:evil.example":            "/",
		"https://evil.example/":         "/",
		"javascript:alert(1)":           "/",
		"articles":                      "/",
		"/a\r\nX-Evil: 1":               "/",
		"/\tx":                          "/",
		"/../x":                         "/",
		"/%2e%2e/x":                     "/",
		"?x":                            "/",
		"/" + strings.Repeat("a", 8999): "/" + strings.Repeat("a", 8999),
	} {
		resp := send(t, h, "POST", "/login", form("password", password, "next", next))
		if next == "/a\r\nX-Evil: 1" || next == "/\tx" { // no field of one line
			if resp.StatusCode != 400 {
				t.Errorf("next=%q = %d, want 400", next, resp.StatusCode)
			}
		} else if got := resp.Header.Get("Location"); got != want {
			t.Errorf("next=%q leads to %q, want %q", next, got, want)
		}
		_, body := get(t, h, "/login?"+form("next", next))
		if strings.Contains(body, "evil") {
			t.Errorf("/login?next=%q carries it on", next)
		}
	}
}

// TestWrongPasswords tries 1,000 of them. Time is the bubble's own.
func TestWrongPasswords(t *testing.T) {
	for _, way := range []struct {
		name string
		try  func(t *testing.T, h http.Handler, text string, header ...string) *http.Response
		no   int
	}{
		{"password", func(t *testing.T, h http.Handler, text string, header ...string) *http.Response {
			return send(t, h, "POST", "/login", form("password", text), header...)
		}, 403},
		{"token", func(t *testing.T, h http.Handler, text string, header ...string) *http.Response {
			return send(t, h, "GET", "/", "", append(header, "Authorization", "Bearer "+text)...)
		}, 401},
	} {
		t.Run(way.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := locked(t, nil)
				began, wrong := time.Now(), 0
				for i := range 1_000 {
					resp := way.try(t, h, fmt.Sprint("guess ", i), "X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i%256))
					switch resp.StatusCode {
					case way.no:
						wrong++
					case 429:
						if resp.Header.Get("Retry-After") == "" {
							t.Fatal("a pause of no length is asked for")
						}
					default:
						t.Fatalf("a wrong one = %d", resp.StatusCode)
					}
				}
				if took := time.Since(began); wrong != 10 || took != 10*time.Second {
					t.Errorf("%d of 1,000 were tried, in %v, want 10 in 10s", wrong, took)
				}
				if resp := way.try(t, h, password); resp.StatusCode != 429 {
					t.Errorf("the right one after too many wrong ones = %d, want 429", resp.StatusCode)
				}
				if resp := way.try(t, h, password, "From", "192.0.2.9:1"); resp.StatusCode >= 400 {
					t.Errorf("the right one from elsewhere = %d", resp.StatusCode)
				}
				time.Sleep(time.Minute)
				if resp := way.try(t, h, password); resp.StatusCode >= 400 {
					t.Errorf("the right one a minute later = %d", resp.StatusCode)
				}
			})
		})
	}
}

// TestManyAddressesTry has a net of machines try, each seldom.
func TestManyAddressesTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := locked(t, nil)
		tried := make(chan int, 300)
		for i := range 300 {
			go func() {
				from := fmt.Sprintf("[2001:db8:0:%x::1]:1", i)
				tried <- send(t, h, "POST", "/login", form("password", "guess"), "From", from).StatusCode
			}()
		}
		count := map[int]int{}
		for range 300 {
			count[<-tried]++
		}
		if count[403] != 100 || count[429] != 200 {
			t.Errorf("of 300 tries at once from as many addresses %v, want 100 tried", count)
		}
	})
	var from []netip.Prefix
	for i := range 5000 {
		from = append(from, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 32))
	}
	if n := report.RememberedTries(from, 0); n > 1024 {
		t.Errorf("%d addresses are remembered, want 1,024 at most", n)
	}
	if n := report.RememberedTries(from, time.Second); n > 1024 {
		t.Errorf("%d addresses are remembered over time, want 1,024 at most", n)
	}
}

// TestSessionsEnd waits for the end of a session, and begins too many.
func TestSessionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := locked(t, nil)
		may := func(cookie string) bool {
			return send(t, h, "GET", "/metrics", "", "Cookie", cookie, "From", "192.0.2.7:99").StatusCode == 200
		}
		first := session(t, h)
		time.Sleep(30*24*time.Hour - time.Second)
		if !may(first) {
			t.Error("a session ended before its time")
		}
		second := session(t, h)
		time.Sleep(time.Second)
		if may(first) || !may(second) {
			t.Error("a session did not end, or ended another")
		}
		for range 999 {
			time.Sleep(time.Millisecond)
			session(t, h)
		}
		if !may(second) {
			t.Error("a thousand sessions are too many")
		}
		session(t, h)
		if may(second) {
			t.Error("of too many sessions the oldest goes on")
		}
	})
}

// TestPrivate walks all addresses of a private report: as nobody who knows anything
// only what is for anyone answers, and what it says tells nothing; who knows a secret
// may read by cookie, token or as the password of any user, and by the last alone
// change nothing.
func TestPrivate(t *testing.T) {
	c := &clerk{}
	opts := staff(c, report.Doors{Password: password, Token: "a token for scripts", Private: true})
	src := sample()
	h := report.New(src, opts)
	mine := session(t, h)
	basic := func(secret string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte("reader:"+secret))
	}
	open := map[string]bool{}
	for _, r := range report.Routes(src, opts) {
		target := concrete(r.Path)
		if r.Method == "GET" && r.Who == "anyone" {
			open[strings.SplitN(target, ".", 2)[0]] = true
			if status := send(t, h, "GET", target, "").StatusCode; status != 200 {
				t.Errorf("GET %s = %d for anyone", target, status)
			}
		}
		if r.Who != "reader" {
			continue
		}
		for _, as := range [][]string{nil, {"From", "192.0.2.7:99"}, {"Cookie", "storydiff-session=AAAAAAAAAAAAAAAAAAAAAAAAAA"}, {"Authorization", "Digest x"}} {
			resp := send(t, h, r.Method, target, "", as...)
			body := read(t, resp)
			if resp.StatusCode != 401 || len(resp.Header.Values("WWW-Authenticate")) == 0 || resp.Header.Get("Cache-Control") != "no-store" || strings.Contains(body, "ouncil") || resp.Header.Get("ETag") != "" {
				t.Errorf("%s %s as %v = %d, %v, want 401 and nothing told:\n%.300s", r.Method, target, as, resp.StatusCode, resp.Header, body)
			}
		}
		free := send(t, report.New(src, staff(c, report.Doors{Password: password})), r.Method, target, "").StatusCode
		for _, as := range [][]string{{"Cookie", mine}, {"Authorization", "Bearer " + password}, {"Authorization", basic("a token for scripts")}, {"Authorization", basic(password)}} {
			resp := send(t, h, r.Method, target, "", as...)
			if resp.StatusCode != free || free == 200 && !strings.Contains(resp.Header.Get("Cache-Control"), "private") {
				t.Errorf("%s %s as %v = %d, %v, want %d and private", r.Method, target, as, resp.StatusCode, resp.Header, free)
			}
		}
	}
	if want := map[string]bool{"/favicon": true, "/healthz": true, "/login": true, "/style": true, "/icon": true, "/report": true}; !maps.Equal(open, want) {
		t.Errorf("for anyone are %v, want %v", open, want)
	}
	if resp := send(t, h, "GET", "/feed.atom", ""); !slices.Contains(resp.Header.Values("WWW-Authenticate"), `Basic realm="storydiff", charset="UTF-8"`) {
		t.Errorf("a feed reader is not asked: %v", resp.Header)
	}
	if resp := send(t, h, "POST", "/articles/1/pause", "", "Authorization", basic(password)); resp.StatusCode != 401 || c.told() != "" {
		t.Errorf("what a browser sends by itself changes something: %d", resp.StatusCode)
	}
	if resp := send(t, h, "GET", "/articles/1", ""); !strings.Contains(read(t, resp), `name="next" value="/articles/1"`) {
		t.Error("who logs in is not led on to the page asked for")
	}
	bare := report.New(src, report.Options{Doors: report.Doors{Private: true, Open: true}})
	if status := send(t, bare, "GET", "/", "").StatusCode; status != 401 {
		t.Errorf("private and without a secret / = %d, want 401", status)
	}
	synctest.Test(t, func(t *testing.T) {
		if status := send(t, report.New(src, opts), "GET", "/feed.json", "", "Authorization", basic("wrong")).StatusCode; status != 401 {
			t.Errorf("a wrong password = %d", status)
		}
	})
}
