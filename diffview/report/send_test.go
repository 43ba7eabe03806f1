package report_test

import (
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"storydiff/diffview/report"
	"storydiff/tracker"
)

func TestGzip(t *testing.T) {
	h := handler(t, sample())
	_, plain := get(t, h, "/")
	tests := []struct {
		accept string
		want   string
	}{
		{"gzip", "gzip"}, {"br, gzip;q=0.5", "gzip"}, {"deflate,GZIP", "gzip"},
		{"", ""}, {"br", ""}, {"gzip;q=0", ""}, {"gzip; q=0.0", ""}, {"x-gzip-not", ""},
	}
	for _, tt := range tests {
		resp := ask(t, h, "GET", "/", "Accept-Encoding", tt.accept)
		if got := resp.Header.Get("Content-Encoding"); got != tt.want || resp.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: coding %q and Vary %q, want %q", tt.accept, got, resp.Header.Get("Vary"), tt.want)
			continue
		}
		if tt.want == "" {
			continue
		}
		z, err := gzip.NewReader(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(z); err != nil || string(b) != plain {
			t.Errorf("Accept-Encoding %q: unpacked to %d bytes (%v), want the %d of the plain page", tt.accept, len(b), err, len(plain))
		}
	}
	if resp := ask(t, h, "GET", "/healthz", "Accept-Encoding", "gzip"); resp.Header.Get("Content-Encoding") != "" {
		t.Error("an answer of three bytes is compressed")
	}
}

func TestNotModified(t *testing.T) {
	src := sample()
	h := handler(t, src)
	first := ask(t, h, "GET", "/")
	tag := first.Header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) || first.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("GET / has ETag %q and Cache-Control %q", tag, first.Header.Get("Cache-Control"))
	}
	for _, list := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag, "*"} {
		resp := ask(t, h, "GET", "/", "If-None-Match", list, "Accept-Encoding", "gzip")
		if body := read(t, resp); resp.StatusCode != http.StatusNotModified || body != "" || resp.Header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s = %d with %d bytes, want 304", list, resp.StatusCode, len(body))
		}
	}
	if resp := ask(t, h, "GET", "/", "If-None-Match", `"other"`); resp.StatusCode != 200 {
		t.Errorf("a strange tag = %d, want 200", resp.StatusCode)
	}
	if resp := ask(t, h, "GET", "/articles/99", "If-None-Match", "*"); resp.StatusCode != 404 {
		t.Errorf("a page that is not there = %d, want 404", resp.StatusCode)
	}
	src.see(1, clock(3, 11, 0), story("News", "Text."))
	src.changed(1, tracker.Change{Significance: 3})
	if resp := ask(t, h, "GET", "/", "If-None-Match", tag); resp.StatusCode != 200 {
		t.Errorf("after a change = %d, want 200", resp.StatusCode)
	}
}

func TestStyleMayBeKept(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, "/")
	_, rest, _ := strings.Cut(body, `rel="stylesheet" href="`)
	address, _, _ := strings.Cut(rest, `"`)
	resp := ask(t, h, "GET", address)
	if resp.StatusCode != 200 || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") || resp.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("GET %s = %d %v", address, resp.StatusCode, resp.Header)
	}
	style := read(t, resp)
	for _, want := range []string{"prefers-color-scheme: dark", "@media print", ":focus-visible"} {
		if !strings.Contains(style, want) {
			t.Errorf("the style sheet lacks %q", want)
		}
	}
	for _, bad := range []string{"@import", "url("} {
		if strings.Contains(style, bad) {
			t.Errorf("the style sheet loads something: %q", bad)
		}
	}
	if resp := ask(t, h, "GET", "/style.css"); resp.Header.Get("Cache-Control") != "no-cache" {
		t.Error("/style.css, which names no content, may be kept")
	}
}

// serve runs Serve on loopback and returns its address and its end.
func serve(t *testing.T, ctx context.Context, h http.Handler) (address string, done <-chan error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	end := make(chan error, 1)
	go func() { end <- report.Serve(ctx, ln, h, slog.New(slog.DiscardHandler)) }()
	return ln.Addr().String(), end
}

func TestServeLetsOpenRequestsFinish(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	entered, leave := make(chan struct{}), make(chan struct{})
	address, done := serve(t, ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-leave
		if r.Context().Err() != nil {
			t.Error("the open request was cancelled")
		}
		io.WriteString(w, "whole")
	}))
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + address + "/")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answer <- string(b)
	}()
	<-entered
	stop()
	for { // until the listener is closed, the end has not begun
		conn, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		conn.Close()
	}
	close(leave)
	if got := <-answer; got != "whole" {
		t.Errorf("the request that was open = %q, want \"whole\"", got)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}

func TestServeAnswersToTheAddressItListensOn(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	address, done := serve(t, ctx, handler(t, sample()))
	resp, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, resp); resp.StatusCode != 200 || got != "ok\n" {
		t.Errorf("GET /healthz = %d %q", resp.StatusCode, got)
	}
	resp.Body.Close()
	stop()
	if err := <-done; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}

func TestServeSaysWhyItEnds(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := report.Serve(t.Context(), ln, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "serving the report on 127.0.0.1:") {
		t.Errorf("Serve on a closed listener = %v", err)
	}
}
