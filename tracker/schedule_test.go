package tracker_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"storydiff/tracker"
)

func TestNext(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	middle := tracker.Schedule{Random: func() float64 { return 0.5 }}
	cadence := func(p tracker.Pace) time.Duration { return tracker.Cadence{}.Wait(p) }
	tests := []struct {
		name string
		a    tracker.Article
		want time.Duration
		why  string
	}{
		{"just added", tracker.Article{AddedAt: now}, cadence(tracker.Pace{}), "published moments ago, no change seen"},
		{"the clock went back", tracker.Article{AddedAt: now.Add(day)}, cadence(tracker.Pace{}), "published moments ago, no change seen"},
		{"three days old", tracker.Article{AddedAt: ago(3 * day)}, cadence(tracker.Pace{Age: 3 * day}), "published 3 days ago, no change seen"},
		{"published before", tracker.Article{AddedAt: ago(day), Published: ago(3 * day)}, cadence(tracker.Pace{Age: 3 * day, FirstSeen: 2 * day}), "published 3 days ago, no change seen"},
		{"published in the future", tracker.Article{AddedAt: ago(day), Published: now.Add(day)}, cadence(tracker.Pace{Age: day}), "published a day ago, no change seen"},
		{"changed an hour ago", tracker.Article{AddedAt: ago(day), LastChange: ago(time.Hour), Versions: 2}, cadence(tracker.Pace{Age: day, Changes: 1, Quiet: time.Hour}), "published a day ago, one change seen, an hour ago"},
		{"changed often", tracker.Article{AddedAt: ago(2 * day), LastChange: ago(day), Versions: 4}, cadence(tracker.Pace{Age: 2 * day, Changes: 3, Quiet: day}), "published 2 days ago, 3 changes seen, the last a day ago"},
		{"unchanged for a month", tracker.Article{AddedAt: ago(30 * day)}, 30 * day, "unchanged for 30 days, so looked at 60 days after it last changed"},
		{"unchanged for two months", tracker.Article{AddedAt: ago(60 * day)}, 30 * day, "unchanged for 30 days, so looked at 90 days after it last changed"},
		{"unchanged for half a year", tracker.Article{AddedAt: ago(181 * day)}, 184 * day, "unchanged for 30 days, so looked at 365 days after it last changed"},
		{"a year old, changed a month ago", tracker.Article{AddedAt: ago(365 * day), LastChange: ago(31 * day), Versions: 2}, 29 * day, "unchanged for 30 days, so looked at 60 days after it last changed"},
		{"one failure", tracker.Article{AddedAt: now, Failures: 1, LastOutcome: tracker.OutcomeFailed}, 5 * time.Minute, "failed at one look, backing off"},
		{"three failures", tracker.Article{AddedAt: now, Failures: 3, LastOutcome: tracker.OutcomeFailed}, 20 * time.Minute, "failed at 3 looks in a row, backing off"},
		{"many failures", tracker.Article{AddedAt: now, Failures: 1 << 30, LastOutcome: tracker.OutcomeFailed}, 6 * time.Hour, ""},
		{"blocked twice", tracker.Article{AddedAt: now, Failures: 2, LastOutcome: tracker.OutcomeBlocked}, 2 * time.Hour, "blocked at 2 looks in a row, backing off"},
		{"blocked for long", tracker.Article{AddedAt: now, Failures: 99, LastOutcome: tracker.OutcomeBlocked}, day, ""},
		{"missing for the first time", tracker.Article{AddedAt: now, Misses: 1, Failures: 1}, 10 * time.Minute, "missing, to be confirmed"},
		{"missing for long", tracker.Article{AddedAt: now, Misses: 50, Failures: 50}, 7 * day, ""},
		{"gone", tracker.Article{AddedAt: now, State: tracker.Gone, Misses: 3}, 30 * day, "gone, looked for monthly"},
		{"its own cron line", tracker.Article{AddedAt: now, Cron: "30 * * * *", Failures: 7}, 30 * time.Minute, "its own times, 30 * * * *"},
	}
	for _, tt := range tests {
		at, why := middle.Next(tt.a, now)
		if got := at.Sub(now); got != tt.want || tt.why != "" && why != tt.why {
			t.Errorf("%s: next look after %v (%s), want %v (%s)", tt.name, got, why, tt.want, tt.why)
		}
	}
	if at, why := middle.Next(tracker.Article{AddedAt: ago(365 * day)}, now); !at.IsZero() {
		t.Errorf("after a year without change: at %v (%s), want never", at, why)
	}
}

// What was added together does not stay together: waits differ by a tenth to
// either side.
func TestNextIsSpread(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	wait := tracker.Cadence{}.Wait(tracker.Pace{})
	least, most := time.Duration(1<<62), time.Duration(0)
	for range 1000 {
		at, _ := tracker.Schedule{}.Next(tracker.Article{AddedAt: now}, now)
		least, most = min(least, at.Sub(now)), max(most, at.Sub(now))
	}
	if least < wait*9/10 || most > wait*11/10 || least > wait*92/100 || most < wait*108/100 {
		t.Errorf("waits from %v to %v, want them a tenth around %v", least, most, wait)
	}
}

// However many articles there are and whatever their age, the looks keep to the
// budget.
func TestBudget(t *testing.T) {
	const day = 24 * time.Hour
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	rnd := rand.New(rand.NewPCG(1, 2))
	s := tracker.Schedule{Random: rnd.Float64}
	var all []tracker.Article
	next := map[int]time.Time{}
	looks, counted := 0, 0
	const budget, minutes = 2000.0, 10
	for now := start; now.Before(start.Add(12 * day)); now = now.Add(minutes * time.Minute) {
		if rnd.Float64() < 0.4 { // some 58 new articles a day
			all = append(all, tracker.Article{AddedAt: now, State: tracker.Active})
			next[len(all)-1] = now
		}
		s = s.Within(budget, all, now)
		for i := range all {
			for at := next[i]; at.Before(now.Add(minutes * time.Minute)); at = next[i] {
				if looks++; at.After(start.Add(4 * day)) {
					counted++
				}
				if rnd.Float64() < 0.05 {
					all[i].Versions, all[i].LastChange = max(all[i].Versions, 1)+1, at
				}
				all[i].LastCheck = at
				next[i], _ = s.Next(all[i], at)
			}
		}
	}
	perDay := float64(counted) / 8
	t.Logf("%d articles, %.0f looks a day within a budget of %.0f", len(all), perDay, budget)
	if math.Abs(perDay-budget) > 0.03*budget {
		t.Errorf("%.0f looks a day, want %.0f give or take 3 %%", perDay, budget)
	}
}

func TestParseCron(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for spec, want := range map[string]time.Duration{
		"* * * * *":      time.Minute,
		"*/5 * * * *":    5 * time.Minute,
		"30 * * * * *":   30 * time.Second,
		"@every 1s":      time.Second,
		" @every 1h30m ": 90 * time.Minute,
		"@hourly":        time.Hour,
	} {
		s, err := tracker.ParseCron(spec)
		if err != nil {
			t.Errorf("ParseCron(%q): %v", spec, err)
			continue
		}
		if got := s.Next(now).Sub(now); got != want {
			t.Errorf("ParseCron(%q) comes after %v, want %v", spec, got, want)
		}
	}
	for _, spec := range []string{"", "nonsense", "TZ=0", "CRON_TZ=UTC", "TZ=Europe/Rome 30 2 * * *", "0 0 31 2 *", "@every 0s", "@every -5m",
		"@every 500ms", "@every", "@every x", "61 * * * *", "* * * *", "* * * * * * *"} {
		if s, err := tracker.ParseCron(spec); err == nil {
			t.Errorf("ParseCron(%q) = %v, want an error", spec, s)
		}
	}
}
