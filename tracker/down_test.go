package tracker

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A host that is down is a warning once, however often it is asked.
func TestHostsDownAreToldOnce(t *testing.T) {
	var log strings.Builder
	var d downs
	d.note(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), "by-hand.example", &Check{Outcome: OutcomeFailed, Reason: "dns"})
	d.begin()
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, c := range []Check{
		{Outcome: OutcomeUnchanged},
		{Outcome: OutcomeFailed, Reason: "dns"},
		{Outcome: OutcomeFailed, Reason: "http-503"},
		{Outcome: OutcomeSkipped, Reason: "rate-limited"},
		{Outcome: OutcomeFailed, Reason: "timeout"},
		{Outcome: OutcomeFailed, Reason: "http-404"},
		{Outcome: OutcomeFailed, Reason: "not-html"},
		{Outcome: OutcomeFailed, Reason: "network"},
	} {
		c.At = at
		d.note(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), "news.example", &c)
		at = at.Add(10 * time.Minute)
	}
	said := log.String()
	if strings.Count(said, `level=WARN msg="host down" host=news.example`) != 2 || strings.Count(said, `msg="host back" host=news.example down=40m0s`) != 1 || strings.Contains(said, "by-hand") {
		t.Errorf("the log says\n%s\nwant that the host went down, came back after 40 minutes, and went down", said)
	}
}
