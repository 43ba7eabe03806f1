package diffview_test

import (
	"testing"
	"time"

	"storydiff/diffview"
)

func TestInterval(t *testing.T) {
	day := func(month time.Month, d, hour, minute, sec int) time.Time {
		return time.Date(2026, month, d, hour, minute, sec, 900, time.UTC)
	}
	to := day(3, 1, 10, 20, 20)
	for _, tt := range []struct {
		name       string
		from, to   time.Time
		words, iso string
	}{
		{"a day", day(3, 1, 10, 5, 0), to, "between 10:05 and 10:20 UTC, 1 March 2026", "between 2026-03-01 10:05 and 10:20 UTC"},
		{"one minute", day(3, 1, 10, 20, 5), to, "between 10:20:05 and 10:20:20 UTC, 1 March 2026", "between 2026-03-01 10:20:05 and 10:20:20 UTC"},
		{"the minute before", day(3, 1, 10, 19, 50), to, "between 10:19:50 and 10:20:20 UTC, 1 March 2026", "between 2026-03-01 10:19:50 and 10:20:20 UTC"},
		{"one second", to.Add(-500), to, "at 10:20 UTC, 1 March 2026", "at 2026-03-01 10:20 UTC"},
		{"days", day(2, 27, 23, 50, 0), to, "between 23:50 UTC, 27 February and 10:20 UTC, 1 March 2026", "between 2026-02-27 23:50 UTC and 2026-03-01 10:20 UTC"},
		{"midnight", day(2, 28, 23, 59, 50), day(3, 1, 0, 0, 5), "between 23:59:50 UTC, 28 February and 00:00:05 UTC, 1 March 2026", "between 2026-02-28 23:59:50 UTC and 2026-03-01 00:00:05 UTC"},
		{"years", day(1, -3, 9, 0, 0), to, "between 09:00 UTC, 28 December 2025 and 10:20 UTC, 1 March 2026", "between 2025-12-28 09:00 UTC and 2026-03-01 10:20 UTC"},
		{"another zone", day(3, 1, 10, 5, 0).In(time.FixedZone("", 7200)), to, "between 10:05 and 10:20 UTC, 1 March 2026", "between 2026-03-01 10:05 and 10:20 UTC"},
		{"not known", time.Time{}, to, "by 10:20 UTC, 1 March 2026", "by 2026-03-01 10:20 UTC"},
		{"the clock went back", to.Add(time.Hour), to, "by 10:20 UTC, 1 March 2026", "by 2026-03-01 10:20 UTC"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := diffview.NewInterval(tt.from, tt.to, diffview.InWords).String(); got != tt.words {
				t.Errorf("in words: %q, want %q", got, tt.words)
			}
			if got := diffview.NewInterval(tt.from, tt.to, diffview.InDigits).String(); got != tt.iso {
				t.Errorf("in digits: %q, want %q", got, tt.iso)
			}
		})
	}
}
