package fetch

import (
	"fmt"
	"net/http"
	"time"
)

// Bounds of how a host is left alone. Those of the back-off and of the recovery
// are choices of ours: the RFCs say only that one has to wait.
const (
	firstBackOff = 5 * time.Minute  // after an answer 429 or 503 that does not say for how long …
	longBackOff  = 6 * time.Hour    // … doubled with each in a row up to this
	maxSlowdown  = 32               // times as long a gap as is due otherwise
	recovery     = 1.1              // how much faster a host is asked again …
	recoverAfter = 20               // … each time after so many answers without trouble
	longestGap   = 10 * time.Minute // that a host's slowness alone makes
	slowAnswer   = 5 * time.Second  // the last answer took longer: the host counts as slow
)

// A HostState is what is known of a host and owed to it. A ledger keeps one for
// each; its zero value is that of a host never asked.
type HostState struct {
	Host string // registrable domain, or IP address

	Owner     string        // whose request runs; empty: nobody's
	HeldUntil time.Time     // when that one loses the host should it die
	Gap       time.Duration // to be left after its request, should it die
	Next      time.Time     // no request before this

	RetryUntil   time.Time // the end of a Retry-After
	BackOffUntil time.Time // the end of a back-off of our own
	Why          string    // why it was last left alone for long, for a person
	Slowdown     float64   // how many times as long gaps are as they would be; 0 and 1: no longer
	Trouble      int       // answers 429 and 503 in a row
	Streak       int       // answers without trouble since the slow-down changed

	Requests   int64         // that reached it, or may have
	Errors     int64         // requests without a whole answer, unknown names, and answers 429 and 5xx
	Bytes      int64         // of all bodies, as they came over the wire
	LastAt     time.Time     // when the last answer ended, or was given up
	LastTook   time.Duration // from the request to that
	LastStatus int           // HTTP status; 0: no answer
	LastReason string        // why there was no whole answer, as in [Error]; empty: there was
}

// An Ask is the wish to send a request to a host.
type Ask struct {
	Host, Owner string
	Hold        time.Duration // for how long the host is the owner's should he die
	Gap         time.Duration // owed after the request, likewise
	Pressing    bool          // in spite of a back-off of our own; a Retry-After holds all the same
}

// A Turn is the answer to an Ask.
type Turn struct {
	Wait time.Duration // before asking again; 0: the host is the owner's
	Slow bool          // the host's last answer took long
}

// A Receipt is what came of a request. The zero value: none was sent.
type Receipt struct {
	Ended  time.Time     // when the answer ended, or was given up
	Took   time.Duration // from the request to that
	Gap    time.Duration // to be left after it, the host's slow-down not counted
	Status int           // HTTP status; 0: no answer
	Bytes  int64         // of the body, as it came over the wire
	Reason string        // why there was no whole answer, as in [Error]
	Retry  time.Duration // what a Retry-After asks for; 0: nothing
}

// LeftAlone returns until when no request may go to the host, however long the
// gap between two is; the zero time where it is not left alone at now.
func (h *HostState) LeftAlone(now time.Time) time.Time {
	until := h.RetryUntil
	if h.BackOffUntil.After(until) {
		until = h.BackOffUntil
	}
	if !until.After(now) {
		return time.Time{}
	}
	return until
}

// Take gives the host at now to whom a speaks for, or says how long to wait. Its
// error is an *Error with the reason "rate-limited" while the host is left alone.
func (h *HostState) Take(a Ask, now time.Time) (Turn, error) {
	h.setBack(now)
	if err := h.refuse(a, now); err != nil {
		return Turn{}, err
	}
	var wait time.Duration
	if h.Owner != "" {
		wait = min(h.HeldUntil.Sub(now), min(max(h.LastTook/10, heldNap), longestNap))
	}
	wait = max(wait, h.Next.Sub(now))
	if wait > 0 {
		return Turn{Wait: wait}, nil
	}
	h.Host = a.Host
	h.Owner, h.HeldUntil, h.Gap = a.Owner, now.Add(a.Hold), h.slowed(a.Gap)
	return Turn{Slow: h.LastTook > slowAnswer}, nil
}

// clockSlack is by how much the clocks of those who share a ledger may differ.
const clockSlack = time.Minute

// setBack moves all times to where they would stand by a clock that shows now,
// where the last answer ended after that: the clock was set back since, and a host
// would be left alone for as long as it went back.
func (h *HostState) setBack(now time.Time) {
	by := h.LastAt.Sub(now)
	if by <= clockSlack {
		return
	}
	for _, at := range []*time.Time{&h.LastAt, &h.HeldUntil, &h.Next, &h.RetryUntil, &h.BackOffUntil} {
		if !at.IsZero() {
			*at = at.Add(-by)
		}
	}
}

// heldNap is how long to wait at least before asking again for a host whose
// request runs. How long that takes nobody knows; of the time that the last one
// took no more than a tenth is lost.
const heldNap = 50 * time.Millisecond

func (h *HostState) refuse(a Ask, now time.Time) error {
	if left := h.RetryUntil.Sub(now); left > 0 {
		return rateLimited(a.Host, left, "as it asked (Retry-After)")
	}
	if left := h.BackOffUntil.Sub(now); left > 0 && !a.Pressing {
		return rateLimited(a.Host, left, "since "+h.Why)
	}
	return nil
}

// Free gives the host back after a request of owner's. What came of it counts
// also where the owner had lost the host meanwhile; the hold of whoever has it
// now is not his to end.
func (h *HostState) Free(host, owner string, r Receipt) {
	h.Host = host
	if h.Owner == owner {
		h.Owner, h.HeldUntil, h.Gap = "", time.Time{}, 0
	}
	if r.Ended.IsZero() {
		return
	}
	h.count(r)
	switch {
	case overloaded(r.Status):
		h.slowDown(r)
	case r.Reason == "" && r.Status < 400, r.Status == http.StatusNotFound, r.Status == http.StatusGone:
		h.speedUp()
	}
	h.Next = later(h.Next, r.Ended.Add(h.slowed(r.Gap)))
}

// count keeps the statistics.
func (h *HostState) count(r Receipt) {
	if r.Reason != "dns" {
		h.Requests++
	}
	if r.Reason != "" && r.Reason != "canceled" || r.Status == http.StatusTooManyRequests || r.Status >= 500 {
		h.Errors++
	}
	h.Bytes += r.Bytes
	h.LastAt, h.LastTook, h.LastStatus, h.LastReason = r.Ended, r.Took, r.Status, r.Reason
}

// overloaded reports whether a status says that the host is asked too often
// (RFC 6585 section 4) or is beyond its strength (RFC 9110 section 15.6.4).
func overloaded(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// slowDown halves the rate at which the host is asked, and leaves it alone: for
// as long as it says, else for 5 minutes, doubled with each such answer in a row.
func (h *HostState) slowDown(r Receipt) {
	h.Trouble++
	h.Slowdown, h.Streak = min(2*max(h.Slowdown, 1), maxSlowdown), 0
	h.Why = fmt.Sprintf("it answered %d %s", r.Status, http.StatusText(r.Status))
	if h.Trouble > 1 {
		h.Why += fmt.Sprintf(", %d times in a row", h.Trouble)
	}
	if r.Retry > 0 {
		h.RetryUntil = later(h.RetryUntil, r.Ended.Add(r.Retry))
		return
	}
	wait := firstBackOff
	for n := h.Trouble; n > 1 && wait < longBackOff; n-- {
		wait *= 2
	}
	h.BackOffUntil = later(h.BackOffUntil, r.Ended.Add(min(wait, longBackOff)))
}

// speedUp takes an answer without trouble into account. A rate that was halved
// is whole again after some 160 of them.
func (h *HostState) speedUp() {
	h.Trouble, h.BackOffUntil = 0, time.Time{} // one who asked in spite of it found the host well
	if h.Slowdown <= 1 {
		return
	}
	if h.Streak++; h.Streak >= recoverAfter {
		h.Slowdown, h.Streak = max(h.Slowdown/recovery, 1), 0
	}
}

// slowed returns a gap as long as the host's slow-down makes it.
func (h *HostState) slowed(gap time.Duration) time.Duration {
	if h.Slowdown <= 1 {
		return gap
	}
	return max(gap, min(time.Duration(float64(gap)*h.Slowdown), longestGap))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
