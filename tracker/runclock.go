package tracker

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"storydiff/tracker/fetch"
)

const (
	// pollClock is how often the clock is read while a tick is waited for: a timer
	// does not hear of a clock that was set, nor of a night that the machine slept.
	pollClock = 30 * time.Second
	// overslept is how late a tick is where something stood still meanwhile.
	overslept = 10 * time.Minute
	// setBack is how far back a clock must go for its looks to come too late: less
	// is what a time server does.
	setBack = time.Minute
	// backlogOver is the least time over which a backlog is spread.
	backlogOver = 10 * time.Minute
)

// now is what the clock says.
func (w *Watcher) now() time.Time {
	if w.Clock != nil {
		return w.Clock()
	}
	return time.Now()
}

// date gives a page the times of the watcher's clock, where that is another than
// the machine's, by which pages are fetched.
func (w *Watcher) date(p *fetch.Page) {
	if w.Clock != nil {
		by := time.Until(w.Clock())
		p.Began, p.Ended = wall(p.Began.Add(by)), wall(p.Ended.Add(by))
	}
}

// keepTime ticks at once and whenever ticks says so, one tick after the other,
// until ctx ends or one fails. A tick that takes longer than the time to the next
// makes no two: what was missed is not made up for.
func (w *Watcher) keepTime(ctx context.Context, ticks cron.Schedule, tick func() error) error {
	read := wall(w.now()) // also while a tick goes on the clock may be set
	if err := w.settleClock(ctx); err != nil {
		return err
	}
	for {
		if err := tick(); err != nil {
			return err
		}
		late, err := w.waitTick(ctx, ticks, &read)
		if err != nil {
			return err
		}
		if late {
			if err := w.settleClock(ctx); err != nil {
				return err
			}
		}
	}
}

// waitTick waits for the next tick; late says that it comes much later than it
// was due, or that the clock was set back since it was last read, which is at read.
func (w *Watcher) waitTick(ctx context.Context, ticks cron.Schedule, read *time.Time) (late bool, err error) {
	next := ticks.Next(w.now().UTC())
	for {
		now, before := wall(w.now()), *read
		*read = now
		if now.Before(before.Add(-setBack)) || now.Sub(before) >= pollClock+overslept {
			return true, nil
		}
		if !now.Before(next) {
			return now.Sub(next) >= overslept, nil
		}
		timer := time.NewTimer(min(next.Sub(now), pollClock))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false, ctx.Err()
		case <-timer.C:
		}
	}
}

// wall returns a time without the reading of the clock that stands still while
// the machine sleeps, and that nobody sets.
func wall(t time.Time) time.Time { return t.Round(0) }

// settleClock puts what is planned in order after a start, a sleep, or a change
// of the clock.
func (w *Watcher) settleClock(ctx context.Context) error {
	now := w.now()
	back, err := w.Store.Rewind(ctx, now.Add(setBack), now)
	if err != nil {
		return fmt.Errorf("planning anew after the clock was set back: %w", err)
	}
	if back > 0 {
		w.Log.WarnContext(ctx, "clock was set back", "articles", back)
	}
	spread, err := w.Store.Spread(ctx, now, func(host string, backlog int) time.Duration {
		over := backlogOver
		if most := w.hostMost(host); most > 0 {
			over = max(over, time.Duration(float64(backlog)/most*float64(24*time.Hour)))
		}
		return over
	})
	if err != nil {
		return fmt.Errorf("spreading what is overdue: %w", err)
	}
	if spread > 0 {
		w.Log.InfoContext(ctx, "backlog spread", "articles", spread)
	}
	return nil
}

// setBackText says in a sentence that the clock was set back before a look.
func setBackText(by time.Duration) string {
	if by <= 0 {
		return ""
	}
	return fmt.Sprintf("the clock moved: it says %s less than at the look before, of which this look is given the time", roughly(by))
}

// inOrder makes sure that the times of a look do not lie before those of the look
// before: it returns how far they are moved for that, 0 where the clock went
// forward as it should.
func (a *Article) inOrder(began time.Time) (by time.Duration) {
	if a.LastCheck.IsZero() || !began.Before(a.LastCheck) {
		return 0
	}
	return a.LastCheck.Sub(began) + time.Millisecond // the store's unit
}
