package tracker_test

import (
	"encoding/json"
	"testing"
	"time"

	"storydiff/tracker"
)

// A schedule that was kept plans as before, and what none can be is refused.
func TestKeptSchedule(t *testing.T) {
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var articles []tracker.Article
	for _, host := range []string{"a.example", "b.example", "b.example"} {
		articles = append(articles, tracker.Article{State: tracker.Active, Host: host, AddedAt: start.Add(-24 * time.Hour), LastCheck: start})
	}
	most := func(host string) float64 { return map[string]float64{"b.example": 2}[host] }
	s := tracker.Schedule{Cadence: tracker.Cadence{Least: 90 * time.Second, Most: 48 * time.Hour}}.Spaced(most, articles, start).Within(5, articles, start)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var kept tracker.Schedule
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if kept.Cadence != s.Cadence || kept.Capped("b.example") != 2 || kept.Capped("a.example") != 0 {
		t.Errorf("%s is read as %+v, want %+v", text, kept, s)
	}
	for _, a := range articles {
		if got, want := kept.Why(a), s.Why(a); got != want {
			t.Errorf("%s: %q, want %q", a.Host, got, want)
		}
	}
	for _, text := range []string{`{}`, `[]`, `{"knob":0,"least_ms":1,"most_ms":2}`, `{"knob":-1,"least_ms":1,"most_ms":2}`, `{"knob":1,"least_ms":3,"most_ms":2}`, `{"knob":1,"least_ms":0,"most_ms":2}`, `{"knob":1,"least_ms":1,"most_ms":9223372036854775807}`} {
		if err := json.Unmarshal([]byte(text), &kept); err == nil {
			t.Errorf("%s is read as %+v, want an error", text, kept)
		}
	}
}
