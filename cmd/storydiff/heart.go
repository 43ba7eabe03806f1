package main

import (
	"context"
	"log/slog"
	"time"

	"storydiff/tracker"
)

const (
	// beatEvery is how often a daemon gives a sign of life. A gap is measured no
	// finer than that.
	beatEvery = time.Minute
	// jump is by how much the clock may move against time itself within a beat:
	// a server that sets the time slews it by far less.
	jump = 2 * time.Minute
)

// A runKeeper keeps when daemons ran.
type runKeeper interface {
	BeginRun(ctx context.Context, r *tracker.DaemonRun) error
	Beat(ctx context.Context, id int64, now time.Time) error
	EndRun(ctx context.Context, id int64, now time.Time) error
}

// A heart notes in the store that a daemon runs, once a minute, so that even of
// one that was killed it is known until when it watched. Where the clock jumps,
// because the machine slept or the clock was set, one run ends and another begins.
type heart struct {
	keep  runKeeper
	log   *slog.Logger
	run   tracker.DaemonRun
	pulse func()                                        // called with each beat; nil: nobody
	now   func() (wall time.Time, steady time.Duration) // the clock, and what it is held against

	wall   time.Time // at the last beat
	steady time.Duration
	mute   bool // the last beat was not kept, and that was told
}

// steadyClock returns the clock and the time since began that no one can set.
func steadyClock() func() (time.Time, time.Duration) {
	began := time.Now()
	return func() (time.Time, time.Duration) {
		now := time.Now()
		return now.Round(0), now.Sub(began)
	}
}

// begin notes that the daemon runs.
func (h *heart) begin(ctx context.Context) error {
	h.wall, h.steady = h.now()
	h.run.Began = h.wall
	return h.keep.BeginRun(ctx, &h.run)
}

// beatUntil gives signs of life until ctx ends, and then notes the end.
func (h *heart) beatUntil(ctx context.Context) {
	ticks := time.NewTicker(beatEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			h.told(ctx, h.beat(ctx))
			if h.pulse != nil {
				h.pulse()
			}
		case <-ctx.Done():
			wall, _ := h.now()
			ctx = context.WithoutCancel(ctx)
			h.told(ctx, h.keep.EndRun(ctx, h.run.ID, wall))
			return
		}
	}
}

func (h *heart) beat(ctx context.Context) error {
	wall, steady := h.now()
	moved := wall.Sub(h.wall) - (steady - h.steady)
	last := h.wall
	h.wall, h.steady = wall, steady
	if moved.Abs() < jump {
		return h.keep.Beat(ctx, h.run.ID, wall)
	}
	h.log.WarnContext(ctx, "clock moved", "by", moved.Round(time.Second), "from", last.UTC(), "to", wall.UTC())
	if err := h.keep.EndRun(ctx, h.run.ID, last); err != nil {
		return err
	}
	h.run.Began, h.run.Moved = wall, moved
	return h.keep.BeginRun(ctx, &h.run)
}

// told logs once a spell that signs of life are not kept.
func (h *heart) told(ctx context.Context, err error) {
	switch {
	case err != nil && !h.mute:
		h.log.ErrorContext(ctx, "sign of life not kept", "err", err)
	case err == nil && h.mute:
		h.log.InfoContext(ctx, "signs of life kept again")
	}
	h.mute = err != nil
}
