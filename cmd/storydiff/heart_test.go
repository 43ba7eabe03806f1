package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage/storagetest"
	"storydiff/tracker"
)

// A diary keeps what a heart does.
type diary struct {
	text   strings.Builder
	broken atomic.Bool
	runs   int64
}

func (d *diary) note(format string, args ...any) error {
	if d.broken.Load() {
		return errors.New("the disk is full")
	}
	fmt.Fprintf(&d.text, format+"; ", args...)
	return nil
}

func (d *diary) BeginRun(_ context.Context, r *tracker.DaemonRun) error {
	d.runs++
	r.ID = d.runs
	return d.note("begin %d %s moved %v", r.ID, r.Began.Format("15:04"), r.Moved)
}

func (d *diary) Beat(_ context.Context, id int64, now time.Time) error {
	return d.note("beat %d %s", id, now.Format("15:04"))
}

func (d *diary) EndRun(_ context.Context, id int64, now time.Time) error {
	return d.note("end %d %s", id, now.Format("15:04"))
}

func TestHeart(t *testing.T) {
	tests := []struct {
		name  string
		shift time.Duration // of the clock, in the third minute
		want  string
	}{
		{"steady", 0, "begin 1 00:00 moved 0s; beat 1 00:01; beat 1 00:02; beat 1 00:03; end 1 00:03; "},
		{"set by a minute", time.Minute, "begin 1 00:00 moved 0s; beat 1 00:01; beat 1 00:02; beat 1 00:04; end 1 00:04; "},
		{"slept", 8 * time.Hour, "begin 1 00:00 moved 0s; beat 1 00:01; beat 1 00:02; end 1 00:02; begin 2 08:03 moved 8h0m0s; end 2 08:03; "},
		{"set back", -time.Hour, "begin 1 00:00 moved 0s; beat 1 00:01; beat 1 00:02; end 1 00:02; begin 2 23:03 moved -1h0m0s; end 2 23:03; "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				clock := steadyClock()
				var shift atomic.Int64
				h := &heart{keep: &d, log: slog.New(slog.DiscardHandler), now: func() (time.Time, time.Duration) {
					wall, steady := clock()
					return wall.Add(time.Duration(shift.Load())).UTC(), steady
				}}
				if err := h.begin(t.Context()); err != nil {
					t.Fatal(err)
				}
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan struct{})
				go func() { defer close(done); h.beatUntil(ctx) }()
				time.Sleep(2*time.Minute + 30*time.Second)
				shift.Store(int64(tt.shift))
				time.Sleep(time.Minute)
				stop()
				<-done
				if got := d.text.String(); got != tt.want {
					t.Errorf("the diary says\n%s, want\n%s", got, tt.want)
				}
			})
		})
	}
}

// A store that keeps no sign of life is told of once.
func TestHeartComplainsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		var d diary
		h := &heart{keep: &d, log: slog.New(slog.NewTextHandler(&log, nil)), now: steadyClock()}
		if err := h.begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); h.beatUntil(ctx) }()
		d.broken.Store(true)
		time.Sleep(5*time.Minute + time.Second)
		d.broken.Store(false)
		time.Sleep(2 * time.Minute)
		stop()
		<-done
		if n, again := strings.Count(log.String(), "not kept"), strings.Count(log.String(), "kept again"); n != 1 || again != 1 {
			t.Errorf("told %d times of the trouble and %d of its end:\n%s", n, again, log.String())
		}
	})
}

func TestWatcherIsSickWhereItDoesNotTick(t *testing.T) {
	db := storagetest.New(t)
	ticks, err := tracker.ParseCron("*/10 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 10, 1, 0, 0, time.UTC)
	v := newVitals(db, ticks)
	v.now = func() time.Time { return now }
	v.mark()
	for _, tt := range []struct {
		after time.Duration
		ok    bool
	}{{0, true}, {9 * time.Minute, true}, {12 * time.Minute, true}, {12*time.Minute + time.Second, false}} {
		now = time.Date(2026, 3, 2, 10, 1, 0, 0, time.UTC).Add(tt.after)
		if p := v.watching(); p.OK != tt.ok || !strings.Contains(p.Text, "2026-03-02 10:01 UTC") {
			t.Errorf("%v after a tick, of which one is due at 10:10: %+v, want well: %t", tt.after, p, tt.ok)
		}
	}
	parts := newVitals(db, nil).parts(t.Context())
	if len(parts) != 1 || parts[0].Name != "disk" || !parts[0].OK {
		t.Errorf("the parts of a report alone are %+v, want the disk", parts)
	}
}

func TestBytesText(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1023: "1023 bytes", 1536: "1.5 KiB", 8 << 20: "8 MiB", 5 << 40: "5 TiB", 1000 << 10: "1000 KiB", 5 << 50: "5120 TiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("bytesText(%d) = %q, want %q", n, got, want)
		}
	}
}
