package tracker_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker"
)

// Ten thousand articles on a hundred hosts are watched for a day by the scheduler
// and the fetcher as they are, over a store in memory: no host is asked before its
// gap is over or by two at once, the looks keep to the budget within 3 % although
// all articles age, and memory stays below 200 MB.
func TestTenThousandArticles(t *testing.T) {
	hosts, each, within := 100, 100, 0.03
	if underRace || testing.Short() {
		hosts, each, within = 20, 50, 0.08 // of so few looks chance is a larger share
	}
	sites := unchangedSites(t, hosts)
	synctest.Test(t, func(t *testing.T) {
		p := newPlanner(time.Now)
		rnd := rand.New(rand.NewPCG(5, 6))
		p.populate(sites, each, rnd.Float64)
		budget := float64(hosts*each) / 2
		start := time.Now()
		all, _ := p.Articles(t.Context(), tracker.ArticleFilter{})
		s := tracker.Schedule{}.Within(budget, all, start)
		for _, a := range p.articles { // looked at by the same schedule so far
			then := *a
			for then.NextCheck = a.AddedAt; !then.NextCheck.After(start); {
				then.LastCheck, then.Versions, then.LastChange = then.NextCheck, 1, time.Time{}
				if !a.LastChange.After(then.LastCheck) {
					then.Versions, then.LastChange = a.Versions, a.LastChange
				}
				then.NextCheck, _ = s.Next(then, then.LastCheck)
			}
			*a = then
		}
		ledger := newGapLedger(5 * time.Second)
		w := p.watcher(ledger, 5*time.Second)
		w.Clock, w.Budget = nil, budget
		ctx, cancel := context.WithCancel(t.Context())
		ticks, err := tracker.ParseCron("* * * * *")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- w.Run(ctx, ticks) }()
		most := uint64(0)
		for range 24 {
			time.Sleep(time.Hour)
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		n := float64(p.looksBetween(start, time.Now().Add(time.Second)))
		t.Logf("%d articles: %.0f looks in a day within a budget of %.0f, %d planned anew, %d MB", hosts*each, n, budget, p.replanned, most>>20)
		if math.Abs(n-budget) > within*budget {
			t.Errorf("%.0f looks in a day, want %.0f within %.0f %%", n, budget, 100*within)
		}
		if most > 200<<20 {
			t.Errorf("%d MB of memory, want at most 200", most>>20)
		}
		for _, fault := range append(p.faults, ledger.faults...) {
			t.Error(fault)
		}
	})
}
