package tracker_test

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker"
)

// A clockWorld is a planner with a clock that can be moved.
type clockWorld struct {
	*planner
	t     *testing.T
	moved atomic.Int64 // by so much
	start time.Time
}

// inClockWorld runs a test in a bubble, with articles on 10 hosts of which all have
// been looked at, the next look at each within a week.
func inClockWorld(t *testing.T, each int, test func(w *clockWorld)) {
	sites := unchangedSites(t, 10)
	synctest.Test(t, func(t *testing.T) {
		w := &clockWorld{t: t, start: time.Now()}
		w.planner = newPlanner(func() time.Time { return time.Now().Add(time.Duration(w.moved.Load())).Round(0) })
		rnd := rand.New(rand.NewPCG(1, 2))
		w.populate(sites, each, rnd.Float64)
		for _, a := range w.articles {
			a.LastCheck = w.start.Add(-time.Hour)
			a.NextCheck, _ = tracker.Schedule{Random: rnd.Float64}.Next(*a, a.LastCheck)
		}
		test(w)
		for _, fault := range w.faults {
			t.Error(fault)
		}
	})
}

// run lets the watcher work while during goes on, and stops it.
func (w *clockWorld) run(during func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	ticks, err := tracker.ParseCron("* * * * *")
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- w.watcher(newGapLedger(time.Second), time.Second).Run(ctx, ticks) }()
	during()
	cancel()
	if err := <-done; err != nil {
		w.t.Error(err)
	}
}

// wantSpread waits for an hour and wants n looks in it, and in no minute more than
// so many.
func (w *clockWorld) wantSpread(what string, least, most, aMinute int) {
	w.t.Helper()
	from := time.Now()
	time.Sleep(time.Hour)
	if n := w.looksBetween(from, time.Now()); n < least || n > most {
		w.t.Errorf("%s: %d looks in an hour, want %d to %d", what, n, least, most)
	}
	for m := range 60 {
		at := from.Add(time.Duration(m) * time.Minute)
		if n := w.looksBetween(at, at.Add(time.Minute)); n > aMinute {
			w.t.Errorf("%s: %d looks in minute %d, want at most %d", what, n, m, aMinute)
		}
	}
}

// perDay is how many looks a day the schedule asks for.
func (w *clockWorld) perDay() int {
	return int(tracker.Schedule{}.LooksPerDay(w.now(), w.clock()))
}

// now returns the articles as they stand.
func (w *clockWorld) now() []tracker.Article {
	all, _ := w.Articles(w.t.Context(), tracker.ArticleFilter{})
	return all
}

// A daemon that starts after a week looks at each article once, spread over ten
// minutes.
func TestStartAfterAWeek(t *testing.T) {
	inClockWorld(t, 100, func(w *clockWorld) {
		w.moved.Store(int64(7 * 24 * time.Hour))
		w.run(func() { w.wantSpread("a start", 1000, 1000+w.perDay()/24+30, 150) })
	})
}

// A machine that slept for eight hours catches up with one look at each article
// that was due.
func TestSleep(t *testing.T) {
	inClockWorld(t, 100, func(w *clockWorld) {
		w.run(func() {
			time.Sleep(time.Hour + 30*time.Second)
			w.moved.Add(int64(8 * time.Hour))
			asleep := 0
			for _, a := range w.now() {
				if a.NextCheck.Before(w.clock()) {
					asleep++
				}
			}
			if asleep < 60 {
				w.t.Errorf("%d articles were due meanwhile, too few for the test", asleep)
			}
			w.wantSpread("after a sleep", asleep, asleep+w.perDay()/24+60, asleep/10+30)
		})
	})
}

// A clock that runs ahead by a year and is set back brings no stampede, and no
// year without looks; a time server's steps are not noticed.
func TestClockMoves(t *testing.T) {
	const year = 365 * 24 * time.Hour
	inClockWorld(t, 30, func(w *clockWorld) {
		w.run(func() {
			perHour := w.perDay()/24 + 40
			w.wantSpread("at first", 1, perHour+40, 40)
			time.Sleep(30 * time.Second) // between two ticks
			w.moved.Add(int64(year))
			w.wantSpread("a year ahead", 300, 300+perHour, 60)
			w.moved.Add(-int64(year))
			time.Sleep(time.Minute)
			for _, a := range w.now() {
				if wait := a.NextCheck.Sub(w.clock()); wait > 31*24*time.Hour || a.State != tracker.Active {
					w.t.Errorf("%s is %s and due in %v after the clock was set back", a.URL, a.State, wait)
				}
			}
			from := time.Now()
			w.wantSpread("set back", 0, perHour, 40)
			time.Sleep(23 * time.Hour)
			if n := w.looksBetween(from, time.Now()); n < 50 {
				w.t.Errorf("%d looks in the day after the clock was set back", n)
			}
			w.moved.Add(-int64(24 * time.Hour))
			w.wantSpread("set back by a day", 0, perHour, 40)
			for _, step := range []time.Duration{2 * time.Second, -time.Second, 40 * time.Second, -50 * time.Second} {
				w.moved.Add(int64(step))
				w.wantSpread("a step", 0, perHour, 40)
			}
		})
	})
}

// What was looked at while the clock was ahead keeps its times in order, and its
// look says that the clock moved.
func TestClockMovedIsSaid(t *testing.T) {
	inClockWorld(t, 1, func(w *clockWorld) {
		for _, a := range w.articles {
			a.LastCheck, a.NextCheck = w.start.Add(24*time.Hour), w.start
		}
		w.run(func() { time.Sleep(time.Hour) })
		const want = "the clock moved: it says a day less than at the look before, of which this look is given the time"
		for _, a := range w.articles {
			if c := w.last[a.ID]; c.Detail != want && c.Detail != "the clock moved: it says 23 hours less than at the look before, of which this look is given the time" {
				w.t.Errorf("%s: %s %q, want %q", a.URL, c.Outcome, c.Detail, want)
			}
		}
	})
}

// A tick that takes longer than the time to the next is followed by one, not by
// all that were missed; and each keeps to its minute.
func TestTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlanner(time.Now)
		slow := &slowStore{planner: p, took: 150 * time.Second}
		w := p.watcher(nil, 0)
		w.Store, w.Clock = slow, nil
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		ticks, err := tracker.ParseCron("* * * * *")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Run(ctx, ticks); err != nil {
			t.Error(err)
		}
		if n := len(slow.began); n < 19 || n > 21 {
			t.Errorf("%d ticks in an hour that take two and a half minutes each, want 20", n)
		}
		for _, at := range slow.began[1:] {
			if at.Second() != 0 {
				t.Errorf("a tick at %v, want it on the minute", at)
			}
		}
	})
}

// A slowStore takes its time to say what is due.
type slowStore struct {
	*planner
	took  time.Duration
	began []time.Time
}

func (s *slowStore) DueHosts(context.Context, time.Time) ([]string, error) {
	s.began = append(s.began, time.Now())
	time.Sleep(s.took)
	return nil, nil
}
