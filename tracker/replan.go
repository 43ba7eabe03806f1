package tracker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// replanFrom is by what share a knob moves before looks that are planned already
// are planned anew: the budget holds within 3 %.
const replanFrom = 0.02

// untouched is how long after a look nothing is planned anew: the longest for
// which an answer is taken at its word that it will not change.
const untouched = time.Hour

// A Plan is another time for the next look at an article.
type Plan struct {
	ArticleID int64
	Was       time.Time // for when it is planned so far; a plan that was overtaken is void
	At        time.Time
}

// Replanned returns other times for the looks that are still to come at now: what
// is left of the wait for each is stretched as s would stretch the whole of it
// against before. So the looks keep to a budget from the moment on at which the
// cadence is fitted to it, and what was on its way comes neither all at once nor
// by the cadence of a day that is over. What goes by other times than the
// cadence's stays, and so does all within an hour after a look.
func (s Schedule) Replanned(before Schedule, articles []Article, now time.Time) []Plan {
	s.Random = func() float64 { return 0.5 }
	before.Random = s.Random
	var plans []Plan
	for _, a := range articles {
		soonest := a.LastCheck.Add(untouched)
		if a.State != Active || a.Cron != "" || a.LastCheck.IsZero() || a.LastOutcome == OutcomeSkipped || !a.NextCheck.After(now) || !a.NextCheck.After(soonest) {
			continue
		}
		old, _ := before.Next(a, a.LastCheck)
		anew, _ := s.Next(a, a.LastCheck)
		if anew.Equal(old) || old.IsZero() || anew.IsZero() {
			continue
		}
		stretch := hours(anew.Sub(a.LastCheck)) / hours(old.Sub(a.LastCheck))
		at := now.Add(time.Duration(stretch * float64(a.NextCheck.Sub(now))))
		if at.Before(soonest) {
			at = soonest
		}
		plans = append(plans, Plan{a.ID, a.NextCheck, at})
	}
	return plans
}

// nearTo reports whether both plan about the same looks.
func (s Schedule) nearTo(other Schedule) bool {
	least, most := s.Cadence.bounds()
	if otherLeast, otherMost := other.Cadence.bounds(); least != otherLeast || most != otherMost {
		return false
	}
	near := func(host string) bool {
		own, _ := s.cadence(host)
		others, _ := other.cadence(host)
		return math.Abs(math.Log(own.knob()/others.knob())) <= replanFrom
	}
	for _, caps := range []map[string]hostCap{s.caps, other.caps} {
		for host := range caps {
			if !near(host) {
				return false
			}
		}
	}
	return near("")
}

// replan plans by s what is planned by the schedule of before, where s is another,
// and has the store keep s. Where it is not known by what the looks to come were
// planned, as in the database of an earlier storydiff, they stay.
func (w *Watcher) replan(ctx context.Context, s Schedule, articles []Article, now time.Time) error {
	before := w.planned
	if before != nil && s.nearTo(*before) {
		return nil
	}
	var plans []Plan
	if before != nil {
		plans = s.Replanned(*before, articles, now)
	}
	if err := w.Store.Replan(ctx, now, s, plans); err != nil {
		return fmt.Errorf("planning looks anew: %w", err)
	}
	w.planned = &s
	w.Log.DebugContext(ctx, "looks planned anew", "looks", len(plans), "knob", s.Cadence.knob())
	return nil
}

// recall has the watcher go by the schedule by which the looks to come are planned,
// until it has one of its own; known says that there is such a schedule. One that
// cannot be read counts as none.
func (w *Watcher) recall(ctx context.Context) (known bool) {
	if w.planned != nil {
		return true
	}
	s, err := w.Store.PlannedBy(ctx)
	if err != nil {
		if !errors.Is(err, ErrNotFound) && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "schedule of before not readable", "err", err)
		}
		return false
	}
	w.planned = &s
	w.steered.CompareAndSwap(nil, &s)
	return true
}
