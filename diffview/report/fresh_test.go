package report_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/diffview/report"
	"storydiff/tracker"
)

// A calm source is of one generation until something is written to it.
type calm struct {
	*fake
	now    atomic.Int64 // the generation
	made   atomic.Int64 // how many pages asked for changes
	holds  atomic.Int64 // how many more that ask for changes wait, having read them
	inside chan struct{}
	goOn   chan struct{}
}

func newCalm() *calm {
	return &calm{fake: sample(), inside: make(chan struct{}), goOn: make(chan struct{})}
}

func (c *calm) Generation(context.Context) (int64, error) { return c.now.Load(), nil }

func (c *calm) Changes(ctx context.Context, f tracker.ChangeFilter) ([]tracker.Change, error) {
	c.made.Add(1)
	list, err := c.fake.Changes(ctx, f)
	if c.holds.Add(-1) >= 0 {
		c.inside <- struct{}{}
		<-c.goOn
	}
	return list, err
}

// write puts another headline on the newest change, and returns it.
func (c *calm) write(headline string) string {
	c.changes[len(c.changes)-1].NewHeadline = headline
	c.now.Add(1)
	return headline
}

func TestPagesAreMadeOnce(t *testing.T) {
	src := newCalm()
	h := handler(t, src)
	_, want := get(t, h, "/")
	once := src.made.Load()
	var visitors sync.WaitGroup
	for range 50 {
		visitors.Go(func() {
			if status, body := get(t, h, "/"); status != 200 || body != want {
				t.Errorf("a further visitor gets %d and %d bytes, want the %d of the first", status, len(body), len(want))
			}
		})
	}
	visitors.Wait()
	if n := src.made.Load(); once == 0 || n != once {
		t.Errorf("fifty further visitors had the page made %d more times", n-once)
	}
	get(t, h, "/?kind=number")
	if n := src.made.Load(); n == once {
		t.Error("another address is answered by the page of the first")
	}
}

// After a write no visitor sees what was before, nor does time stand still.
func TestNoPageIsStale(t *testing.T) {
	src, now := newCalm(), clock(3, 12, 0)
	h := handlerAt(t, src, func() time.Time { return now })
	for _, path := range []string{"/", "/feed.atom", api + "/changes"} {
		get(t, h, path)
		headline := src.write("Headline for " + path)
		if _, body := get(t, h, path); !strings.Contains(body, headline) {
			t.Errorf("GET %s after a write lacks %q", path, headline)
		}
	}
	_, before := get(t, h, "/articles/1")
	now = now.Add(time.Hour)
	if _, after := get(t, h, "/articles/1"); after == before {
		t.Error("an hour later the article is looked at as soon as before")
	}
}

// A page that was being made while something was written is given to those who
// asked before, and to nobody who asks after.
func TestWriteWhileAPageIsMade(t *testing.T) {
	const path = api + "/changes"
	src := newCalm()
	h := handler(t, src)
	ask := func() <-chan string {
		src.holds.Store(1)
		page := make(chan string, 1)
		go func() {
			_, body := get(t, h, path)
			page <- body
		}()
		<-src.inside // it has read, so it waits for no other page
		return page
	}
	first := ask()
	headline := src.write("Written meanwhile")
	second := ask()
	close(src.goOn)
	if body := <-first; strings.Contains(body, headline) {
		t.Error("the first page has what was written after it was read: the test tests nothing")
	}
	if body := <-second; !strings.Contains(body, headline) {
		t.Error("who asked after the write got the page from before it")
	}
	if _, body := get(t, h, path); !strings.Contains(body, headline) {
		t.Error("the page from before the write was kept")
	}
}

// A page with what may be done is for those who may do it, in whichever order they
// come.
func TestPagesAreNotSharedBetweenVisitors(t *testing.T) {
	const button = `action="/articles/1/pause"`
	proxied := []string{"X-Forwarded-For", "203.0.113.7"}
	for _, order := range []string{"wr", "rw", "wrwr", "rwrw"} {
		h := report.New(newCalm(), staff(&clerk{}, report.Doors{Open: true}))
		for i, who := range order {
			header := proxied
			if who == 'w' {
				header = nil
			}
			body := read(t, send(t, h, "GET", "/articles/1", "", header...))
			if got, want := strings.Contains(body, button), who == 'w'; got != want {
				t.Errorf("%s, visit %d: the button shows: %t, want %t", order, i+1, got, want)
			}
		}
	}
	h := report.New(newCalm(), staff(&clerk{}, report.Doors{Password: password}))
	mine := session(t, h)
	for i, visit := range []struct {
		header []string
		want   bool
	}{{nil, false}, {[]string{"Cookie", mine}, true}, {nil, false}, {[]string{"Authorization", "Bearer " + password}, true}, {nil, false}} {
		body := read(t, send(t, h, "GET", "/articles/1", "", visit.header...))
		if got := strings.Contains(body, button); got != visit.want {
			t.Errorf("with a password, visit %d: the button shows: %t, want %t", i+1, got, visit.want)
		}
	}
	open := newCalm()
	_, ours := get(t, handler(t, open), api+"/changes")
	theirs := read(t, ask(t, handler(t, open), "GET", api+"/changes", "Accept", "application/x-ndjson"))
	if theirs == ours || !strings.HasPrefix(theirs, `{"type":"change"`) {
		t.Errorf("a list of lines is %.80s", theirs)
	}
}

// A page that was kept is answered as one that is made: to HEAD, to who has it
// already, and to who takes it zipped, whoever came first.
func TestKeptPagesAnswerAsMadeOnes(t *testing.T) {
	for _, path := range []string{"/", "/articles/1", "/feed.json", api + "/articles"} {
		fresh := ask(t, handler(t, newCalm()), "GET", path)
		tag, body := fresh.Header.Get("ETag"), read(t, fresh)
		for _, first := range [][]string{{"GET"}, {"HEAD"}, {"GET", "If-None-Match", tag}, {"GET", "Accept-Encoding", "gzip"}} {
			h := handler(t, newCalm())
			read(t, ask(t, h, first[0], path, first[1:]...))
			full := ask(t, h, "GET", path)
			if got := read(t, full); got != body || full.StatusCode != 200 {
				t.Errorf("GET %s after %v = %d, %d bytes, want the %d of the first", path, first, full.StatusCode, len(got), len(body))
			}
			head := ask(t, h, "HEAD", path)
			if got := read(t, head); got != "" || head.StatusCode != 200 || head.Header.Get("ETag") != tag || head.Header.Get("Content-Type") != full.Header.Get("Content-Type") {
				t.Errorf("HEAD %s after %v = %d %v, %d bytes", path, first, head.StatusCode, head.Header, len(got))
			}
			same := ask(t, h, "GET", path, "If-None-Match", tag)
			if got := read(t, same); got != "" || same.StatusCode != 304 || same.Header.Get("ETag") != tag || same.Header.Get("Content-Type") != "" || same.Header.Get("Content-Length") != "" {
				t.Errorf("GET %s again after %v = %d %v, %d bytes, want 304 and nothing", path, first, same.StatusCode, same.Header, len(got))
			}
			zipped := ask(t, h, "GET", path, "Accept-Encoding", "gzip")
			if got := unzipped(t, zipped); got != body || zipped.Header.Get("Content-Encoding") != "gzip" {
				t.Errorf("GET %s zipped after %v = %v, %d bytes", path, first, zipped.Header, len(got))
			}
		}
	}
}

func unzipped(t *testing.T, resp *http.Response) string {
	t.Helper()
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Trouble that passes is not kept, and neither is a page that is not there yet.
func TestTroubleIsNotKept(t *testing.T) {
	src := newCalm()
	h := handler(t, src)
	src.broken = errors.New("the disk is away")
	if status, _ := get(t, h, "/"); status != 500 {
		t.Fatalf("over a broken source: %d", status)
	}
	src.broken = nil
	if status, _ := get(t, h, "/"); status != 200 {
		t.Errorf("when the source is back: %d, want 200", status)
	}
	if status, _ := get(t, h, "/articles/99"); status != 404 {
		t.Errorf("no article = %d, want 404", status)
	}
}
