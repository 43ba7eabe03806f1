package fetch

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// How a host is waited for.
const (
	holdMargin  = 30 * time.Second     // that a hold lasts beyond the time-out of its request
	shortestNap = 2 * time.Millisecond // between two questions to the ledger
	longestNap  = time.Second          // likewise: another process may have given the host back early
	freeTimeout = 10 * time.Second     // of giving a host back, which must be done although all else is over
)

// A slot is the right to send one request to a host.
type slot struct {
	host  string
	owner string
	leave func() // lets the next of this process on
}

// take waits until host may be asked, and for a place among the requests in
// flight.
func (c *Client) take(ctx context.Context, host string) (*slot, error) {
	leave, err := c.turns.enter(ctx, host)
	if err != nil {
		return nil, err
	}
	s := &slot{host, c.name + "-" + strconv.FormatInt(c.takes.Add(1), 36), leave}
	if err := c.board(ctx, s); err != nil {
		leave()
		return nil, err
	}
	return s, nil
}

// board takes the host first and the place in flight after it, so that nobody
// keeps a place while waiting for a slow host.
func (c *Client) board(ctx context.Context, s *slot) error {
	if err := c.waitFor(ctx, s); err != nil {
		return err
	}
	held := time.Now()
	select {
	case c.inFlight <- struct{}{}:
	case <-ctx.Done():
		c.giveBack(ctx, s, time.Time{})
		return ctx.Err()
	}
	if time.Since(held) < holdMargin/2 {
		return nil
	}
	// So long a wait for a place has used up the margin: the hold could end
	// before the request does. It is taken anew, place in hand.
	c.giveBack(ctx, s, time.Time{})
	if err := c.waitFor(ctx, s); err != nil {
		<-c.inFlight
		return err
	}
	return nil
}

// waitFor asks the ledger until it gives the host.
func (c *Client) waitFor(ctx context.Context, s *slot) error {
	for {
		wait, err := c.opts.Ledger.Take(ctx, s.host, s.owner, c.opts.Timeout+holdMargin)
		if e, ok := errors.AsType[*Error](err); ok && e.Reason == "rate-limited" {
			return rateLimited(s.host, e.Wait, e.Err)
		}
		if err != nil {
			c.giveBack(ctx, s, time.Time{}) // it may have been given all the same
			return fmt.Errorf("asking the ledger for %s: %w", show(s.host), err)
		}
		if wait <= 0 {
			return nil
		}
		if err := sleep(ctx, min(max(wait, shortestNap), longestNap)); err != nil {
			return err
		}
	}
}

// release ends a slot. The host is asked again no sooner than next; the zero
// time: at once.
func (c *Client) release(ctx context.Context, s *slot, next time.Time) {
	<-c.inFlight
	c.giveBack(ctx, s, next)
	s.leave()
}

// giveBack gives the host back to the ledger, also after ctx ended. Should that
// fail, the hold ends by itself.
func (c *Client) giveBack(ctx context.Context, s *slot, next time.Time) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), freeTimeout)
	defer cancel()
	if err := c.opts.Ledger.Free(ctx, s.host, s.owner, next); err != nil {
		c.opts.Log.WarnContext(ctx, "host not given back", "host", s.host, "err", err)
	}
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Queues let one at a time through for each key, in the order they came. The
// zero value is ready.
type queues struct {
	mu    sync.Mutex
	byKey map[string]*queue
}

type queue struct {
	turn chan struct{} // holds a token while somebody is through
	n    int           // who is through or waits; guarded by queues.mu
}

// enter waits for the turn of key. leave must be called once, after it.
func (q *queues) enter(ctx context.Context, key string) (leave func(), err error) {
	one := q.join(key)
	select {
	case one.turn <- struct{}{}:
		return func() { <-one.turn; q.quit(key) }, nil
	case <-ctx.Done():
		q.quit(key)
		return nil, ctx.Err()
	}
}

func (q *queues) join(key string) *queue {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.byKey == nil {
		q.byKey = make(map[string]*queue)
	}
	one := q.byKey[key]
	if one == nil {
		one = &queue{turn: make(chan struct{}, 1)}
		q.byKey[key] = one
	}
	one.n++
	return one
}

func (q *queues) quit(key string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.byKey[key].n--
	if q.byKey[key].n == 0 {
		delete(q.byKey, key)
	}
}
