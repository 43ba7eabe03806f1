package fetch

import (
	"context"
	"time"
)

// A Ledger keeps what is owed to each host: that one request runs at a time,
// the gap between two, a Retry-After, and its robots.txt. A store shares it
// between all processes on one database; [NewLedger] serves one process.
//
// A host is a registrable domain, or an IP address.
type Ledger interface {
	// Take asks for host on behalf of owner. A wait of 0 means that the host is
	// the owner's until Free, or for hold should the owner die; otherwise wait
	// is how long to wait before asking again. While a Retry-After runs, the
	// error is an *Error with the reason "rate-limited".
	Take(ctx context.Context, host, owner string, hold time.Duration) (wait time.Duration, err error)

	// Free gives the host back; no request may go to it before next. A zero or
	// past next: at once. By one who does not have the host, or no longer, it
	// ends nobody's hold.
	Free(ctx context.Context, host, owner string, next time.Time) error

	// Defer notes that the host asked to be left alone until then.
	Defer(ctx context.Context, host string, until time.Time) error

	// Robots returns what was kept for an origin (scheme://host:port); a zero
	// RobotsFile where nothing was.
	Robots(ctx context.Context, origin string) (RobotsFile, error)

	// KeepRobots keeps f for its origin in place of what was kept before.
	KeepRobots(ctx context.Context, f RobotsFile) error
}

// A RobotsFile is a robots.txt as it was last fetched.
type RobotsFile struct {
	Origin  string    // scheme://host:port
	Fetched time.Time // when; zero: never
	Status  int       // HTTP status; 0 where there was no answer
	Body    []byte    // at most 512 KiB
}
