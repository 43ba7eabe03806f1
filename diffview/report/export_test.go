package report

import (
	"fmt"
	"net/http"
	"net/netip"
	"time"
)

// A Route is an address and whom it answers, for tests.
type Route struct {
	Method, Path string
	Who          string // "nobody", "anyone", "reader", "writer" or "operator"
}

// Routes returns the table of all addresses.
func Routes(src Source, opts Options) []Route {
	var list []Route
	for _, r := range newSite(src, opts).table() {
		var method, path string
		fmt.Sscan(r.pattern, &method, &path)
		list = append(list, Route{method, path, [...]string{nobody: "nobody", anyone: "anyone", reader: "reader", writer: "writer", operator: "operator"}[r.who]})
	}
	return list
}

// WithForgotten is New with one more address, of which nobody said whom it answers.
func WithForgotten(src Source, opts Options, pattern string, serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	s := newSite(src, opts)
	return s.guard(newHosts(opts.Hosts), s.routes(append(s.table(), route{pattern: pattern, serve: serve})))
}

// RememberedTries returns how many addresses are remembered after as many tries
// as there are, each from another one, so far apart.
func RememberedTries(from []netip.Prefix, apart time.Duration) int {
	var t tries
	now := time.Unix(0, 0)
	for _, address := range from {
		t.take(address, now)
		now = now.Add(apart)
	}
	return len(t.from)
}

// APIPaths returns the address of every route of the API, with its parameters in
// braces.
func APIPaths() []string {
	var paths []string
	for _, a := range new(site).apiRoutes() {
		paths = append(paths, a.path)
	}
	return paths
}

// An LRU is an lru of numbers.
type LRU struct{ c lru[string, int] }

func NewLRU(limit int) *LRU { return &LRU{lru[string, int]{limit: limit}} }

func (l *LRU) Get(key string) (int, bool) { return l.c.get(key) }

func (l *LRU) Put(key string, value, size int) { l.c.put(key, value, size) }

// Holds returns how many values are kept, and of how many bytes.
func (l *LRU) Holds() (n, bytes int) { return len(l.c.items), l.c.bytes }
