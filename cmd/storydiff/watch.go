package main

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/robfig/cron/v3"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/discover"
)

// softMemory is how much memory the daemon takes, in bytes, before it lets go
// sooner of what it has done with. It is no bound: what is in use stays. Eight
// pages of the largest size at once are in hand with 200 MB.
const softMemory = 200 << 20

// How often a daemon whose disk takes nothing more tries it again.
const (
	firstTry = time.Second
	lastTry  = 30 * time.Second
)

// watch runs the watcher until ctx ends. Where the disk takes nothing more, or
// cannot be read, it stops, says so once, and goes on by itself when it does: to end the program
// would have it started again and again for as long as the disk is full, and
// would take the report away.
func watch(ctx context.Context, w *tracker.Watcher, db *storage.DB, ticks cron.Schedule, log *slog.Logger) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
	if err := db.Reserve(); err != nil {
		log.WarnContext(ctx, "no reserve for the last records", "err", err)
	}
	for {
		err := w.Run(ctx, ticks)
		if err == nil || !storage.MayPass(err) {
			return err
		}
		stopped := time.Now()
		log.ErrorContext(ctx, "watching stopped until the database can be written again", "err", err)
		if !writable(ctx, db, log) {
			return nil
		}
		log.InfoContext(ctx, "watching again", "stopped_for", time.Since(stopped).Round(time.Second))
	}
}

// poll looks for new articles until ctx ends. Where the disk takes nothing more,
// it goes on when the disk may again: watch says so.
func poll(ctx context.Context, p *discover.Poller, ticks cron.Schedule, log *slog.Logger) error {
	for {
		err := p.Run(ctx, ticks)
		if err == nil || !storage.MayPass(err) {
			return err
		}
		log.DebugContext(ctx, "sources not polled", "err", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lastTry):
		}
	}
}

// writable waits until the database can be written; false: ctx ended first.
func writable(ctx context.Context, db *storage.DB, log *slog.Logger) bool {
	for wait := firstTry; ; wait = min(2*wait, lastTry) {
		again := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			again.Stop()
			return false
		case <-again.C:
		}
		err := db.Resume(ctx)
		if err == nil {
			return true
		}
		log.DebugContext(ctx, "not writable yet", "err", err)
	}
}
