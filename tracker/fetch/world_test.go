package fetch_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/tracker/fetch"
)

// serve answers on loopback until the test ends. Requests for robots.txt are
// answered 404 before they reach h.
func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(withoutRobots(h))
	s.Config.ErrorLog = quiet()
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// quiet drops what a test server says of its visitors.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func withoutRobots(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}
}

// local returns a client for servers on loopback, without any gap.
func local(t testing.TB, change func(*fetch.Options)) *fetch.Client {
	opts := fetch.Options{AllowPrivate: true, HostDelay: -1}
	if change != nil {
		change(&opts)
	}
	c := fetch.NewClient(opts)
	return c
}

// get fetches what must be there.
func get(t testing.TB, c *fetch.Client, url string) *fetch.Page {
	t.Helper()
	p, err := c.Get(t.Context(), fetch.Request{URL: url})
	if err != nil {
		t.Fatalf("Get(%s): %v", url, err)
	}
	return p
}

// refuse fetches what must end in an *Error with a reason.
func refuse(t testing.TB, c *fetch.Client, url, reason string) *fetch.Error {
	t.Helper()
	p, err := c.Get(t.Context(), fetch.Request{URL: url})
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok || e.Reason != reason {
		t.Fatalf("Get(%.100s) = %v, %v; want an *Error with the reason %s", url, p, err, reason)
	}
	if strings.ContainsAny(e.Detail, "\n\r") || len(e.Detail) > 1000 || e.Detail == "" {
		t.Errorf("Get(%.100s): detail %q; want one short line", url, e.Detail)
	}
	return e
}

// A web is a network within the process, for tests whose hours pass at once. All
// hosts are answered by one handler.
type web struct {
	handler http.HandlerFunc
	conns   chan net.Conn
	closed  chan struct{}

	mu  sync.Mutex
	log []visit
}

// A visit is a request that the web saw.
type visit struct {
	url string
	at  time.Duration // since the web began
}

// newWeb starts a web and returns it with a client. It must be called in a
// synctest bubble, and the web closed there.
func newWeb(t *testing.T, opts fetch.Options, h http.HandlerFunc) (*web, *fetch.Client) {
	w := &web{handler: h, conns: make(chan net.Conn), closed: make(chan struct{})}
	began := time.Now()
	server := &http.Server{
		ErrorLog: quiet(),
		Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.mu.Lock()
			w.log = append(w.log, visit{r.Host + r.URL.RequestURI(), time.Since(began)})
			w.mu.Unlock()
			h(rw, r)
		}),
	}
	c := fetch.NewClientAt(opts, fetch.Edge{Dial: w.dial})
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(w) })
	t.Cleanup(func() {
		server.Close()
		serving.Wait()
	})
	return w, c
}

func (w *web) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case w.conns <- theirs:
		return ours, nil
	case <-w.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *web) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *web) Close() error {
	close(w.closed)
	return nil
}

func (w *web) Addr() net.Addr { return &net.TCPAddr{} }

// visits returns the requests so far.
func (w *web) visits() []visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log
}

// nap lets time pass in a handler, until its client is gone.
func nap(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}
