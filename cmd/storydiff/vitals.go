package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
)

// vitals are what is to be known of whether a daemon does its work: what /healthz
// and /metrics tell.
type vitals struct {
	db      *storage.DB
	ticks   cron.Schedule // nil: nobody watches here, this serves the report alone
	metrics *metrics
	now     func() time.Time
	last    atomic.Pointer[time.Time] // when what is due was last looked for
	catch   catchUp                   // what goes on beside

	begun   chan struct{} // closed once what is due was looked for
	beginOn sync.Once
}

func newVitals(db *storage.DB, ticks cron.Schedule) *vitals {
	v := &vitals{db: db, ticks: ticks, metrics: newMetrics(db), now: time.Now, begun: make(chan struct{})}
	v.mark()
	return v
}

func (v *vitals) mark() {
	now := v.now()
	v.last.Store(&now)
}

// observe lets w tell what it does.
func (v *vitals) observe(w *tracker.Watcher) {
	w.Ticked = func(took time.Duration) {
		v.mark()
		v.metrics.ticked(v.now(), took)
		v.beginOn.Do(func() { close(v.begun) })
	}
	tell := w.Tell
	w.Tell = func(r tracker.Result) {
		v.metrics.checked(r)
		if tell != nil {
			tell(r)
		}
	}
}

// live notes that this process is a daemon, and goes on doing so until ctx ends;
// the end is noted when nothing of that goes on any more.
func (v *vitals) live(ctx context.Context, run tracker.DaemonRun, log *slog.Logger) (*sync.WaitGroup, error) {
	h := &heart{keep: v.db, log: log, run: run, now: steadyClock(), pulse: func() {
		if v.watching().OK {
			notify("WATCHDOG=1")
		}
	}}
	if err := h.begin(context.WithoutCancel(ctx)); err != nil { // so that one that is told to end at once ends in order
		return nil, err
	}
	log.InfoContext(ctx, "started", "version", release, "db", v.db.Path(), "listen", run.Listen, "pid", run.PID)
	notify("READY=1")
	var alive sync.WaitGroup
	alive.Go(func() {
		h.beatUntil(ctx)
		notify("STOPPING=1")
	})
	return &alive, nil
}

// tickSlack is how late the look for what is due may be: once a tick is over, the
// next begins on time, but a machine that is busy needs a while.
const tickSlack = 3 * time.Minute

// watching says whether the watcher looks for what is due when it should.
func (v *vitals) watching() report.Part {
	last := *v.last.Load()
	if late := v.now().Sub(v.ticks.Next(last.UTC())); late > tickSlack {
		return report.Part{Name: "watcher", Text: fmt.Sprintf("Nobody has looked for due articles since %s.", when(last))}
	}
	return report.Part{Name: "watcher", OK: true, Text: fmt.Sprintf("Due articles were looked for at %s.", when(last))}
}

// parts says how it stands with all but the store, for /healthz.
func (v *vitals) parts(context.Context) []report.Part {
	var parts []report.Part
	if v.ticks != nil {
		parts = append(parts, v.watching())
	}
	if disk, ok := v.db.Disk(); ok {
		parts = append(parts, report.Part{Name: "disk", OK: disk.Free >= storage.LeastFree, Text: diskText(disk)})
	}
	return append(parts, v.catch.parts()...)
}

func diskText(d storage.Disk) string {
	if d.Free < storage.LeastFree {
		return fmt.Sprintf("The disk is full: %s are left.", bytesText(d.Free))
	}
	return fmt.Sprintf("The disk has room for %s of %s.", bytesText(d.Free), bytesText(d.Total))
}

// bytesText writes a number of bytes for a person.
func bytesText(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d bytes", n)
	}
	size, name := float64(n), ""
	for _, name = range []string{"KiB", "MiB", "GiB", "TiB"} {
		if size /= unit; size < unit {
			break
		}
	}
	return strings.TrimSuffix(strconv.FormatFloat(size, 'f', 1, 64), ".0") + " " + name
}
