package fetch

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// newConnections is how many connections may be begun in any second, over all
// hosts: more of them at once is what makes routers and resolvers stumble.
const newConnections = 20

// A dialer begins a connection.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// A tap lets so many through a second. The zero value is ready.
type tap struct {
	mu   sync.Mutex
	last [newConnections]time.Time // when the last ones are let through, in a ring
	next int                       // the oldest of them
}

// wait waits until one more may be let through.
func (t *tap) wait(ctx context.Context) error {
	t.mu.Lock()
	at := later(time.Now(), t.last[t.next].Add(time.Second))
	t.last[t.next] = at
	t.next = (t.next + 1) % newConnections
	t.mu.Unlock()
	return sleep(ctx, time.Until(at))
}

// paced returns dial at the pace of t. Addresses of this machine and of private
// networks are exempt: nobody else is troubled.
func (t *tap) paced(g *guard, dial dialer) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if to, err := netip.ParseAddrPort(address); err != nil || g.addrs.SafeAddr(to.Addr()) == nil {
			if err := t.wait(ctx); err != nil {
				return nil, err
			}
		}
		return dial(ctx, network, address)
	}
}
