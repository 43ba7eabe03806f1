package report

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"storydiff/diffview"
)

// How often a wrong password may be tried. Ten a minute let a person mistype and
// would need longer than anybody lives to find a random word; the bound over all
// addresses holds against who has many.
const (
	triesSpan = time.Minute
	triesEach = 10   // from one address
	triesAll  = 100  // from all addresses
	triesFrom = 1024 // addresses that are told apart at a time
)

// tries counts wrong passwords. What it remembers is bounded.
type tries struct {
	mu   sync.Mutex
	all  spell
	from map[netip.Prefix]*spell
}

// A spell counts tries since it began.
type spell struct {
	began time.Time
	n     int
}

// left returns for how long no further try is let through; 0: one is.
func (s *spell) left(now time.Time, most int) time.Duration {
	if now.Sub(s.began) >= triesSpan || now.Before(s.began) {
		*s = spell{began: now}
	}
	if s.n < most {
		return 0
	}
	return s.began.Add(triesSpan).Sub(now)
}

// take counts a try before it is made, so that many at once are no way around
// the bound. It returns how long to wait where there have been too many, and
// counts nothing then.
func (t *tries) take(from netip.Prefix, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.of(from, now)
	if wait = max(t.all.left(now, triesAll), own.left(now, triesEach)); wait > 0 {
		return wait
	}
	t.all.n++
	own.n++
	return 0
}

// of returns the spell of an address. Where too many addresses are remembered,
// one more has none of its own, and the bound over all must do.
func (t *tries) of(from netip.Prefix, now time.Time) *spell {
	if own := t.from[from]; own != nil {
		return own
	}
	if t.from == nil {
		t.from = map[netip.Prefix]*spell{}
	}
	if len(t.from) >= triesFrom {
		for address, s := range t.from {
			if now.Sub(s.began) >= triesSpan {
				delete(t.from, address)
			}
		}
	}
	own := &spell{began: now}
	if len(t.from) < triesFrom {
		t.from[from] = own
	}
	return own
}

// giveBack counts a try no longer, since it was right.
func (t *tries) giveBack(from netip.Prefix) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all.n = max(0, t.all.n-1)
	if own := t.from[from]; own != nil {
		own.n = max(0, own.n-1)
	}
}

// sourceOf returns where a connection comes from: an IPv4 address, or the /64
// of an IPv6 one, all of which one customer has. Headers are not asked: a
// visitor writes there what they like.
func sourceOf(r *http.Request) netip.Prefix {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}
	}
	ip, bits := at.Addr().Unmap().WithZone(""), 32
	if ip.Is6() {
		bits = 64
	}
	from, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return from
}

// tooMany asks for a pause.
func tooMany(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return refusal{http.StatusTooManyRequests, errorPage{"Too many tries",
		fmt.Sprintf("Too many wrong passwords were tried. The next can be tried in %s.", diffview.Count(seconds, "second"))}, seconds}
}
