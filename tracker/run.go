package tracker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	// pollLease is how often an article that another worker holds is asked for.
	pollLease = 250 * time.Millisecond
	// waitsInSilence is how often before the wait is told of.
	waitsInSilence = 8
)

// Run looks for due articles whenever ticks says so, beginning at once, and
// checks them: hosts side by side, the articles of one host one after the
// other. Every ten minutes it shares out the looks anew. It returns nil when ctx
// ends and the checks in hand are finished or abandoned, and an error where the
// store fails: no store, no work.
//
// Where looks are planned already, it goes by the schedule that planned them until,
// some seconds later, it has worked out its own, and then plans by that what was
// planned by another: the looks of a run that had other settings.
//
// What is overdue at the start, and after the machine slept, is spread over ten
// minutes or more; see [Store.Spread]. Where the clock was set back, what was
// put off by the clock of before is due as long after now as it was after its
// last look.
func (w *Watcher) Run(ctx context.Context, ticks cron.Schedule) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	w.downs.begin()
	var work sync.WaitGroup
	hosts := &crew{busy: map[string]bool{}}
	var err error
	known := w.recall(ctx)
	if !known {
		err = w.steer(ctx)
	}
	if err == nil {
		work.Go(func() { w.steerOn(ctx, stop, known) })
		err = w.keepTime(ctx, ticks, func() error {
			began := time.Now()
			err := w.tick(ctx, hosts, stop)
			if w.Ticked != nil {
				w.Ticked(time.Since(began))
			}
			return err
		})
	}
	if err != nil && ctx.Err() == nil {
		stop(err)
	}
	<-ctx.Done()
	work.Wait()
	hosts.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// A crew is the hosts that are being looked after.
type crew struct {
	sync.WaitGroup
	mu   sync.Mutex
	busy map[string]bool
}

// start runs work for host unless that is going on already.
func (c *crew) start(host string, work func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[host] {
		return
	}
	c.busy[host] = true
	c.Go(func() {
		defer func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			delete(c.busy, host)
		}()
		work()
	})
}

// tick sets somebody to work on each host that has due articles.
func (w *Watcher) tick(ctx context.Context, hosts *crew, stop context.CancelCauseFunc) error {
	due, err := w.Store.DueHosts(ctx, w.now())
	if err != nil {
		return fmt.Errorf("asking what is due: %w", err)
	}
	for _, host := range due {
		hosts.start(host, func() {
			if err := w.drain(ctx, host); err != nil && ctx.Err() == nil {
				stop(err)
			}
		})
	}
	return nil
}

// drain checks the due articles of one host until none is left.
func (w *Watcher) drain(ctx context.Context, host string) error {
	for ctx.Err() == nil {
		a, ok, err := w.Store.Claim(ctx, host, w.Owner, w.now(), leaseFor)
		if err != nil {
			return fmt.Errorf("taking a due article of %s: %w", host, err)
		}
		if !ok {
			return nil
		}
		if err := w.check(ctx, a); err != nil {
			return err
		}
		if w.unresolved(a) {
			return nil // the others stay due until its name can be looked up
		}
	}
	return ctx.Err()
}

// Look checks the given articles now, due or not: hosts side by side, the
// articles of one host one after the other. A paused article is skipped unless
// paused says to look all the same. The next looks are planned by the schedule that
// planned those to come. It returns the first error, after all hosts came to an end.
func (w *Watcher) Look(ctx context.Context, articles []Article, paused bool) error {
	w.recall(ctx)
	byHost := map[string][]Article{}
	for _, a := range articles {
		byHost[a.Host] = append(byHost[a.Host], a)
	}
	var all sync.WaitGroup
	errs := make(chan error, len(byHost))
	for _, group := range byHost {
		all.Go(func() { errs <- w.lookEach(ctx, group, paused) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *Watcher) lookEach(ctx context.Context, articles []Article, paused bool) error {
	for _, a := range articles {
		a, err := w.hold(ctx, a)
		if errors.Is(err, ErrNotFound) { // removed, or found to be the same as another one, a moment ago
			w.Log.InfoContext(ctx, "article not tracked any more", "err", err)
			continue
		}
		if err != nil {
			return err
		}
		look := w.checkNow
		if a.State == Paused && !paused {
			look = w.skip
		}
		if err := look(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// skip records that a paused article was not looked at.
func (w *Watcher) skip(ctx context.Context, a Article) error {
	now := w.now()
	by := a.inOrder(now)
	r := &Record{Article: a, setBack: by, Check: Check{ArticleID: a.ID, At: now.Add(by)}}
	r.settle(verdict{Outcome: OutcomeSkipped, Reason: "paused", Detail: a.URL + " is paused: storydiff resume takes it up again"})
	return w.record(ctx, r)
}

// hold waits until nobody else holds an article, and takes it.
func (w *Watcher) hold(ctx context.Context, a Article) (Article, error) {
	poll := time.NewTicker(pollLease)
	defer poll.Stop()
	for waited := 0; ; waited++ {
		held, ok, err := w.Store.ClaimArticle(ctx, a.ID, w.Owner, w.now(), leaseFor)
		if err != nil {
			return a, fmt.Errorf("taking %s: %w", a.URL, err)
		}
		if ok {
			return held, nil
		}
		if waited == waitsInSilence {
			w.Log.WarnContext(ctx, "waiting for another worker that looks at the article", "url", a.URL)
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-poll.C:
		}
	}
}
