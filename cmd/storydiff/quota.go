package main

import (
	"context"
	"log/slog"
	"time"

	"storydiff/storage"
)

const (
	// measureEvery is how often the size of the database is held against --max-db.
	// In that time 600 pages of 35 KB, as many as are ever fetched, add 20 MB.
	measureEvery = time.Minute
	// measureLater is how often once there was nothing more to drop.
	measureLater = time.Hour
)

// keepWithin keeps what the database holds within so many bytes, until ctx ends;
// 0: no limit. Where no more can be dropped it says so once.
func keepWithin(ctx context.Context, db *storage.DB, most int64, log *slog.Logger) {
	if most == 0 {
		return
	}
	over := false
	for every := measureEvery; ; {
		d, err := db.Trim(ctx, most, time.Now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.WarnContext(ctx, "not kept within max-db", "err", err)
		case d.Wires+d.Bodies > 0:
			log.InfoContext(ctx, "dropped to keep within max-db", "wires", d.Wires, "bodies", d.Bodies)
		}
		if d.Over && !over {
			log.WarnContext(ctx, "the database is larger than max-db, and nothing more in it may be dropped", "max_db", most)
		}
		if over, every = d.Over, measureEvery; over {
			every = measureLater
		}
		next := time.NewTimer(every)
		select {
		case <-ctx.Done():
			next.Stop()
			return
		case <-next.C:
		}
	}
}
