package alert

import (
	"context"
	"time"

	"storydiff/tracker"
)

// An Outbox keeps what is to be sent until it was. Notices are put into it by
// the store, in the transaction of the record that they tell of. What a method
// has returned without an error survives kill -9.
type Outbox interface {
	// DueChannels returns the channels for which TakeNotices would find something at
	// now, those that failed least often first, and of these the proven ones.
	DueChannels(ctx context.Context, now time.Time) ([]Due, error)

	// TakeNotices gives the next notices of a channel to owner until now+ttl: one that
	// goes alone, or those of a batch, oldest first, at most 500. Those that failed least often
	// come first. None: nothing is due there, or nothing may be sent there yet.
	TakeNotices(ctx context.Context, channel, owner string, now time.Time, ttl time.Duration) ([]Pending, error)

	// SentNotices forgets notices that were delivered as one message at at.
	SentNotices(ctx context.Context, channel string, ids []int64, at time.Time) error

	// DropNotices forgets notices that are not to be sent any more.
	DropNotices(ctx context.Context, ids []int64) error

	// FailNotices notes a failure, and returns how many notices were given up for it.
	FailNotices(ctx context.Context, f Failure) (givenUp int, err error)

	// GiveBackNotices ends what TakeNotices began, as if it had not been.
	GiveBackNotices(ctx context.Context, owner string, ids []int64, now time.Time) error

	// Channels returns how it stands with each channel that ever had a notice,
	// by name.
	Channels(ctx context.Context) ([]ChannelState, error)

	// Article and Change return what a notice tells of; tracker.ErrNotFound: it
	// is not there any more.
	Article(ctx context.Context, id int64) (tracker.Article, error)
	Change(ctx context.Context, articleID int64, from, to int) (tracker.Change, error)
}

// A Due is a channel to which something is to be sent.
type Due struct {
	Channel  string
	Failures int  // in a row
	Proven   bool // it took a message once
}

// A Pending is a notice on its way out.
type Pending struct {
	ID       int64 // never given twice
	Article  int64
	Version  int // that the change made; 0: it tells of none
	Batch    string
	Payload  []byte
	Created  time.Time
	Attempts int // that failed
}

// A Failure is an attempt that failed.
type Failure struct {
	Channel string
	IDs     []int64   // of the notices that were to be sent
	At      time.Time // when
	Error   string    // a sentence for a person
	Next    time.Time // when to try these again
	Retry   time.Time // when to try the channel again; zero: it is the notices' fault alone
	GiveUp  time.Time // what was first tried, or kept back, before or at this is given up
}

// A ChannelState is how it stands with a channel.
type ChannelState struct {
	Name     string
	Pending  int       // notices that are to be sent, now or later
	GivenUp  int       // notices that were given up in the last 30 days
	Oldest   time.Time // when the oldest pending one was written; zero: there is none
	Next     time.Time // when the next attempt is due, where one is; zero: there is none
	Sent     int       // messages, ever
	SentAt   time.Time // the last of them
	Failures int       // in a row; 0: the last attempt went well
	Error    string    // the last one, also where attempts went well since
	ErrorAt  time.Time
}
