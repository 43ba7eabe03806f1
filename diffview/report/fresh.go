package report

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

// freshLimit is how many bytes of pages are kept at most.
const freshLimit = 32 << 20

// freshPages keeps pages for as long as nothing was written to the source, so that
// a page that many ask for is made once for all of them.
//
// None is ever stale: a page is kept under the generation of the source that was
// asked for before it was made, and is given only to those for whom the source
// still is of that generation; and since some pages tell how long ago something
// was, only within one second.
type freshPages struct {
	mu    sync.Mutex
	at    instant
	pages map[pageKey]*freshPage
	bytes int
}

// An instant is what pages were made of and when.
type instant struct{ generation, second int64 }

// before reports whether what holds at b may be shown to one who asked at a.
func (a instant) before(b instant) bool {
	return a.generation <= b.generation && a.second <= b.second
}

// A pageKey is all of a request that its page may depend on.
type pageKey struct {
	host, address, accept string
	zipped                bool
	writes                bool // the visitor may change things, and is shown how
}

// A freshPage is a page that is being made, or was.
type freshPage struct {
	done   chan struct{} // closed once it was made
	answer *answer       // nil: it cannot be given to others
}

// An answer is a response that was kept in place of being sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// Header, WriteHeader and Write implement http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(p []byte) (int, error) {
	a.body = append(a.body, p...)
	return len(p), nil
}

// fresh turns f into a handler that makes a page once for all who ask for it while
// nothing is written. What f answers may depend on the source, the clock and what
// is in a pageKey, and on nothing else: visitors who tell who they are get a page of
// their own.
func (s *site) fresh(f func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" {
			return f(w, r)
		}
		generation, err := s.src.Generation(r.Context())
		if err != nil {
			return f(w, r) // which will find out what is wrong
		}
		key := pageKey{r.Host, r.URL.RequestURI(), r.Header.Get("Accept"), acceptsGzip(r.Header.Values("Accept-Encoding")), s.gate.mayWrite(r)}
		page, mine := s.pages.take(instant{generation, s.now().Unix()}, key)
		if mine {
			return s.pages.make(page, key, f, w, r)
		}
		select {
		case <-page.done:
		case <-r.Context().Done():
			return r.Context().Err()
		}
		if page.answer == nil {
			return f(w, r)
		}
		page.answer.send(w, r)
		return nil
	}
}

// take returns a page; mine is true where the caller is to make it.
func (p *freshPages) take(at instant, key pageKey) (page *freshPage, mine bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages == nil || !at.before(p.at) {
		p.at, p.pages, p.bytes = at, map[pageKey]*freshPage{}, 0
	}
	if page := p.pages[key]; page != nil {
		return page, false
	}
	page = &freshPage{done: make(chan struct{})}
	if p.bytes < freshLimit {
		p.pages[key] = page
	}
	return page, true
}

// make makes a page, sends it to the one who makes it, and lets the others have it
// if it is one for all.
func (p *freshPages) make(page *freshPage, key pageKey, f func(http.ResponseWriter, *http.Request) error, w http.ResponseWriter, r *http.Request) error {
	made := &answer{status: http.StatusOK, header: http.Header{}}
	defer p.settle(page, key, made)
	// Others wait for it: it is made whole, and to the end.
	whole := r.Clone(context.WithoutCancel(r.Context()))
	whole.Method = http.MethodGet
	whole.Header.Del("If-None-Match")
	if err := f(made, whole); err != nil {
		made.status = 0
		return err
	}
	made.send(w, r)
	return nil
}

// settle ends the making of a page.
func (p *freshPages) settle(page *freshPage, key pageKey, made *answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if made.status == http.StatusOK && made.body != nil && made.header.Get("Set-Cookie") == "" {
		page.answer = made
	}
	if p.pages[key] == page {
		p.bytes += len(made.body)
		if page.answer == nil || p.bytes > freshLimit {
			delete(p.pages, key)
			p.bytes -= len(made.body)
		}
	}
	close(page.done)
}

// send sends what was kept, as [send] would have done for the request.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values[:len(values):len(values)]
	}
	tag := strings.TrimPrefix(h.Get("ETag"), "W/")
	if a.status == http.StatusOK && tag != "" && holds(r.Header.Values("If-None-Match"), tag) {
		for _, name := range []string{"Content-Type", "Content-Encoding", "Content-Length"} {
			h.Del(name)
		}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body) // an error means that the visitor has gone
	}
}
