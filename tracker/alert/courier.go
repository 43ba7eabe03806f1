package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"storydiff/tracker"
)

const (
	askEvery  = 2 * time.Second  // how often the outbox is asked what is due
	askLater  = time.Minute      // the same while it does not answer
	holdFor   = 2 * time.Minute  // how long a notice is out before another process may send it
	giveUp    = 24 * time.Hour   // how long is tried
	firstWait = 30 * time.Second // after a failure; twice as long after each further one
	longest   = time.Hour        // the longest of these waits
)

// A Courier delivers what is in an outbox.
type Courier struct {
	Outbox  Outbox
	Senders map[string]Sender // by channel
	Draw    Draw
	Owner   string // names this process in what it holds
	Log     *slog.Logger

	flights flights
	workers sync.WaitGroup
}

// Run delivers until ctx ends, and returns when what was on the wire came to an
// end or was cut off. To each channel one message is on its way at a time, and
// whoever does not answer keeps nobody else waiting; see flights.
func (c *Courier) Run(ctx context.Context) {
	defer c.workers.Wait()
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		next := askEvery
		if err := c.tick(ctx); err != nil && ctx.Err() == nil {
			c.Log.ErrorContext(ctx, "outbox not readable", "err", err)
			next = askLater
		}
		wait.Reset(next)
	}
}

// tick sets somebody on the way to each channel for which something is due.
func (c *Courier) tick(ctx context.Context) error {
	due, err := c.Outbox.DueChannels(ctx, time.Now())
	if err != nil {
		return err
	}
	for _, d := range due {
		if !c.flights.leave(d, time.Now()) {
			continue
		}
		c.workers.Go(func() {
			defer c.flights.back(d.Channel)
			c.drain(ctx, d)
		})
	}
	return nil
}

// drain sends what is due to a channel until nothing is, or it fails.
func (c *Courier) drain(ctx context.Context, d Due) {
	for ctx.Err() == nil {
		taken, err := c.Outbox.TakeNotices(ctx, d.Channel, c.Owner, time.Now(), holdFor)
		if err != nil {
			if ctx.Err() == nil {
				c.Log.ErrorContext(ctx, "outbox not readable", "channel", d.Channel, "err", err)
			}
			return
		}
		if len(taken) == 0 {
			return
		}
		ok, err := c.deliver(ctx, d, taken)
		if err != nil {
			c.Log.ErrorContext(ctx, "outbox not writable", "channel", d.Channel, "err", err)
		}
		if !ok || err != nil {
			return
		}
		d.Failures = 0
		c.flights.proved(d.Channel)
	}
}

// A trouble is a failure that is no channel's fault.
type trouble struct{ error }

// deliver sends notices as one message and notes what came of it; ok is false
// where the channel is to be left alone. An error is the outbox's.
func (c *Courier) deliver(ctx context.Context, d Due, taken []Pending) (ok bool, err error) {
	after := context.WithoutCancel(ctx) // what was done is noted even if the daemon is told to stop just now
	live, err := c.send(ctx, d.Channel, taken)
	switch {
	case ctx.Err() != nil && err != nil:
		return false, c.Outbox.GiveBackNotices(after, c.Owner, idsOf(taken), time.Now())
	case err != nil:
		return c.failed(after, d, taken, err)
	case live == 0:
		c.Log.InfoContext(ctx, "alert not needed any more", "channel", d.Channel, "notices", len(taken))
		return true, c.Outbox.DropNotices(after, idsOf(taken))
	}
	c.Log.InfoContext(ctx, "alert sent", "channel", d.Channel, "notices", live)
	return true, c.Outbox.SentNotices(after, d.Channel, idsOf(taken), time.Now())
}

// send sends what of the notices still holds, and returns how many those are.
func (c *Courier) send(ctx context.Context, channel string, taken []Pending) (live int, err error) {
	p, holding, err := c.load(ctx, channel, taken)
	if err != nil || len(p.Items) == 0 {
		return 0, err
	}
	sender := c.Senders[channel]
	if sender == nil {
		return 0, fmt.Errorf("no channel is called %q in the configuration any more", channel)
	}
	m, err := c.draw(ctx, p)
	if err != nil {
		return 0, err
	}
	return len(p.Items), sender.Send(ctx, Delivery{Key: keyOf(channel, holding), At: time.Now(), Message: m})
}

// draw draws a parcel. A fault of ours in it fails this message and no other.
func (c *Courier) draw(ctx context.Context, p Parcel) (m Message, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			c.Log.ErrorContext(ctx, "drawing an alert failed", "channel", p.Channel, "panic", fault, "stack", string(debug.Stack()))
			err = trouble{fmt.Errorf("the message could not be drawn, through a fault of storydiff: %.100v", fault)}
		}
	}()
	if m, err = c.Draw(ctx, p); err != nil {
		return m, trouble{fmt.Errorf("drawing the message: %w", err)}
	}
	return m, nil
}

// load looks up what notices tell of, and leaves out what is not to be told any
// more: a change that was withdrawn, or an article of which nothing is kept.
func (c *Courier) load(ctx context.Context, channel string, taken []Pending) (Parcel, []Pending, error) {
	p := Parcel{Channel: channel}
	var holding []Pending
	for _, n := range taken {
		var said payload
		if err := json.Unmarshal(n.Payload, &said); err != nil || said.Event == nil && n.Version == 0 {
			c.Log.ErrorContext(ctx, "notice not readable", "channel", channel, "notice", n.ID, "err", err)
			continue
		}
		it := Item{Rules: said.Rules, Event: said.Event}
		var err error
		if it.Article, err = c.Outbox.Article(ctx, n.Article); err == nil && it.Event == nil {
			var change tracker.Change
			change, err = c.Outbox.Change(ctx, n.Article, n.Version-1, n.Version)
			it.Change = &change
		}
		if errors.Is(err, tracker.ErrNotFound) || err == nil && it.Change != nil && it.Change.Ours {
			continue
		}
		if err != nil {
			return p, nil, trouble{err}
		}
		if n.Batch != "" {
			p.Digest = said.Rules[0]
		}
		p.Items, holding = append(p.Items, it), append(holding, n)
	}
	slices.SortStableFunc(p.Items, byWeight)
	return p, holding, nil
}

// failed notes a failure and when to try again.
func (c *Courier) failed(ctx context.Context, d Due, taken []Pending, cause error) (ok bool, err error) {
	now := time.Now()
	attempts := 0
	for _, n := range taken {
		attempts = max(attempts, n.Attempts)
	}
	f := Failure{
		Channel: d.Channel, IDs: idsOf(taken), At: now, Error: sentence(cause, nil),
		Next: now.Add(backOff(attempts)), GiveUp: now.Add(-giveUp),
	}
	_, ours := errors.AsType[trouble](cause)
	if !ours {
		f.Retry = now.Add(backOff(d.Failures))
		if busy, ok := errors.AsType[*Busy](cause); ok {
			f.Retry = now.Add(max(f.Retry.Sub(now), min(busy.Wait, longest)))
		}
	}
	lost, err := c.Outbox.FailNotices(ctx, f)
	c.Log.WarnContext(ctx, "alert not sent", "channel", d.Channel, "attempt", attempts+1, "err", f.Error, "next", f.Next.UTC())
	if lost > 0 {
		c.Log.ErrorContext(ctx, "alerts given up", "channel", d.Channel, "notices", lost, "after", giveUp, "err", f.Error)
	}
	return ours, err
}

// backOff returns how long to wait after a failure when n came before it, with a
// tenth of chance so that not all come back at once.
func backOff(n int) time.Duration {
	wait := longest
	if n < 8 {
		wait = min(longest, firstWait<<n)
	}
	return time.Duration(float64(wait) * (0.9 + 0.2*rand.Float64()))
}

func idsOf(taken []Pending) []int64 {
	ids := make([]int64, len(taken))
	for i, n := range taken {
		ids[i] = n.ID
	}
	return ids
}
