package tracker

import (
	"context"
	"fmt"
	"time"
)

// steerEvery is how often the looks are shared out anew.
const steerEvery = 10 * time.Minute

// steerOn shares out the looks every ten minutes until ctx ends, beginning at once
// where that is said. It does so beside the ticks: to read all articles takes longer
// than a tick may.
func (w *Watcher) steerOn(ctx context.Context, stop context.CancelCauseFunc, atOnce bool) {
	again := time.NewTicker(steerEvery)
	defer again.Stop()
	for ; ; atOnce = true {
		if atOnce {
			if err := w.steer(ctx); err != nil && ctx.Err() == nil {
				stop(err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// steer fits the cadence to the budget, and that of each host to what the host
// may have.
func (w *Watcher) steer(ctx context.Context) error {
	articles, err := w.Store.Articles(ctx, ArticleFilter{})
	if err != nil {
		return fmt.Errorf("sharing out the looks: %w", err)
	}
	now := w.now()
	s := Schedule{Cadence: w.Cadence}
	if w.Budget > 0 {
		s.Cadence.Knob = w.Schedule().Cadence.Knob // near to what it comes to
	}
	s = s.Spaced(w.hostMost, articles, now)
	if w.Budget > 0 {
		s = s.Within(w.Budget, articles, now)
	}
	w.steered.Store(&s)
	if err := w.replan(ctx, s, articles, now); err != nil {
		return err
	}
	w.Log.DebugContext(ctx, "looks shared out", "articles", len(articles), "budget", w.Budget, "knob", s.Cadence.knob(), "capped", len(s.caps))
	return nil
}

// Schedule returns the schedule as it was last steered.
func (w *Watcher) Schedule() Schedule {
	if s := w.steered.Load(); s != nil {
		return *s
	}
	return Schedule{Cadence: w.Cadence}
}

// hostMost is how many looks a day a host may have; 0: any number.
func (w *Watcher) hostMost(host string) float64 {
	gap := time.Duration(0)
	if w.Gap != nil {
		gap = w.Gap(host)
	}
	return HostMost(gap, w.HostBudget)
}
