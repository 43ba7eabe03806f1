package tracker_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// A planner is a store in memory that knows what a schedule needs of it: articles,
// leases and looks. What a page shows is not its subject: all of it is
// "not modified", so that nothing is kept and nothing compared.
type planner struct {
	tracker.Store // nil: whatever else is asked for is a fault of the test

	mu       sync.Mutex
	articles []*tracker.Article
	byHost   map[string][]*tracker.Article
	leased   map[int64]time.Time // until when
	looks    []time.Time         // by the clock of the bubble, which nobody sets
	last     map[int64]tracker.Check
	clock    func() time.Time
	faults   []string

	by        *tracker.Schedule // as it was kept
	replanned int
}

func newPlanner(clock func() time.Time) *planner {
	return &planner{byHost: map[string][]*tracker.Article{}, leased: map[int64]time.Time{}, last: map[int64]tracker.Check{}, clock: clock}
}

func (p *planner) add(a tracker.Article) {
	a.ID, a.State, a.Versions = int64(len(p.articles)+1), tracker.Active, max(a.Versions, 1)
	p.articles = append(p.articles, &a)
	p.byHost[a.Host] = append(p.byHost[a.Host], &a)
}

func (p *planner) due(a *tracker.Article, now time.Time) bool {
	return a.State == tracker.Active && !a.NextCheck.After(now) && !p.leased[a.ID].After(now)
}

func (p *planner) DueHosts(_ context.Context, now time.Time) (hosts []string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for host, own := range p.byHost {
		if slices.ContainsFunc(own, func(a *tracker.Article) bool { return p.due(a, now) }) {
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	return hosts, nil
}

func (p *planner) Claim(_ context.Context, host, _ string, now time.Time, ttl time.Duration) (claimed tracker.Article, ok bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.byHost[host] {
		if p.due(a, now) && (!ok || a.NextCheck.Before(claimed.NextCheck)) {
			claimed, ok = *a, true
		}
	}
	if ok {
		p.leased[claimed.ID] = now.Add(ttl)
	}
	return claimed, ok, nil
}

func (p *planner) Articles(context.Context, tracker.ArticleFilter) (all []tracker.Article, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.articles {
		all = append(all, *a)
	}
	return all, nil
}

func (p *planner) Release(_ context.Context, id int64, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.leased, id)
	return nil
}

func (p *planner) Pending(context.Context, int64) ([]tracker.Capture, error) { return nil, nil }

func (p *planner) LatestHead(_ context.Context, id int64) (tracker.Version, tracker.Check, error) {
	return tracker.Version{ArticleID: id, N: 1}, tracker.Check{}, nil
}

// Record keeps the article as it stands, and notes what may not be.
func (p *planner) Record(_ context.Context, _ string, r *tracker.Record) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.articles[r.Article.ID-1]
	if r.Check.Outcome != tracker.OutcomeNotModified {
		p.faults = append(p.faults, fmt.Sprintf("%s came out %s: %s", a.URL, r.Check.Outcome, r.Check.Detail))
	}
	if !r.Check.At.After(a.LastCheck) {
		p.faults = append(p.faults, fmt.Sprintf("%s was looked at at %v after %v", a.URL, r.Check.At, a.LastCheck))
	}
	if r.Article.State == tracker.Active && !r.Article.NextCheck.After(p.clock()) {
		p.faults = append(p.faults, fmt.Sprintf("%s is to be looked at %v before now", a.URL, p.clock().Sub(r.Article.NextCheck)))
	}
	*a = r.Article
	p.last[a.ID] = r.Check
	p.looks = append(p.looks, time.Now())
	delete(p.leased, a.ID)
	return nil
}

func (p *planner) Spread(_ context.Context, now time.Time, over func(string, int) time.Duration) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for host, own := range p.byHost {
		var late []*tracker.Article
		for _, a := range own {
			if p.due(a, now) && !a.LastCheck.IsZero() {
				late = append(late, a)
			}
		}
		for i, a := range late {
			a.NextCheck = now.Add(over(host, len(late)) / time.Duration(len(late)) * time.Duration(i))
		}
		n += len(late)
	}
	return n, nil
}

func (p *planner) PlannedBy(context.Context) (tracker.Schedule, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil {
		return tracker.Schedule{}, tracker.ErrNotFound
	}
	return *p.by, nil
}

func (p *planner) Replan(_ context.Context, now time.Time, by tracker.Schedule, plans []tracker.Plan) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.by = &by
	for _, plan := range plans {
		if a := p.articles[plan.ArticleID-1]; a.NextCheck.Equal(plan.Was) && !p.leased[a.ID].After(now) {
			a.NextCheck = plan.At
		}
	}
	p.replanned += len(plans)
	return nil
}

func (p *planner) Rewind(_ context.Context, limit, now time.Time) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.articles {
		if a.LastCheck.After(limit) && (a.NextCheck.After(a.LastCheck) || a.State == tracker.Retired) {
			wait := a.NextCheck.Sub(a.LastCheck)
			if a.State == tracker.Retired {
				wait = time.Duration(a.ID) * 7919 * time.Second % (24 * time.Hour)
			}
			a.State, a.NextCheck = tracker.Active, now.Add(wait)
			n++
		}
	}
	return n, nil
}

// looksBetween returns how many looks there were from one time to another.
func (p *planner) looksBetween(from, to time.Time) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, at := range p.looks {
		if !at.Before(from) && at.Before(to) {
			n++
		}
	}
	return n
}

// A gapLedger notes whether a host is asked too soon, or by two at once.
type gapLedger struct {
	fetch.Ledger
	gap time.Duration

	mu     sync.Mutex
	held   map[string]bool
	freed  map[string]time.Time
	faults []string
}

func newGapLedger(gap time.Duration) *gapLedger {
	return &gapLedger{Ledger: fetch.NewLedger(), gap: gap, held: map[string]bool{}, freed: map[string]time.Time{}}
}

func (l *gapLedger) Take(ctx context.Context, a fetch.Ask) (fetch.Turn, error) {
	turn, err := l.Ledger.Take(ctx, a)
	if turn.Wait > 0 || err != nil {
		return turn, err
	}
	host := a.Host
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[host] {
		l.faults = append(l.faults, host+" is asked by two at once")
	}
	if since := time.Since(l.freed[host]); since < l.gap {
		l.faults = append(l.faults, fmt.Sprintf("%s is asked again after %v", host, since))
	}
	l.held[host] = true
	return turn, nil
}

func (l *gapLedger) Free(ctx context.Context, host, owner string, r fetch.Receipt) error {
	l.mu.Lock()
	if !r.Ended.IsZero() {
		l.freed[host] = r.Ended
	}
	delete(l.held, host)
	l.mu.Unlock()
	return l.Ledger.Free(ctx, host, owner, r)
}

// unchangedSites serves at n addresses of loopback what is never modified, and
// returns them. It is to be called outside of a bubble, whose clock would stand
// still for a server that waits.
func unchangedSites(t *testing.T, n int) (sites []string) {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(http.StatusNotModified)
	})
	for i := range n {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			t.Skip("this machine has one loopback address alone:", err)
		}
		server := &http.Server{Handler: handler}
		go server.Serve(ln)
		t.Cleanup(func() { server.Close() })
		sites = append(sites, ln.Addr().String())
	}
	return sites
}

// populate adds articles of many ages to a planner, looked at by the cadence so
// far.
func (p *planner) populate(sites []string, each int, random func() float64) {
	now := p.clock()
	for i := range len(sites) * each {
		site := sites[i%len(sites)]
		host, _, _ := net.SplitHostPort(site)
		age := time.Duration(random() * float64(29*24*time.Hour))
		a := tracker.Article{URL: fmt.Sprintf("http://%s/story/%d", site, i), Host: host, Outlet: host, ETag: `"1"`, ReadBy: tracker.ReadBy(""), WholeAt: now, AddedAt: now.Add(-age), Versions: 1}
		if random() < 0.35 {
			a.Versions, a.LastChange = 2, now.Add(-time.Duration(random()*float64(age)))
		}
		p.add(a)
	}
}

// watcher returns one over the planner.
func (p *planner) watcher(ledger fetch.Ledger, gap time.Duration) *tracker.Watcher {
	if gap == 0 {
		gap = -1
	}
	return &tracker.Watcher{
		Store: p, Owner: "test", Log: slog.New(slog.DiscardHandler), Clock: p.clock,
		Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: gap, Ledger: ledger}),
		Gap:   func(string) time.Duration { return max(gap, 0) },
	}
}
