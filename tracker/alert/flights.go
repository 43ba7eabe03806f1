package alert

import (
	"sync"
	"time"
)

// inFlight is how many messages are on the wire at once, all to different
// channels. Most wait for machines that are down: each holds a connection and a
// message.
const inFlight = 512

// A flight is fresh for so long. Whoever has not answered by then is waited for
// beside the others, and no more in their place.
const freshFor = 2 * time.Second

// freshFlights is how many flights may be fresh at once: so many messages are
// drawn and sent at a time.
const freshFlights = 80

// A standing is what is known of a channel before something is sent to it.
type standing int

const (
	proven  standing = iota // it took the last message
	untried                 // it never took one, and never failed
	failing                 // the last attempt failed
)

// shares are how many of all flights, and of the fresh ones, may go to channels of
// a standing. Those that are proven have the rest to themselves, whatever the others
// do. A thousand new channels of which each keeps an attempt waiting for 20 s have
// all been tried after 50 s.
var shares = [...]struct{ flights, fresh int }{
	proven:  {inFlight, freshFlights},
	untried: {384, 48},
	failing: {64, 16},
}

func (d Due) standing() standing {
	switch {
	case d.Failures > 0:
		return failing
	case !d.Proven:
		return untried
	}
	return proven
}

// Flights are the messages on their way. The zero value is ready for use.
type flights struct {
	mu   sync.Mutex
	away map[string]*flight // by channel
}

type flight struct {
	to   standing
	left time.Time
}

// leave reports whether somebody may go to a channel at now, and notes that he goes.
func (f *flights) leave(d Due, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	to := d.standing()
	var all, fresh, like, freshLike int
	for _, one := range f.away {
		isFresh := now.Sub(one.left) < freshFor
		all++
		if isFresh {
			fresh++
		}
		if one.to == to {
			like++
			if isFresh {
				freshLike++
			}
		}
	}
	share := shares[to]
	if f.away[d.Channel] != nil || all >= inFlight || fresh >= freshFlights || like >= share.flights || freshLike >= share.fresh {
		return false
	}
	if f.away == nil {
		f.away = map[string]*flight{}
	}
	f.away[d.Channel] = &flight{to, now}
	return true
}

// proved notes that a channel took a message.
func (f *flights) proved(channel string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away[channel].to = proven
}

// back notes that nobody is on the way to a channel any more.
func (f *flights) back(channel string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.away, channel)
}
