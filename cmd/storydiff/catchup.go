package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"storydiff/diffview"
	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
)

// A catchUp is what a daemon does beside its looks with what an earlier storydiff
// left: it reads anew what another extractor read, and indexes what is not. It
// begins when the looks have, does one article at a time and rests after each for as
// long as that took, so that it takes half of one core at most, and goes on where it
// was after a restart. The zero value has nothing to do.
type catchUp struct {
	mu    sync.Mutex
	tasks []*backlog
}

// A backlog is a part of it.
type backlog struct {
	doing      string // a sentence without its full stop
	done, left int    // articles
}

// begin notes that so many articles are to be done, and returns what is to be called
// after each.
func (c *catchUp) begin(doing string, articles int) (step func()) {
	b := &backlog{doing: doing, left: articles}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tasks = append(c.tasks, b)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		b.done, b.left = b.done+1, max(0, b.left-1)
	}
}

// end notes that nothing is done any more of what began with those words.
func (c *catchUp) end(doing string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.tasks {
		if b.doing == doing {
			b.left = 0
		}
	}
}

// catchingUp is the name of the parts of health that tell of it.
const catchingUp = "catching-up"

// parts tells of what goes on, for /healthz: nothing of it is sick.
func (c *catchUp) parts() (parts []report.Part) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.tasks {
		if b.left > 0 {
			parts = append(parts, report.Part{Name: catchingUp, OK: true, Text: fmt.Sprintf("%s: %d of %s so far.", b.doing, b.done, diffview.Count(b.done+b.left, "article"))})
		}
	}
	return parts
}

const (
	readingAnew = "What an earlier storydiff read is read anew"
	indexing    = "What an earlier storydiff left without an index is indexed"
)

// leastRest and mostRest bound how long is rested after an article.
const (
	leastRest = time.Millisecond
	mostRest  = 5 * time.Second
)

// rest waits as long as something took that began at that time; false: ctx ended.
func rest(ctx context.Context, began time.Time) bool {
	return waitFor(ctx, min(max(time.Since(began), leastRest), mostRest))
}

// waitFor waits; false: ctx ended.
func waitFor(ctx context.Context, d time.Duration) bool {
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-over.C:
		return true
	}
}

// reread reads anew what an earlier extractor read, one article after the other,
// until ctx ends. An article that cannot be is told of and passed over: checks
// compare with it all the same, reading its newest version anew each time.
func (c *catchUp) reread(ctx context.Context, d *tracker.Rereader, log *slog.Logger) {
	ids, err := d.Outdated(ctx)
	if err != nil {
		if ctx.Err() == nil {
			log.ErrorContext(ctx, "reading anew failed", "err", err)
		}
		return
	}
	step := c.begin(readingAnew, len(ids))
	for _, id := range ids {
		began := time.Now()
		done, err := d.Article(ctx, id)
		for storage.MayPass(err) && waitFor(ctx, lastTry) { // the watcher tells of it
			done, err = d.Article(ctx, id)
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.ErrorContext(ctx, "reading anew failed", "article", id, "err", err)
		case done.Altered > 0 || done.Ours > 0 || done.Furniture > 0:
			log.InfoContext(ctx, "read anew", "article", id, "versions", done.Versions, "altered", done.Altered, "extractor_made", done.Ours, "furniture_alone", done.Furniture)
		}
		step()
		if !rest(ctx, began) {
			return
		}
	}
}

// index indexes what an earlier storydiff left without an index, beside the work of
// a daemon or a report, until ctx ends.
func (c *catchUp) index(ctx context.Context, db *storage.DB, log *slog.Logger) {
	left, err := db.Unsearched(ctx)
	if err == nil && left > 0 {
		defer c.end(indexing)
		step, articles, began := c.begin(indexing, left), 0, time.Now()
		last := began
		err = db.IndexRest(ctx, func() {
			step()
			articles++
			rest(ctx, last)
			last = time.Now()
		})
		if err == nil {
			log.InfoContext(ctx, "indexed for searching", "articles", articles, "took", time.Since(began).Round(time.Millisecond))
		}
	}
	if err != nil && ctx.Err() == nil {
		log.ErrorContext(ctx, "indexing failed", "err", err)
	}
}
