package fetch

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// Bounds of a memory ledger.
const (
	memoryHosts  = 4096 // kept before those nothing is owed to are dropped
	memoryRobots = 256  // kept before the oldest is dropped
)

// NewLedger returns a ledger that lives as long as the process. It is safe for
// use by several goroutines and by several clients.
func NewLedger() Ledger {
	return &memory{hosts: make(map[string]*HostState), robots: make(map[string]RobotsFile)}
}

type memory struct {
	mu     sync.Mutex
	hosts  map[string]*HostState
	robots map[string]RobotsFile
}

// owed reports whether anything is owed to h at now.
func (h *HostState) owed(now time.Time) bool {
	return h.HeldUntil.After(now) || h.Next.After(now) || !h.LeftAlone(now).IsZero() || h.Slowdown > 1
}

func (m *memory) Take(ctx context.Context, a Ask) (Turn, error) {
	if err := ctx.Err(); err != nil {
		return Turn{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	return m.host(a.Host, now).Take(a, now)
}

func (m *memory) Free(_ context.Context, host, owner string, r Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.host(host, time.Now()).Free(host, owner, r)
	return nil
}

// host returns the entry of a host, and makes room for it where needed.
func (m *memory) host(name string, now time.Time) *HostState {
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
	h := &HostState{}
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
