package tracker_test

import (
	"context"
	"math"
	"testing"
	"time"

	"storydiff/tracker"
)

// watch has a new watcher look as long as said, as after a restart.
func (w *clockWorld) watch(how time.Duration, set func(*tracker.Watcher)) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ticks, err := tracker.ParseCron("* * * * *")
	if err != nil {
		w.t.Fatal(err)
	}
	watcher := w.watcher(newGapLedger(time.Second), time.Second)
	set(watcher)
	done := make(chan error)
	go func() { done <- watcher.Run(ctx, ticks) }()
	time.Sleep(how)
	cancel()
	if err := <-done; err != nil {
		w.t.Error(err)
	}
}

// A budget that is another one after a restart holds from then on, not only for
// looks that are planned after it; with the same one nothing is planned anew.
func TestBudgetChangedAtARestart(t *testing.T) {
	const day = 24 * time.Hour
	inClockWorld(t, 50, func(w *clockWorld) {
		for _, step := range []struct {
			budget float64
			within float64
		}{{250, 0.3}, {250, 0.3}, {1000, 0.1}, {300, 0.15}} { // at first they do not look as the cadence has them
			before, start := w.replanned, time.Now()
			w.watch(time.Minute, func(watcher *tracker.Watcher) { watcher.Budget = step.budget })
			atOnce := w.replanned - before
			w.watch(day, func(watcher *tracker.Watcher) { watcher.Budget = step.budget })
			n := float64(w.looksBetween(start, time.Now()))
			w.t.Logf("budget %.0f: %.0f looks, %d planned anew at once", step.budget, n, atOnce)
			if math.Abs(n-step.budget) > step.within*step.budget {
				w.t.Errorf("%.0f looks in the day after a start with a budget of %.0f", n, step.budget)
			}
			if step.budget != 250 && atOnce < 400 {
				w.t.Errorf("budget %.0f: %d of 500 looks planned anew at once", step.budget, atOnce)
			}
		}
	})
}

// So does the lack of a budget.
func TestNoBudgetAfterARestart(t *testing.T) {
	inClockWorld(t, 50, func(w *clockWorld) {
		w.watch(time.Minute, func(watcher *tracker.Watcher) { watcher.Budget = 100 })
		w.watch(time.Minute, func(*tracker.Watcher) {})
		by, err := w.PlannedBy(w.t.Context())
		if err != nil || by.Cadence.Knob != (tracker.Schedule{}).Cadence.Knob {
			w.t.Errorf("planned by %+v, %v, want the usual schedule", by.Cadence, err)
		}
	})
}

// So does another bound of the time between two looks.
func TestBoundsChangedAtARestart(t *testing.T) {
	inClockWorld(t, 50, func(w *clockWorld) {
		w.watch(time.Hour, func(*tracker.Watcher) {})
		w.watch(time.Minute, func(watcher *tracker.Watcher) { watcher.Cadence.Most = 6 * time.Hour })
		late := 0
		for _, a := range w.now() {
			if a.NextCheck.Sub(w.clock()) > 7*time.Hour {
				late++
			}
		}
		if late > 0 {
			w.t.Errorf("%d articles are looked at later than 6 hours after the start", late)
		}
	})
}
