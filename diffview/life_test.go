package diffview_test

import (
	"strings"
	"testing"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
)

// The bounds are rounded away from each other, never to say more than is known.
func TestSilent(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		least, most time.Duration
		text, row   string
	}{
		{130 * time.Minute, 160 * time.Minute, "at least 2 hours 10 minutes and at most 2 hours 40 minutes", `"silent_at_least":"2h10m","silent_at_most":"2h40m"`},
		{time.Hour, 2 * time.Hour, "at least 1 hour and at most 2 hours", `"silent_at_least":"1h","silent_at_most":"2h"`},
		{time.Hour + 59*time.Second, time.Hour + time.Second, "at least 1 hour and at most 1 hour 1 minute", `"silent_at_least":"1h0m59s","silent_at_most":"1h0m1s"`},
		{0, 400 * time.Millisecond, "at most 1 second", `"silent_at_least":"0s","silent_at_most":"1s"`},
		{900 * time.Millisecond, 1100 * time.Millisecond, "at most 2 seconds", `"silent_at_least":"0s","silent_at_most":"2s"`},
		{2*day + 90*time.Minute, 3 * day, "at least 2 days 1 hour and at most 3 days", `"silent_at_least":"49h30m","silent_at_most":"72h"`},
		{59*time.Minute + 59*time.Second, 59*time.Minute + 59500*time.Millisecond, "at least 59 minutes 59 seconds and at most 1 hour", `"silent_at_least":"59m59s","silent_at_most":"1h"`},
		{10 * time.Minute, 0, "at least 10 minutes", `"silent_at_least":"10m"`},
		{0, 0, "a time that is not known", `"silent_at_least":"0s"`},
	} {
		late := tracker.LateNote{Edit: &tracker.Change{From: 1, To: 2}, Note: &tracker.Change{From: 3, To: 4}, AtLeast: tt.least, AtMost: tt.most}
		if got := diffview.SilentText(late); got != tt.text {
			t.Errorf("%v to %v: %q, want %q", tt.least, tt.most, got, tt.text)
		}
		var b strings.Builder
		if err := diffview.WriteRow(&b, diffview.LateNoteRow(late)); err != nil || !strings.Contains(b.String(), `"change":"1..2","note":"3..4",`+tt.row) {
			t.Errorf("%v to %v: row %s, want %s in it", tt.least, tt.most, b.String(), tt.row)
		}
	}
}
