package tracker

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// downs are the hosts that give no usable answer to a daemon, so that each is told
// of once and not at every look. Its zero value tells nothing: who looks by hand
// is shown what came of it.
type downs struct {
	mu    sync.Mutex
	since map[string]time.Time // by host; nil: nobody is to be told
}

// begin makes note tell.
func (d *downs) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.since = map[string]time.Time{}
}

// note takes a check into account, and logs where a host went down or came back.
func (d *downs) note(ctx context.Context, log *slog.Logger, host string, c *Check) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.since == nil || c.Outcome == OutcomeSkipped { // then nobody asked the host
		return
	}
	since, was := d.since[host]
	is := c.Outcome == OutcomeFailed && Unreachable(c.Reason)
	switch {
	case is && !was:
		d.since[host] = c.At
		log.WarnContext(ctx, "host down", "host", host, "reason", c.Reason, "detail", c.Detail)
	case was && !is:
		delete(d.since, host)
		log.InfoContext(ctx, "host back", "host", host, "down", c.At.Sub(since).Round(time.Second))
	}
}
