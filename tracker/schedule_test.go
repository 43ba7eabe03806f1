package tracker_test

import (
	"testing"
	"time"

	"storydiff/tracker"
)

func TestNext(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	tests := []struct {
		name string
		a    tracker.Article
		want time.Duration
	}{
		{"just added", tracker.Article{AddedAt: now}, 15 * time.Minute},
		{"the clock went back", tracker.Article{AddedAt: now.Add(day)}, 15 * time.Minute},
		{"four hours old", tracker.Article{AddedAt: ago(4 * time.Hour)}, time.Hour},
		{"three days old", tracker.Article{AddedAt: ago(3 * day)}, 3 * time.Hour},
		{"two weeks old", tracker.Article{AddedAt: ago(14 * day)}, day},
		{"a year old", tracker.Article{AddedAt: ago(365 * day)}, 7 * day},
		{"a year old, changed an hour ago", tracker.Article{AddedAt: ago(365 * day), LastChange: ago(time.Hour)}, 15 * time.Minute},
		{"one failure", tracker.Article{AddedAt: now, Failures: 1, LastOutcome: tracker.OutcomeFailed}, 5 * time.Minute},
		{"three failures", tracker.Article{AddedAt: now, Failures: 3, LastOutcome: tracker.OutcomeFailed}, 20 * time.Minute},
		{"many failures", tracker.Article{AddedAt: now, Failures: 1 << 30, LastOutcome: tracker.OutcomeFailed}, 6 * time.Hour},
		{"blocked twice", tracker.Article{AddedAt: now, Failures: 2, LastOutcome: tracker.OutcomeBlocked}, 2 * time.Hour},
		{"blocked for long", tracker.Article{AddedAt: now, Failures: 99, LastOutcome: tracker.OutcomeBlocked}, day},
		{"missing for the first time", tracker.Article{AddedAt: now, Misses: 1, Failures: 1}, 10 * time.Minute},
		{"missing for long", tracker.Article{AddedAt: now, Misses: 50, Failures: 50}, 7 * day},
		{"gone", tracker.Article{AddedAt: now, State: tracker.Gone, Misses: 3}, 30 * day},
		{"its own cron line", tracker.Article{AddedAt: now, Cron: "30 * * * *", Failures: 7}, 30 * time.Minute},
	}
	for _, tt := range tests {
		if got := tracker.Next(tt.a, now).Sub(now); got != tt.want {
			t.Errorf("%s: next look after %v, want %v", tt.name, got, tt.want)
		}
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
