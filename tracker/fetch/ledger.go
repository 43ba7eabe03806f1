package fetch

import (
	"context"
	"time"
)

// A Ledger keeps what is owed to each host: that one request runs at a time,
// the gap between two, a Retry-After, how far it is slowed down, and its
// robots.txt. A store shares it between all processes on one database;
// [NewLedger] serves one process.
//
// A host is a registrable domain, or an IP address. What Take and Free do to it
// is said by the methods of [HostState]; a ledger does it in one step that
// nobody comes between.
type Ledger interface {
	// Take asks for a host. A Turn without a wait means that the host is the
	// owner's until Free, or for the hold should the owner die; otherwise it says
	// how long to wait before asking again. While a Retry-After runs, or a
	// back-off of ours and the wish is not pressing, the error is an *Error with
	// the reason "rate-limited".
	Take(ctx context.Context, a Ask) (Turn, error)

	// Free gives the host back, with what came of the request; no other may go
	// to it before the gap is over. By one who does not have the host, or no
	// longer, it ends nobody's hold, but the receipt counts.
	Free(ctx context.Context, host, owner string, r Receipt) error

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
