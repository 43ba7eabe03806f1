package tracker_test

import (
	"math"
	"testing"
	"time"

	"storydiff/tracker"
)

// The intervals that the model gives at its usual knob, in minutes, by the age
// of an article and the changes seen.
func TestCadence(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	for _, tt := range []struct {
		age     time.Duration
		changes int
		minutes float64
	}{
		{0, 0, 37}, {0, 1, 21}, {0, 3, 14},
		{hour, 0, 58}, {hour, 1, 34}, {hour, 3, 22},
		{6 * hour, 0, 146}, {6 * hour, 1, 84}, {6 * hour, 3, 55},
		{day, 0, 390}, {day, 1, 225}, {day, 3, 148},
		{7 * day, 0, 1700}, {7 * day, 1, 982}, {7 * day, 3, 643},
		{30 * day, 0, 5127}, {30 * day, 1, 2960}, {30 * day, 3, 1938},
	} {
		p := tracker.Pace{Age: tt.age, Changes: tt.changes, Quiet: 1000 * hour}
		if got := (tracker.Cadence{}).Wait(p).Minutes(); math.Abs(got-tt.minutes) > 0.02*tt.minutes+1 {
			t.Errorf("at %v with %d changes: %.0f minutes, want %.0f", tt.age, tt.changes, got, tt.minutes)
		}
	}
	if got := (tracker.Cadence{}).Wait(tracker.Pace{Age: day, Changes: 1}); got < 10*time.Minute || got > 20*time.Minute {
		t.Errorf("just after a change: %v, want about a quarter of an hour", got)
	}
}

func TestCadenceBounds(t *testing.T) {
	for _, p := range []tracker.Pace{
		{}, {Age: -time.Hour}, {Age: math.MaxInt64}, {Age: math.MaxInt64, FirstSeen: math.MaxInt64}, {Changes: math.MaxInt32},
		{Quiet: -time.Hour, Changes: 1}, {FirstSeen: time.Hour}, {Age: math.MinInt64, FirstSeen: math.MinInt64, Quiet: math.MinInt64, Changes: 1},
	} {
		for _, knob := range []float64{0, -1, 1e-9, 0.3, 1e9, math.Inf(1), math.NaN()} {
			if got := (tracker.Cadence{Knob: knob}).Wait(p); got < 5*time.Minute || got > 7*24*time.Hour {
				t.Errorf("Cadence{%v}.Wait(%+v) = %v", knob, p, got)
			}
		}
	}
}

func TestSteer(t *testing.T) {
	for _, tt := range []struct{ knob, asked, budget, want float64 }{
		{0.3, 100, 100, 0.3}, {0.3, 110, 100, 0.33}, {0.3, 90, 100, 0.27},
		{0.3, 1000, 100, 0.6}, {0.3, 1, 100, 0.15},
		{0, 100, 100, 0.3}, {0.3, 0, 100, 0.3}, {0.3, 100, 0, 0.3}, {0.3, math.NaN(), 100, 0.3},
		{100, 1e9, 1, 168}, {0.001, 1, 1e9, 0.001},
	} {
		if got := (tracker.Cadence{Knob: tt.knob}).Steer(tt.asked, tt.budget).Knob; math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("Cadence{%v}.Steer(%v, %v) has knob %v, want %v", tt.knob, tt.asked, tt.budget, got, tt.want)
		}
	}
}
