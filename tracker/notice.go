package tracker

import "time"

// A Notice is word of a check to somebody outside. It is stored in the check's
// own transaction, so that no change is forgotten and none is told that was not
// recorded; who sends it is no matter of this package.
type Notice struct {
	Channel string    // where it is to go
	Payload []byte    // what its sender wants to know again
	Batch   string    // notices of one batch and channel go out as one message; empty: it goes alone
	Due     time.Time // not before; zero: at once
	Event   EventKind // the event of the record that it tells of, without which it is not stored: what lasts is noted once; empty: it tells of the change
}
