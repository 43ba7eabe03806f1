package tracker

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// downs are the hosts that give no usable answer, so that each is told of once
// and not at every look. Its zero value is ready.
type downs struct {
	mu    sync.Mutex
	since map[string]time.Time // by host
}

// note takes a check into account, and logs where a host went down or came back.
func (d *downs) note(ctx context.Context, log *slog.Logger, host string, c *Check) {
	if c.Outcome == OutcomeSkipped {
		return // nobody asked
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	since, was := d.since[host]
	is := c.Outcome == OutcomeFailed && Unreachable(c.Reason)
	switch {
	case is && !was:
		if d.since == nil {
			d.since = map[string]time.Time{}
		}
		d.since[host] = c.At
		log.WarnContext(ctx, "host down", "host", host, "reason", c.Reason, "detail", c.Detail)
	case was && !is:
		delete(d.since, host)
		log.InfoContext(ctx, "host back", "host", host, "down", c.At.Sub(since).Round(time.Second))
	}
}
