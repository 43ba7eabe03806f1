package report_test

import (
	"net/http"
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// Captured HTML is text to a browser, whatever the newspaper's server called it,
// and is shut in should one take it for more (abuse case 30).
func TestSourceIsText(t *testing.T) {
	src := sample()
	c := src.captures[1]
	c.Body = []byte("<!doctype html><meta charset=windows-1252><script>alert(1)</script><p>Caf\xe9 au lait")
	c.Header = http.Header{"Content-Type": {"text/html"}}
	src.captures[1] = c
	resp := ask(t, handler(t, src), "GET", "/articles/1/versions/1/source")
	for name, want := range map[string]string{
		"Content-Type":                 "text/plain; charset=utf-8",
		"X-Content-Type-Options":       "nosniff",
		"Content-Security-Policy":      "sandbox; default-src 'none'; frame-ancestors 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Robots-Tag":                 "noindex",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if body := read(t, resp); resp.StatusCode != 200 || !strings.HasSuffix(body, "<script>alert(1)</script><p>Café au lait") {
		t.Errorf("GET = %d:\n%s", resp.StatusCode, body)
	}
	if _, body := get(t, handler(t, src), "/articles/1/versions/1"); !strings.Contains(body, `href="/articles/1/versions/1/source"`) {
		t.Error("the version's page does not lead there")
	}
}

func TestSourceOfGiantsIsCut(t *testing.T) {
	src := sample()
	c := src.captures[1]
	c.Body = []byte(strings.Repeat("x", extract.MaxBytes+5))
	src.captures[1] = c
	if _, body := get(t, handler(t, src), "/articles/1/versions/1/source"); len(body) > extract.MaxBytes+100 || !strings.Contains(body, "[storydiff: cut here, after 3\u202f145\u202f728 of 3\u202f145\u202f733 bytes]") {
		t.Errorf("a giant is served with %d bytes, ending in %q", len(body), body[max(0, len(body)-100):])
	}
}

func TestArchivedCopies(t *testing.T) {
	for address, want := range map[string]string{
		"https://news.harn/a?b=c":     `href="https://web.archive.org/web/*/https://news.harn/a?b=c" rel="noreferrer nofollow"`,
		"https://news.example/a":      "", // as an address that documents alone have
		"https://203.0.113.7/a":       "",
		"http://127.0.0.1:8080/story": "",
		"http://localhost/story":      "",
		"http://192.168.1.7/story":    "",
		"http://[::1]/story":          "",
		"http://printer.local/story":  "",
		"javascript:alert(1)":         "",
	} {
		src := newFake()
		src.add(address, "news.example")
		_, body := get(t, handler(t, src), "/articles/1")
		if want == "" && strings.Contains(body, "archive.") || want != "" && !strings.Contains(body, want) {
			t.Errorf("an article at %q: want the link %q in:\n%s", address, want, body)
		}
	}
	src := newFake()
	id := src.add("https://news.harn/a", "news.harn")
	src.see(id, clock(0, 8, 0), story("One", "Text."))
	if _, body := get(t, handler(t, src), "/articles/1/versions/1"); !strings.Contains(body, "https://web.archive.org/web/20260301080000/https://news.harn/a") {
		t.Errorf("the version's page does not lead to the copy nearest to it:\n%s", body)
	}
}

// The page says why the next look comes when it does.
func TestNextLookIsExplained(t *testing.T) {
	src := newFake()
	id := src.add("https://news.example/a", "news.example")
	src.see(id, clock(3, 8, 0), story("One", "Text."))
	src.articles[0].NextCheck = clock(3, 13, 0)
	for _, tt := range []struct {
		change func(*tracker.Article)
		want   string
	}{
		{func(*tracker.Article) {}, "published 3 days ago, no change seen"},
		{func(a *tracker.Article) { a.Cron = "*/5 * * * *" }, "its own times, */5 * * * *"},
		{func(a *tracker.Article) { a.Cron, a.Failures = "", 2 }, "failed at 2 looks in a row, backing off"},
		{func(a *tracker.Article) { a.NextCheck = clock(3, 11, 0) }, "nobody seems to be watching"},
	} {
		tt.change(&src.articles[0])
		if _, body := get(t, handler(t, src), "/articles/1"); !strings.Contains(body, tt.want) {
			t.Errorf("the page lacks %q:\n%s", tt.want, body)
		}
	}
}
