package tracker

import (
	"errors"
	"net"
	"net/url"
	"sync"
	"time"

	"storydiff/tracker/fetch"
)

// Where names cannot be looked up at all, it is no fault of the articles, and
// trying costs their publishers nothing: one article of the host is tried at
// every tick of a minute, so that all are looked at within a tick once names can
// be looked up again; after two hours, every ten minutes.
const (
	unresolvedSoon  = 30 * time.Second
	unresolvedLong  = 2 * time.Hour
	unresolvedLater = 10 * time.Minute
)

// A reach is the hosts that gave no answer when they were last asked. Its zero
// value is ready.
type reach struct {
	mu   sync.Mutex
	lost map[string]lostHost // by host and port
}

type lostHost struct {
	since      time.Time
	unresolved bool // nobody could be asked for its address
}

// lose notes that the host of r's article gave no answer. Where its name could not
// be looked up, the next look is soon.
func (w *Watcher) lose(r *Record, failure *fetch.Error) {
	if failure.Reason != "dns" && failure.Reason != "network" {
		return
	}
	host := r.Article.asks()
	dns, _ := errors.AsType[*net.DNSError](failure)
	now := lostHost{w.now(), dns != nil && !dns.IsNotFound}
	w.reach.mu.Lock()
	before, known := w.reach.lost[host]
	if known {
		now.since = before.since
	}
	if w.reach.lost == nil {
		w.reach.lost = map[string]lostHost{}
	}
	w.reach.lost[host] = now
	w.reach.mu.Unlock()
	if now.unresolved {
		again := unresolvedSoon
		if w.now().Sub(now.since) > unresolvedLong {
			again = unresolvedLater
		}
		r.notAfter = w.now().Add(again)
	}
}

// regain notes that the host of an article answered.
func (w *Watcher) regain(a Article) {
	w.reach.mu.Lock()
	defer w.reach.mu.Unlock()
	delete(w.reach.lost, a.asks())
}

// unresolved reports whether the name of an article's host could not be looked up
// when it was last tried.
func (w *Watcher) unresolved(a Article) bool {
	w.reach.mu.Lock()
	defer w.reach.mu.Unlock()
	return w.reach.lost[a.asks()].unresolved
}

// asks returns the host that an article is asked of, with its port.
func (a *Article) asks() string {
	u, err := url.Parse(a.address())
	if err != nil {
		return a.Host
	}
	return u.Host
}
