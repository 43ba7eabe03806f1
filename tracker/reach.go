package tracker

import (
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
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
	watching atomic.Bool // by Run: what is lost and found again is told; a single look tells of itself

	mu   sync.Mutex
	lost map[string]lostHost // by host and port
}

type lostHost struct {
	since      time.Time
	unresolved bool // nobody could be asked for its address
}

// lose notes that the host of r's article gave no answer, and warns of it once
// for as long as that lasts. Where its name could not be looked up, the next look
// is soon.
func (w *Watcher) lose(ctx context.Context, r *Record, failure *fetch.Error) {
	if failure.Reason != "dns" && failure.Reason != "network" {
		return
	}
	host := r.Article.asks()
	dns, _ := errors.AsType[*net.DNSError](failure)
	now := lostHost{time.Now(), dns != nil && !dns.IsNotFound}
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
	if !known && w.reach.watching.Load() {
		w.Log.WarnContext(ctx, "host unreachable", "host", host, "reason", failure.Reason, "detail", failure.Detail)
	}
	if now.unresolved {
		again := unresolvedSoon
		if time.Since(now.since) > unresolvedLong {
			again = unresolvedLater
		}
		r.notAfter = time.Now().Add(again)
	}
}

// regain notes that the host of an article answered.
func (w *Watcher) regain(ctx context.Context, a Article) {
	host := a.asks()
	w.reach.mu.Lock()
	before, known := w.reach.lost[host]
	delete(w.reach.lost, host)
	w.reach.mu.Unlock()
	if known && w.reach.watching.Load() {
		w.Log.InfoContext(ctx, "host reachable again", "host", host, "after", time.Since(before.since).Round(time.Second))
	}
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
