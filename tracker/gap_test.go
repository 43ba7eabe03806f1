package tracker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
)

// at is a time of one day, written as hours and minutes, and the next one where
// the hours go on beyond 24.
func at(hhmm string) time.Time {
	if hhmm == "" {
		return time.Time{}
	}
	var h, m int
	if _, err := fmt.Sscanf(hhmm, "%d:%d", &h, &m); err != nil {
		panic(err)
	}
	return time.Date(2026, 3, 2, h, m, 0, 0, time.UTC)
}

// ran is a run that ended as a daemon does that is told to; one that was killed
// has no end.
func ran(from, until string) tracker.DaemonRun {
	return tracker.DaemonRun{Began: at(from), Alive: at(until), Ended: at(until)}
}

func tried(when, planned string, outcome tracker.Outcome, reason string) tracker.Check {
	return tracker.Check{At: at(when), Planned: at(planned), Outcome: outcome, Reason: reason}
}

func lapse(seen, planned, next string, tried ...tracker.Check) tracker.Lapse {
	return tracker.Lapse{Seen: at(seen), Planned: at(planned), Next: at(next), Tried: tried}
}

// gapText writes gaps as "10:30-14:20 no-daemon; 14:20- unreachable (dns)".
func gapText(gaps []tracker.Gap) string {
	var all []string
	for _, g := range gaps {
		text := g.From.Format("15:04") + "-"
		if !g.Until.IsZero() {
			text += g.Until.Format("15:04")
		}
		text += " " + string(g.Cause)
		if g.Reason != "" {
			text += " (" + g.Reason + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestGaps(t *testing.T) {
	const failed, blocked, skipped = tracker.OutcomeFailed, tracker.OutcomeBlocked, tracker.OutcomeSkipped
	killed := ran("8:00", "10:02")
	killed.Ended = time.Time{}
	slept := ran("16:00", "18:00")
	slept.Moved = 6 * time.Hour
	setBack := ran("9:00", "18:00")
	setBack.Moved = -3 * time.Hour
	allDay := []tracker.DaemonRun{ran("8:00", "18:00")}
	tests := []struct {
		name   string
		runs   []tracker.DaemonRun
		rests  []tracker.Rest
		lapses []tracker.Lapse
		now    string
		want   string
	}{
		{"nothing was late", allDay, nil, nil, "18:00", ""},
		{"a little late", allDay, nil, []tracker.Lapse{lapse("10:00", "10:05", "10:14")}, "18:00", ""},
		{"late by less than the wait", allDay, nil, []tracker.Lapse{lapse("10:00", "12:00", "13:00")}, "18:00", ""},
		{"late, by as much as was to be waited, and no more", allDay, nil, []tracker.Lapse{lapse("10:00", "12:00", "14:00")}, "18:00", ""},
		{"the daemon was behind", allDay, nil, []tracker.Lapse{lapse("10:00", "10:20", "11:00")}, "18:00", "10:20-11:00 late"},
		{"no daemon", []tracker.DaemonRun{ran("8:00", "10:10"), ran("14:00", "18:00")}, nil,
			[]tracker.Lapse{lapse("10:00", "10:20", "14:01")}, "18:00", "10:20-14:01 no-daemon"},
		{"no daemon for less than the wait", []tracker.DaemonRun{ran("8:00", "10:10"), ran("11:00", "18:00")}, nil,
			[]tracker.Lapse{lapse("8:00", "10:30", "11:01")}, "18:00", "10:30-11:01 no-daemon"},
		{"no daemon while nothing was due", []tracker.DaemonRun{ran("8:00", "10:10"), ran("11:00", "18:00")}, nil,
			[]tracker.Lapse{lapse("8:00", "11:00", "11:11")}, "18:00", ""},
		{"a daemon was killed", []tracker.DaemonRun{killed, ran("14:00", "18:00")}, nil,
			[]tracker.Lapse{lapse("10:00", "10:20", "14:01")}, "18:00", "10:20-14:01 no-daemon"},
		{"and none runs since", []tracker.DaemonRun{killed}, nil, []tracker.Lapse{lapse("10:00", "10:20", "")}, "18:00", "10:20- no-daemon"},
		{"none ever ran", nil, nil, []tracker.Lapse{lapse("10:00", "10:00", "")}, "18:00", "10:00- no-daemon"},
		{"the host was down", allDay, nil, []tracker.Lapse{lapse("10:00", "10:20", "12:00",
			tried("10:20", "10:25", failed, "network"), tried("10:25", "10:35", failed, "timeout"), tried("10:35", "11:55", failed, "http-503"))},
			"18:00", "10:20-12:00 unreachable (http-503)"},
		{"one look failed", allDay, nil, []tracker.Lapse{lapse("10:00", "10:20", "10:26", tried("10:20", "10:25", failed, "network"))}, "18:00", ""},
		{"a wall", allDay, nil, []tracker.Lapse{lapse("10:00", "10:20", "", tried("10:20", "11:20", blocked, "login"), tried("11:20", "13:20", blocked, "login"))},
			"13:00", "10:20- blocked (login)"},
		{"no article", allDay, nil, []tracker.Lapse{lapse("10:00", "10:20", "11:00", tried("10:20", "11:00", failed, "not-html"))}, "18:00", "10:20-11:00 unreadable (not-html)"},
		{"robots.txt", allDay, nil, []tracker.Lapse{lapse("10:00", "10:20", "15:00", tried("10:20", "15:00", skipped, "robots"))}, "18:00", "10:20-15:00 refused (robots)"},
		{"paused", allDay, []tracker.Rest{{Cause: tracker.GapPaused, At: at("10:10"), Until: at("12:00")}},
			[]tracker.Lapse{lapse("10:00", "10:20", "12:01", tried("11:00", "11:20", skipped, "paused"))}, "18:00", "10:20-12:01 paused"},
		{"paused still", allDay, []tracker.Rest{{Cause: tracker.GapPaused, At: at("10:10")}}, []tracker.Lapse{lapse("10:00", "10:20", "")}, "18:00", "10:20- paused"},
		{"the host was down, then the daemon", []tracker.DaemonRun{ran("8:00", "11:00"), ran("14:00", "18:00")}, nil,
			[]tracker.Lapse{lapse("10:00", "10:20", "14:02", tried("10:20", "10:40", failed, "dns"))}, "18:00",
			"10:20-10:50 unreachable (dns); 10:50-11:00 late; 11:00-14:02 no-daemon"},
		{"the machine slept", []tracker.DaemonRun{ran("8:00", "10:00"), slept}, nil, []tracker.Lapse{lapse("9:55", "10:10", "16:01")}, "18:00", "10:10-16:01 clock"},
		{"the clock was set back", []tracker.DaemonRun{ran("8:00", "12:00"), setBack}, nil,
			[]tracker.Lapse{{Seen: at("11:50"), Planned: at("9:10"), Next: at("12:10"), SetBack: true}}, "18:00", "09:10-12:10 clock"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := tracker.Watching{ArticleID: 7, Lapses: tt.lapses, Runs: tt.runs, Rests: tt.rests}
			gaps := w.Gaps(at(tt.now))
			if got := gapText(gaps); got != tt.want {
				t.Errorf("Gaps = %q, want %q", got, tt.want)
			}
			for _, g := range gaps {
				if g.ArticleID != 7 || !g.Seen.Equal(tt.lapses[0].Seen) || g.Why() == string(g.Cause) {
					t.Errorf("Gap = %+v, and why: %q", g, g.Why())
				}
			}
		})
	}
}

func TestUntold(t *testing.T) {
	gaps := []tracker.Gap{
		{From: at("10:20"), Until: at("12:00"), Cause: tracker.GapBlocked},
		{From: at("12:00"), Until: at("13:00"), Cause: tracker.GapNoDaemon},
		{From: at("15:00"), Cause: tracker.GapBlocked},
	}
	events := []tracker.Event{{Kind: tracker.EventBlocked, At: at("10:20"), Until: at("12:00")}}
	if got, want := gapText(tracker.Untold(gaps, events)), "12:00-13:00 no-daemon; 15:00- blocked"; got != want {
		t.Errorf("Untold = %q, want %q", got, want)
	}
}

func TestDowntimes(t *testing.T) {
	killed := ran("14:00", "15:00")
	killed.Ended = time.Time{}
	runs := []tracker.DaemonRun{ran("8:00", "10:00"), ran("10:05", "11:00"), ran("13:00", "13:30"), killed}
	if got, want := gapText(tracker.Downtimes(runs, at("18:00"))), "11:00-13:00 no-daemon; 13:30-14:00 no-daemon; 15:00- no-daemon"; got != want {
		t.Errorf("Downtimes = %q, want %q", got, want)
	}
	if got := gapText(tracker.Downtimes(runs[:1], at("10:01"))); got != "" {
		t.Errorf("Downtimes = %q a minute after the end, want none", got)
	}
}
