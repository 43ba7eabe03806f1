package fetch

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// Bounds of a memory ledger.
const (
	memoryNap    = 50 * time.Millisecond // until a host that is held is asked for again
	memoryHosts  = 4096                  // kept before those nothing is owed to are dropped
	memoryRobots = 256                   // kept before the oldest is dropped
)

// NewLedger returns a ledger that lives as long as the process. It is safe for
// use by several goroutines and by several clients.
func NewLedger() Ledger {
	return &memory{hosts: make(map[string]*memoryHost), robots: make(map[string]RobotsFile)}
}

type memory struct {
	mu     sync.Mutex
	hosts  map[string]*memoryHost
	robots map[string]RobotsFile
}

// A memoryHost is what is owed to a host.
type memoryHost struct {
	owner    string    // who has it; empty: nobody
	until    time.Time // when the hold ends
	next     time.Time // ask no sooner than this
	deferred time.Time // end of a Retry-After
}

// owed reports whether anything is owed to h at now.
func (h *memoryHost) owed(now time.Time) bool {
	return h.until.After(now) || h.next.After(now) || h.deferred.After(now)
}

func (m *memory) Take(ctx context.Context, host, owner string, hold time.Duration) (time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	h := m.host(host, now)
	switch {
	case h.deferred.After(now):
		return 0, rateLimited(host, h.deferred.Sub(now), nil)
	case h.until.After(now):
		return min(h.until.Sub(now), memoryNap), nil
	case h.next.After(now):
		return h.next.Sub(now), nil
	}
	h.owner, h.until = owner, now.Add(hold)
	return 0, nil
}

func (m *memory) Free(_ context.Context, host, owner string, next time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.host(host, time.Now())
	// The gap is owed even by one who held the host for too long; the hold of
	// whoever has it now is not his to end.
	if next.After(h.next) {
		h.next = next
	}
	if h.owner == owner {
		h.owner, h.until = "", time.Time{}
	}
	return nil
}

func (m *memory) Defer(_ context.Context, host string, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.host(host, time.Now())
	if until.After(h.deferred) {
		h.deferred = until
	}
	return nil
}

// host returns the entry of a host, and makes room for it where needed.
func (m *memory) host(name string, now time.Time) *memoryHost {
	if h := m.hosts[name]; h != nil {
		return h
	}
	if len(m.hosts) >= memoryHosts {
		for name, h := range m.hosts {
			if !h.owed(now) {
				delete(m.hosts, name)
			}
		}
	}
	h := &memoryHost{}
	m.hosts[name] = h
	return h
}

func (m *memory) Robots(_ context.Context, origin string) (RobotsFile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.robots[origin], nil
}

func (m *memory) KeepRobots(_ context.Context, f RobotsFile) error {
	f.Body = bytes.Clone(f.Body)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.robots[f.Origin] = f
	if len(m.robots) > memoryRobots {
		delete(m.robots, m.oldestRobots())
	}
	return nil
}

func (m *memory) oldestRobots() string {
	var oldest string
	for origin, f := range m.robots {
		if oldest == "" || f.Fetched.Before(m.robots[oldest].Fetched) {
			oldest = origin
		}
	}
	return oldest
}
