package fetch

import (
	"context"
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
	ask   Ask
	slow  bool   // see Turn
	leave func() // lets the next of this process on
}

// take waits until a host may be asked, and for a place among the requests in
// flight.
func (c *Client) take(ctx context.Context, a Ask) (*slot, error) {
	leave, err := c.turns.enter(ctx, a.Host)
	if err != nil {
		return nil, err
	}
	a.Owner = c.name + "-" + strconv.FormatInt(c.takes.Add(1), 36)
	a.Hold = c.opts.Timeout + holdMargin
	s := &slot{ask: a, leave: leave}
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
	if err := c.places.enter(ctx, s.slow); err != nil {
		c.giveBack(ctx, s, Receipt{})
		return err
	}
	if time.Since(held) < holdMargin/2 {
		return nil
	}
	// So long a wait for a place has used up the margin: the hold could end
	// before the request does. It is taken anew, place in hand.
	c.giveBack(ctx, s, Receipt{})
	slow := s.slow
	err := c.waitFor(ctx, s)
	s.slow = slow // it is that place that is given back
	if err != nil {
		c.places.leave(slow)
	}
	return err
}

// waitFor asks the ledger until it gives the host.
func (c *Client) waitFor(ctx context.Context, s *slot) error {
	for {
		turn, err := c.opts.Ledger.Take(ctx, s.ask)
		if errorReason(err) == "rate-limited" {
			return err
		}
		if err != nil {
			c.giveBack(ctx, s, Receipt{}) // it may have been given all the same
			return fmt.Errorf("asking the ledger for %s: %w", show(s.ask.Host), err)
		}
		if turn.Wait <= 0 {
			s.slow = turn.Slow
			return nil
		}
		if err := sleep(ctx, min(max(turn.Wait, shortestNap), longestNap)); err != nil {
			return err
		}
	}
}

// release ends a slot, with what came of the request.
func (c *Client) release(ctx context.Context, s *slot, r Receipt) {
	c.places.leave(s.slow)
	c.giveBack(ctx, s, r)
	s.leave()
}

// giveBack gives the host back to the ledger, also after ctx ended. Should that
// fail, the hold ends by itself.
func (c *Client) giveBack(ctx context.Context, s *slot, r Receipt) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), freeTimeout)
	defer cancel()
	if err := c.opts.Ledger.Free(ctx, s.ask.Host, s.ask.Owner, r); err != nil {
		c.opts.Log.WarnContext(ctx, "host not given back", "host", s.ask.Host, "err", err)
	}
}

// Places are those in flight. Hosts whose last answers took long share half of
// them: however many they are, the others do not wait for them. One that was not
// asked before counts as quick; else quick hosts would wait behind slow ones for
// their first request.
type places struct {
	all  chan struct{} // holds a token for each request on the wire
	slow chan struct{} // likewise, for each to a slow host
}

func newPlaces(n int) places {
	return places{make(chan struct{}, n), make(chan struct{}, max(1, n/2))}
}

// enter waits for a place. leave must be called once, after it, with the same slow.
func (p places) enter(ctx context.Context, slow bool) error {
	if slow {
		if err := put(ctx, p.slow); err != nil {
			return err
		}
	}
	err := put(ctx, p.all)
	if err != nil && slow {
		<-p.slow
	}
	return err
}

func (p places) leave(slow bool) {
	<-p.all
	if slow {
		<-p.slow
	}
}

// put waits for room for a token.
func put(ctx context.Context, tokens chan<- struct{}) error {
	select {
	case tokens <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
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
