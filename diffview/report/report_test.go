package report_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/diffview/report"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// handler serves src with a clock that stands at noon of the last sample day.
func handler(t testing.TB, src report.Source) http.Handler {
	return handlerAt(t, src, func() time.Time { return clock(3, 12, 0) })
}

func handlerAt(t testing.TB, src report.Source, now func() time.Time) http.Handler {
	return report.New(src, report.Options{
		Hosts:   []string{"Report.Example"},
		Log:     slog.New(slog.NewTextHandler(t.Output(), nil)),
		Version: "1.2.3",
		Now:     now,
	})
}

// ask sends a request and returns the answer; header holds names and values in turn.
func ask(t testing.TB, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Host = "localhost:8080"
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// get returns the status and body of a page.
func get(t testing.TB, h http.Handler, target string) (int, string) {
	t.Helper()
	resp := ask(t, h, "GET", target)
	return resp.StatusCode, read(t, resp)
}

func read(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// pages are addresses of every kind that answer over the sample.
func pages() []string {
	return []string{
		"/", "/?disclosure=silent", "/?since=7d&outlet=kanal.example", "/?kind=byline",
		"/search", "/search?q=bridge", "/search?q=%2212+million%22&removed=1", "/search?q=xyzzy", "/?q=million&until=2026-03-03",
		"/articles", "/articles?state=gone", "/articles?tag=none",
		"/articles/1", "/articles/2", "/articles/8", "/articles/9", "/articles/1?before=3",
		"/articles/1/blame", "/articles/7/blame", "/articles/1/versions/1", "/articles/1/versions/5",
		"/articles/1/changes/1..2", "/articles/1/changes/1..5", "/articles/1/changes/3..5",
		"/articles/1/changes/2..3?view=side-by-side", "/articles/1/changes/1..4?context=all",
		"/articles/1/changes/1..2?format=text", "/articles/1/changes/1..2.png", "/specimen", "/specimen?view=side-by-side",
		"/oembed?url=http%3A%2F%2Flocalhost:8080%2Farticles%2F1%2Fchanges%2F1..2",
		"/outlets", "/outlets?period=4w&sort=silent", "/outlets?period=all&sort=first",
		"/outlets/harnherald.example", "/outlets/morning.example?period=52w", "/outlets/walled.example",
		"/healthz", "/style.css", "/favicon.ico",
	}
}

func TestEveryPage(t *testing.T) {
	h := handler(t, sample())
	for _, target := range pages() {
		t.Run(target, func(t *testing.T) {
			resp := ask(t, h, "GET", target)
			if resp.StatusCode != http.StatusOK {
				t.Fatalf("GET %s = %d, want 200", target, resp.StatusCode)
			}
			checkHeaders(t, resp)
			body := read(t, resp)
			if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
				return
			}
			checkPage(t, body)
		})
	}
}

func checkHeaders(t *testing.T, resp *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy":    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// checkPage holds a page against what the policy and a reader ask of it.
func checkPage(t *testing.T, body string) {
	t.Helper()
	if n := strings.Count(body, "<script"); n != 1 || !strings.Contains(body, `<script defer src="/report.`) {
		t.Errorf("page has %d scripts, want ours alone", n)
	}
	for _, bad := range []string{"javascript:", " style=", " onclick", "<no value>", "ZgotmplZ", "%!"} {
		if strings.Contains(body, bad) {
			t.Errorf("page holds %q", bad)
		}
	}
	for _, good := range []string{`<html lang="en">`, "<main ", "<title>", `<link rel="stylesheet" href="/style.`, `name="viewport"`} {
		if !strings.Contains(body, good) {
			t.Errorf("page lacks %q", good)
		}
	}
	if n := strings.Count(body, "<h1"); n != 1 {
		t.Errorf("page has %d h1, want 1", n)
	}
	if !strings.HasSuffix(strings.TrimSpace(body), "</html>") {
		t.Error("page is not whole")
	}
}

func TestRefusals(t *testing.T) {
	h := handler(t, sample())
	tests := []struct {
		target string
		status int
		says   string
	}{
		{"/nothing", 404, "no page at this address"},
		{"/articles/99", 404, "No such article or version"},
		{"/articles/0", 404, "no page"},
		{"/articles/-1", 404, "no page"},
		{"/articles/abc", 404, "no page"},
		{"/articles/1%20OR%201=1", 404, "no page"},
		{"/articles/99999999999999999999999", 404, "no page"},
		{"/articles/1?before=0", 400, "before must be the number of a version"},
		{"/articles/1?before=x", 400, "before must be the number of a version"},
		{"/articles/8/blame", 404, "No such article or version"},
		{"/articles/99/blame", 404, "No such article or version"},
		{"/articles/1/versions/6/source", 404, "No such article or version"},
		{"/articles/1/versions/x/source", 404, "no page"},
		{"/articles/1/versions/6", 404, "No such article or version"},
		{"/articles/1/versions/99999999999", 404, "no page"},
		{"/articles/1/changes/1..99", 404, "No such article or version"},
		{"/articles/1/changes/1", 404, "no page"},
		{"/articles/1/changes/..", 404, "no page"},
		{"/articles/1/changes/0..1", 404, "no page"},
		{"/articles/1/changes/1..2..3", 404, "no page"},
		{"/articles/1/changes/1..99999999999999999999", 404, "no page"},
		{"/articles/1/changes/1..2?view=upside-down", 400, "view must be one of inline, side-by-side"},
		{"/articles/1/changes/1..2?context=-5", 400, "context must be"},
		{"/articles/1/compare", 400, "Choose two versions"},
		{"/articles/1/compare?a=1&b=x", 400, "Choose two versions"},
		{"/articles?state=lost", 400, "state must be one of"},
		{"/search?q=*", 400, "Write at least one word to look for."},
		{"/search?q=%22", 400, "Write at least one word to look for."},
		{"/search?q=-bridge", 400, "Write a word to look for beside those to leave out."},
		{"/search?q=" + strings.Repeat("x", 10<<10), 400, "q is longer than 300 bytes"},
		{"/search?q=a+b+c+d+e+f+g+h+i+j+k+l+m", 400, "At most 12 words"},
		{"/search?q=%00", 400, "q is no plain text"},
		{"/search?q=%ff", 400, "q is no plain text"},
		{"/search?q=a&q=b", 400, "q is given more than once"},
		{"/search?q=a&removed=2", 400, "removed must be one of 1"},
		{"/search?q=a&before=0", 400, "before must be the number of an article"},
		{"/search?q=a&before=99999999999999", 400, "before must be the number of an article"},
		{"/search?q=a&until=soon", 400, "until must be a span"},
		{"/?q=*", 400, "Write at least one word to look for."},
		{"/articles?after=2", 400, "after must be a place"},
		{"/articles?after=-1.2", 400, "after must be a place"},
		{"/articles?after=1.0", 400, "after must be a place"},
		{"/articles/1?before=x", 400, "before must be the number of a version"},
		{"/static/../../etc/passwd", 404, "no page"},
		{"/%2e%2e%2fetc/passwd", 404, "no page"},
		{"/..%5c..%5cetc", 404, "no page"},
		{"//evil.example/", 404, "no page"},
		{"/%5cevil.example/", 404, "no page"},
	}
	for _, tt := range tests {
		t.Run(tt.target, func(t *testing.T) {
			resp := ask(t, h, "GET", "http://localhost"+tt.target)
			body := read(t, resp)
			if resp.StatusCode != tt.status || !strings.Contains(body, tt.says) {
				t.Errorf("GET %s = %d, want %d with %q in:\n%s", tt.target, resp.StatusCode, tt.status, tt.says, body)
			}
			checkHeaders(t, resp)
			checkPage(t, body)
		})
	}
}

func TestOnlyReading(t *testing.T) {
	h := handler(t, sample())
	for _, target := range append(pages(), "/nothing", "/articles/1/compare?a=1&b=2") {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"} {
			resp := ask(t, h, method, target)
			if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s = %d, Allow %q, want 405 and \"GET, HEAD\"", method, target, resp.StatusCode, resp.Header.Get("Allow"))
			}
		}
		full, head := ask(t, h, "GET", target), ask(t, h, "HEAD", target)
		if head.StatusCode != full.StatusCode || head.Header.Get("Content-Length") != full.Header.Get("Content-Length") || head.Header.Get("ETag") != full.Header.Get("ETag") {
			t.Errorf("HEAD %s = %d %v, want what GET says: %d %v", target, head.StatusCode, head.Header, full.StatusCode, full.Header)
		}
		if body := read(t, head); body != "" && head.StatusCode == http.StatusOK {
			t.Errorf("HEAD %s has a body of %d bytes", target, len(body))
		}
	}
}

func TestHost(t *testing.T) {
	h := handler(t, sample())
	tests := []struct {
		host string
		want int
	}{
		{"localhost:8080", 200}, {"LOCALHOST", 200}, {"demo.localhost:1", 200}, {"127.0.0.1:8080", 200}, {"127.9.9.9", 200},
		{"[::1]:8080", 200}, {"::1", 200}, {"report.example", 200}, {"report.example.:443", 200},
		{"evil.example", 403}, {"evil.example:8080", 403}, {"localhost.evil.example", 403}, {"report.example.evil.example", 403},
		{"192.0.2.7:8080", 403}, {"", 403}, {"<script>", 403}, {"127.0.0.1.evil.example", 403},
	}
	for _, tt := range tests {
		t.Run(tt.host, func(t *testing.T) {
			resp := ask(t, h, "GET", "/", "Host", tt.host)
			if resp.StatusCode != tt.want {
				t.Errorf("Host %q = %d, want %d", tt.host, resp.StatusCode, tt.want)
			}
			if resp.StatusCode == 403 && strings.Contains(read(t, resp), "Divided council") {
				t.Errorf("Host %q was shown the changes", tt.host)
			}
		})
	}
}

// TestHostIsTheAddressListenedOn asks as a neighbour does over the local network.
func TestHostIsTheAddressListenedOn(t *testing.T) {
	h := handler(t, sample())
	for host, want := range map[string]int{"192.0.2.7:8080": 200, "[2001:db8::7]:8080": 403, "192.0.2.8:8080": 403, "evil.example": 403} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		local := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 8080}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local)))
		if w.Code != want {
			t.Errorf("Host %q at 192.0.2.7 = %d, want %d", host, w.Code, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	h := handler(t, sample())
	for target, want := range map[string]string{
		"/articles/1/compare?a=1&b=3":                "/articles/1/changes/1..3",
		"/articles/1/compare?a=3&b=1":                "/articles/1/changes/1..3",
		"/articles/1/compare?a=2&b=2":                "/articles/1/versions/2",
		"/articles/1/changes/4..2?view=side-by-side": "/articles/1/changes/2..4?view=side-by-side",
		"/articles/1/changes/2..2":                   "/articles/1/versions/2",
		"/articles/":                                 "/articles",
		"/articles/1/?x=1":                           "/articles/1?x=1",
	} {
		resp := ask(t, h, "GET", target)
		if resp.StatusCode/100 != 3 || resp.Header.Get("Location") != want {
			t.Errorf("GET %s = %d to %q, want a redirect to %q", target, resp.StatusCode, resp.Header.Get("Location"), want)
		}
	}
}

func TestTroubleIsNotTold(t *testing.T) {
	src := sample()
	src.broken = errors.New("disk I/O error in /home/ida/secret.db")
	h := handler(t, src)
	for target, want := range map[string]int{"/": 500, "/articles": 500, "/search?q=bridge": 500, "/?q=bridge": 500, "/articles/1": 500, "/articles/1/blame": 500, "/articles/1/versions/1": 500, "/articles/1/versions/1/source": 500, "/articles/1/changes/1..2": 500, "/healthz": 503} {
		status, body := get(t, h, target)
		if status != want || strings.Contains(body, "secret") {
			t.Errorf("GET %s = %d, want %d and no word of the cause in:\n%s", target, status, want, body)
		}
	}
}

// A panicking source panics.
type panicking struct{ *fake }

func (panicking) ArticlesByChange(context.Context, tracker.ArticleFilter, tracker.ArticleMark, int) ([]tracker.Article, error) {
	panic("no such luck")
}

func TestPanicIsAPage(t *testing.T) {
	status, body := get(t, handler(t, panicking{sample()}), "/articles")
	if status != 500 || !strings.Contains(body, "could not be made") || strings.Contains(body, "luck") {
		t.Errorf("GET /articles over a panicking source = %d:\n%s", status, body)
	}
}

func TestNewcomer(t *testing.T) {
	h := handler(t, newFake())
	status, body := get(t, h, "/")
	for _, want := range []string{"Nothing is tracked yet", "storydiff add https://", "storydiff run", "storydiff demo"} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("GET / of an empty database = %d, lacks %q", status, want)
		}
	}
	if status, body = get(t, h, "/articles"); status != 200 || !strings.Contains(body, "Nothing is tracked yet") {
		t.Errorf("GET /articles of an empty database = %d:\n%s", status, body)
	}
	src := newFake()
	src.add("https://news.example/a", "news.example")
	if _, body = get(t, handler(t, src), "/"); !strings.Contains(body, "Nothing has changed yet") || !strings.Contains(body, "10:35 UTC, 4 March 2026") {
		t.Errorf("GET / of a database without changes does not say when the next look is due:\n%s", body)
	}
}

func TestEntrySaysItAll(t *testing.T) {
	_, body := get(t, handler(t, sample()), "/?outlet=harnherald.example")
	for _, want := range []string{
		`href="/?outlet=harnherald.example"`,
		`href="/articles/1/changes/2..3">Divided council approves costly bridge</a>`,
		`<p class="was" dir="ltr"><bdi dir="ltr">Headline before:</bdi> <del lang="en">Council approves new bridge</del></p>`,
		`<p class="excerpt" dir="ltr" lang="en">The bridge will cost <del>12</del>`,
		`between <time datetime="2026-03-01T10:05:00Z">10:05</time> and <time datetime="2026-03-01T10:20:00Z">10:20 UTC, 1 March 2026</time>`,
		`between <time datetime="2026-03-01T23:50:00Z">23:50 UTC, 1 March</time> and <time datetime="2026-03-02T09:15:00Z">09:15 UTC, 2 March 2026</time>`,
		`<b>62</b> <span>major</span>`,
		`An amount changed by a sixth: 12 million became 14 million.`,
		`1 word added, 1 removed`,
		`<li class="silent">silent</li>`,
		`<li>number</li>`,
		`Back to the text of <a href="/articles/1/versions/3">version 3</a>`,
		`4 changes in 1 article, by harnherald.example: 3 major, 1 notable; 2 silent, 1 stamped, 1 noted.`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the recent changes lack %s", want)
		}
	}
	if strings.Contains(body, "kanal.example") {
		t.Error("the changes of one outlet hold another's")
	}
	newer, older := strings.Index(body, "/changes/4..5"), strings.Index(body, "/changes/1..2")
	if newer < 0 || older < newer {
		t.Errorf("change 4..5 stands at %d and 1..2 at %d, want the newest first", newer, older)
	}
}

func TestIntervalsTellLooksApart(t *testing.T) {
	src := newFake()
	id := src.add("https://fast.example/", "fast.example")
	at := time.Date(2026, 1, 1, 0, 0, 20, 0, time.UTC)
	for i, after := range []time.Time{at, at.Add(-15 * time.Second), at.Add(-time.Hour), {}} {
		src.see(id, at.Add(time.Duration(i)), story(fmt.Sprint("Take ", i), "Text."))
		if i > 0 {
			src.changed(id, tracker.Change{SeenAfter: after, Significance: 1})
			src.changes[len(src.changes)-1].SeenBy = at
		}
	}
	src.changes[2].SeenAfter = time.Time{}
	src.see(id, at.Add(time.Minute), story("Take 5", "Text."))
	src.changed(id, tracker.Change{SeenAfter: at.Add(time.Minute), Significance: 1})
	src.changes[len(src.changes)-1].SeenBy = at.Add(time.Minute + 300*time.Millisecond)
	_, body := get(t, handler(t, src), "/")
	for _, want := range []string{
		`between <time datetime="2026-01-01T00:00:05Z">00:00:05</time> and <time datetime="2026-01-01T00:00:20Z">00:00:20 UTC, 1 January 2026</time>`,
		`between <time datetime="2025-12-31T23:00:20Z">23:00 UTC, 31 December 2025</time> and <time datetime="2026-01-01T00:00:20Z">00:00 UTC, 1 January 2026</time>`,
		`by <time datetime="2026-01-01T00:00:20Z">00:00 UTC, 1 January 2026</time>`,
		`at <time datetime="2026-01-01T00:01:20Z">00:01 UTC, 1 January 2026</time>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the recent changes lack %s", want)
		}
	}
}

func TestArticleTellsItsLife(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, "/articles/1")
	for _, want := range []string{
		`rel="noreferrer nofollow"`, `action="/articles/1/compare"`,
		`<input type="radio" name="a" value="4" checked>`, `<input type="radio" name="b" value="5" checked>`,
		`Could not be seen (consent wall)`, `href="/articles/1/changes/3..4"`, `Council approves new bridge</span>`,
		`answered 503 Service Unavailable.`, `<code>http-503</code>`, `All 35 looks`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("GET /articles/1 lacks %s", want)
		}
	}
	if strings.Contains(body, `name="a" value="5"`) || strings.Contains(body, `name="b" value="1"`) {
		t.Error("the newest version can be compared from, or the first to")
	}
	if _, body = get(t, h, "/articles/2"); !strings.Contains(body, "Taken away (HTTP 410)") || !strings.Contains(body, "still so at the last look") {
		t.Errorf("GET /articles/2 does not say that it is gone:\n%s", body)
	}
	if _, body = get(t, h, "/articles/8"); strings.Contains(body, "<form") || !strings.Contains(body, "No look has shown an article") {
		t.Errorf("GET /articles/8, without a version:\n%s", body)
	}
}

func TestVersionShowsTheTextAsItStood(t *testing.T) {
	_, body := get(t, handler(t, sample()), "/articles/1/versions/4")
	for _, want := range []string{
		"a copy of the text as it stood", "The original:", "By Jonas Reet and Ida Moor",
		`<li dir="ltr">Works begin in May.</li><li dir="ltr">The old bridge stays open to cyclists.</li>`, `<td dir="ltr">4 million</td>`, `<h2 dir="ltr">‘A good day’</h2>`,
		`<aside class="publisher"`, `class="copytext" dir="ltr" lang="en"`, "SHA-256 as sent", "text/html; charset=utf-8",
		`href="/articles/1/changes/3..4"`, `href="/articles/1/versions/3"`, `href="/articles/1/versions/5"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("GET /articles/1/versions/4 lacks %s", want)
		}
	}
	if strings.Contains(body, "<!doctype html><title>") || strings.Contains(body, "&lt;!doctype") {
		t.Error("the page shows the HTML that was captured")
	}
	src := sample()
	clear(src.captures)
	if status, body := get(t, handler(t, src), "/articles/1/versions/4"); status != 200 || !strings.Contains(body, "no longer kept") {
		t.Errorf("a version whose capture is gone = %d:\n%s", status, body)
	}
}

// Where links lead is shown as text, on the page of a version and of a change.
func TestLinksAreShownAsText(t *testing.T) {
	f := newFake()
	id := f.add("https://www.harnherald.example/records", "harnherald.example")
	s := story("Records burnt", "The harbour records were burnt with the town hall.", "Nobody was hurt.")
	for hour, address := range []string{"https://a.example/x", "https://b.example/y?<b>"} {
		s.Blocks = slices.Clone(s.Blocks)
		s.Blocks[0].Links = []extract.Link{{Text: "harbour records", URL: address}}
		f.see(id, clock(0, 8+hour, 0), s)
	}
	for path, wants := range map[string][]string{
		"/articles/1/versions/2": {`<h2 id="links">Where its links led</h2>`, `<li dir="auto">harbour records &lt;https://b.example/y?&lt;b&gt;&gt;</li>`},
		"/articles/1/changes/1..2": {`class="block field link changed"`, `harbour records &lt;<del>https://a.example/x</del><ins>https://b.example/y?&lt;b&gt;</ins>&gt;`,
			"its links changed", "The link on “harbour records” in the first paragraph now leads to"},
		"/articles/1/changes/1..2?view=side-by-side": {`harbour records &lt;<del>https://a.example/x</del>&gt;`, `harbour records &lt;<ins>https://b.example/y?&lt;b&gt;</ins>&gt;`},
	} {
		_, body := get(t, handler(t, f), path)
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("GET %s lacks %s:\n%s", path, want, body)
			}
		}
		if strings.Contains(body, `href="https://a.example`) || strings.Contains(body, `href="https://b.example`) {
			t.Errorf("GET %s leads to what the page linked to", path)
		}
	}
}

func TestChangeShowsWhatIsKept(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, "/articles/1/changes/2..3?view=side-by-side")
	for _, want := range []string{
		"<b>&#43;45</b>", "Words of a person in quotation marks were changed.",
		"Modified 2026-03-01T07:40:00Z became 2026-03-01T14:22:00Z.", "Why it counts 75 of 100",
		`href="/articles/1/changes/2..3?view=side-by-side" aria-current="page"`,
		`href="/articles/1/changes/2..3?context=all&amp;view=side-by-side"`,
		`href="/articles/1/changes/1..2?view=side-by-side"`, `href="/articles/1/changes/3..4?view=side-by-side"`,
		"Council approves new bridge", "SHA-256 of the response",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("GET /articles/1/changes/2..3 lacks %s", want)
		}
	}
	_, body = get(t, h, "/articles/1/changes/1..4")
	for _, want := range []string{"The changes on the way", `href="/articles/1/changes/2..3"`,
		`to <a href="/articles/1/versions/4">version 4</a>, between <time datetime="2026-03-01T10:05:00Z">10:05 UTC, 1 March</time> and <time datetime="2026-03-02T09:15:00Z">`} {
		if !strings.Contains(body, want) {
			t.Errorf("GET /articles/1/changes/1..4 lacks %s", want)
		}
	}
	if _, body = get(t, h, "/articles/1/changes/3..5"); !strings.Contains(body, "The two versions say the same.") {
		t.Errorf("a return to an earlier text is not called the same:\n%s", body)
	}
}

// The sum of capped points stands in the column of the points.
func TestCappedSumIsInTheColumn(t *testing.T) {
	src := sample()
	for i := range src.changes {
		src.changes[i].Significance, src.changes[i].Reasons = 100, []revision.Reason{{Points: 80, Text: "One."}, {Points: 40, Text: "Two."}}
	}
	want := "<li><b>120</b> <span>in all; 100 is the most.</span></li>"
	if _, body := get(t, handler(t, src), "/articles/1/changes/1..2"); !strings.Contains(body, want) {
		t.Errorf("the page lacks %s:\n%s", want, body)
	}
}

func TestChangeOwnsUpToTwoExtractors(t *testing.T) {
	src := sample()
	src.versions[1][0].Extractor = 0
	delete(src.captures, src.versions[1][0].CaptureID) // it cannot be read by the other
	want := fmt.Sprintf("read by different extractors (0 and %d)", extract.Revision)
	if _, body := get(t, handler(t, src), "/articles/1/changes/1..2"); !strings.Contains(body, want) {
		t.Errorf("no word of the two extractors in:\n%s", body)
	}
}

// Two texts are compared as one extractor reads both.
func TestChangeIsReadByOneExtractor(t *testing.T) {
	src := sample()
	v := &src.versions[1][0]
	v.Extractor, v.Story.Blocks[0].Text = 0, "What an earlier extractor took for text."
	src.captures[v.CaptureID] = tracker.Capture{ID: v.CaptureID, Page: fetch.Page{Header: map[string][]string{"Content-Type": {"text/html"}},
		Body: []byte(`<title>Ferry</title><article><h1>Ferry returns</h1><p>What the page says in truth, and it says so in a sentence of some length.</p></article>`)}}
	_, body := get(t, handler(t, src), "/articles/1/changes/1..2")
	if strings.Contains(body, "an earlier extractor took") || !strings.Contains(body, "in a sentence of some length") || strings.Contains(body, "different extractors") {
		t.Errorf("not compared as one extractor reads both:\n%s", body)
	}
}
