package tracker_test

import (
	"testing"
	"time"

	"storydiff/tracker"
)

// What is left of a wait is stretched as the knob says; what goes by other times
// stays.
func TestReplanned(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	usual := tracker.Article{
		State: tracker.Active, AddedAt: now.Add(-20 * 24 * time.Hour), LastCheck: now.Add(-10 * time.Hour),
		NextCheck: now.Add(10 * time.Hour), LastOutcome: tracker.OutcomeUnchanged,
	}
	but := func(change func(*tracker.Article)) tracker.Article {
		a := usual
		change(&a)
		return a
	}
	for name, tt := range map[string]struct {
		a    tracker.Article
		want time.Duration // from now; 0: it stays
	}{
		"by the cadence":   {usual, 5 * time.Hour},
		"just looked at":   {but(func(a *tracker.Article) { a.LastCheck = now.Add(-time.Minute); a.NextCheck = now.Add(30 * time.Minute) }), 0},
		"not within hour":  {but(func(a *tracker.Article) { a.LastCheck = now; a.NextCheck = now.Add(90 * time.Minute) }), time.Hour},
		"overdue":          {but(func(a *tracker.Article) { a.NextCheck = now }), 0},
		"pinned":           {but(func(a *tracker.Article) { a.Cron = "@every 20h" }), 0},
		"paused":           {but(func(a *tracker.Article) { a.State = tracker.Paused }), 0},
		"never looked at":  {but(func(a *tracker.Article) { a.LastCheck = time.Time{} }), 0},
		"a server's wish":  {but(func(a *tracker.Article) { a.LastOutcome = tracker.OutcomeSkipped }), 0},
		"in trouble":       {but(func(a *tracker.Article) { a.LastOutcome, a.Failures = tracker.OutcomeFailed, 3 }), 0},
		"settled long ago": {but(func(a *tracker.Article) { a.AddedAt = now.Add(-40 * 24 * time.Hour) }), 0},
	} {
		before := tracker.Schedule{Cadence: tracker.Cadence{Knob: 0.4}}
		anew := tracker.Schedule{Cadence: tracker.Cadence{Knob: 0.2}}
		plans := anew.Replanned(before, []tracker.Article{tt.a}, now)
		if tt.want == 0 {
			if len(plans) > 0 {
				t.Errorf("%s: planned for %v from now, want it to stay", name, plans[0].At.Sub(now))
			}
			continue
		}
		if len(plans) != 1 || plans[0].Was != tt.a.NextCheck || plans[0].At.Sub(now).Round(time.Second) != tt.want {
			t.Errorf("%s: planned as %+v, want %v from now", name, plans, tt.want)
		}
	}
}
