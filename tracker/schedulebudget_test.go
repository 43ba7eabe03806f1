package tracker_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"storydiff/tracker"
)

func TestHostMost(t *testing.T) {
	for _, tt := range []struct {
		gap    time.Duration
		budget float64
		want   float64
	}{
		{0, 0, 0}, {5 * time.Second, 0, 8640}, {time.Minute, 0, 720}, {5 * time.Second, 500, 500}, {time.Minute, 5000, 720}, {0, 500, 500}, {-time.Second, -1, 0},
	} {
		if got := tracker.HostMost(tt.gap, tt.budget); got != tt.want {
			t.Errorf("HostMost(%v, %v) = %v, want %v", tt.gap, tt.budget, got, tt.want)
		}
	}
}

// newcomers returns articles of a host that were all taken up so long ago.
func newcomers(host string, n int, now time.Time, age time.Duration) (all []tracker.Article) {
	for range n {
		all = append(all, tracker.Article{Host: host, State: tracker.Active, AddedAt: now.Add(-age), LastCheck: now})
	}
	return all
}

// A host that wants more than it may have is spaced out, and no other; the whole
// keeps to its budget all the same.
func TestSpaced(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	busy, quiet := newcomers("busy.example", 400, now, time.Hour), newcomers("quiet.example", 10, now, time.Hour)
	all := append(busy, quiet...)
	most := func(host string) float64 { return 1000 }
	for _, budget := range []float64{0, 1200, 1500} {
		s := tracker.Schedule{}.Spaced(most, all, now)
		if budget > 0 {
			s = s.Within(budget, all, now)
		}
		if got := s.LooksPerDay(busy, now); got > 1030 {
			t.Errorf("budget %v: %.0f looks a day at the busy host, want 1000 at most", budget, got)
		}
		if got := s.LooksPerDay(all, now); budget > 0 && math.Abs(got-budget) > 0.03*budget {
			t.Errorf("budget %v: %.0f looks a day", budget, got)
		}
		if s.Capped("busy.example") != 1000 || s.Capped("quiet.example") != 0 {
			t.Errorf("budget %v: capped at %v and %v, want 1000 and 0", budget, s.Capped("busy.example"), s.Capped("quiet.example"))
		}
		_, why := s.Next(busy[0], now)
		if want := "published an hour ago, no change seen; busy.example is given no more than 1000 looks a day"; why != want {
			t.Errorf("budget %v: looked at then because %q, want %q", budget, why, want)
		}
	}
	// Within a small budget the host has less than it may have: nothing is capped.
	s := tracker.Schedule{}.Spaced(most, all, now).Within(500, all, now)
	if got := s.LooksPerDay(all, now); math.Abs(got-500) > 15 || s.Capped("busy.example") != 0 {
		t.Errorf("%.0f looks a day and capped at %v, want 500 and 0", got, s.Capped("busy.example"))
	}
}

// What is pinned keeps its times; the rest of the host makes room for it.
func TestSpacedAroundPins(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	all := newcomers("a.example", 300, now, time.Hour)
	for i := range 10 {
		all[i].Cron = "@every 20m"
	}
	s := tracker.Schedule{}.Spaced(func(string) float64 { return 1000 }, all, now)
	pinned, rest := s.LooksPerDay(all[:10], now), s.LooksPerDay(all[10:], now)
	if pinned != 720 || math.Abs(rest-280) > 15 {
		t.Errorf("%.0f looks a day at what is pinned and %.0f at the rest, want 720 and 280", pinned, rest)
	}
}

func TestBoundsOfWaits(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		least, most time.Duration
		knob        float64
		age         time.Duration
		from, to    time.Duration
	}{
		{0, 0, 0.001, 0, 5 * time.Minute, 330 * time.Second},
		{0, 0, 168, 0, 151 * time.Hour, 168 * time.Hour},
		{time.Hour, 0, 0.001, 0, time.Hour, 66 * time.Minute},
		{0, 2 * time.Hour, 168, 0, 108 * time.Minute, 2 * time.Hour},
		{30 * time.Second, 0, 0.001, 0, 30 * time.Second, 3 * time.Minute},
		{3 * time.Hour, time.Hour, 1, 0, 3 * time.Hour, 3 * time.Hour},
		{0, 2 * time.Hour, 0, 40 * 24 * time.Hour, 20 * 24 * time.Hour, 20 * 24 * time.Hour}, // late looks have times of their own
	} {
		s := tracker.Schedule{Cadence: tracker.Cadence{Knob: tt.knob, Least: tt.least, Most: tt.most}}
		for range 50 {
			at, _ := s.Next(tracker.Article{AddedAt: now.Add(-tt.age)}, now)
			if got := at.Sub(now); got < tt.from || got > tt.to {
				t.Errorf("with %v to %v and a knob of %v: %v, want %v to %v", tt.least, tt.most, tt.knob, got, tt.from, tt.to)
			}
		}
	}
}

// The knob of 10,000 articles on 100 hosts is turned every ten minutes beside the
// looks.
func BenchmarkShareOut(b *testing.B) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var all []tracker.Article
	for i := range 100 {
		all = append(all, newcomers(fmt.Sprintf("host%d.example", i), 100, now, time.Duration(i)*7*time.Hour)...)
	}
	for b.Loop() {
		tracker.Schedule{}.Spaced(func(string) float64 { return 1000 }, all, now).Within(20_000, all, now)
	}
}

// Looks that fail do not take the looks of all others: a back-off of minutes is
// soon one of hours.
func TestBudgetWithTrouble(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	fresh := tracker.Article{State: tracker.Active, Host: "a.example", AddedAt: now.Add(-time.Hour), LastCheck: now.Add(-time.Minute), Versions: 1, LastChange: now.Add(-time.Hour)}
	failing, lost := fresh, fresh
	failing.Failures, failing.LastOutcome, failing.LastReason = 1, tracker.OutcomeFailed, "http-503"
	lost.Misses, lost.Failures, lost.LastOutcome, lost.LastReason = 1, 1, tracker.OutcomeFailed, "http-404"
	articles := []tracker.Article{fresh, failing, lost}
	s := tracker.Schedule{}.Within(100, articles, now)
	if at, _ := s.Next(fresh, now); at.Sub(now) > 2*time.Hour {
		t.Errorf("with two articles in trouble a fresh one is looked at again after %v, want within two hours", at.Sub(now))
	}
}
