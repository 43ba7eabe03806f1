package discover

import (
	"fmt"
	"regexp"
	"time"
)

// DefaultLimit is how many articles a source gives a day where nothing else is
// said. At forty looks an article, 300 a day ask a host every seven seconds:
// about all that the gap of five seconds between two requests lets through.
const DefaultLimit = 300

// MaxPattern is the longest pattern for addresses, in bytes.
const MaxPattern = 1_000

// oldAfter is how old an article may be, by its source's own date, to be taken up.
const oldAfter = 30 * 24 * time.Hour

// A Source is where new articles are taken up from, and how it stands.
type Source struct {
	ID      int64
	URL     string        // that is asked
	Named   string        // the address somebody gave, where URL was found by it; else as URL
	Host    string        // see fetch.HostOf
	Kind    Kind          // empty: not read yet
	Title   string        // what it calls itself; may be empty
	Tags    []string      // of the articles it gives; sorted
	Match   string        // pattern (RE2) that an address must match somewhere; empty: any
	Exclude string        // likewise, that it must not match; empty: none
	Limit   int           // articles a day (UTC); 0: DefaultLimit
	Every   time.Duration // how often it is polled; 0: by how often new things come
	All     bool          // articles older than 30 days by the source's own date, too
	AddedAt time.Time

	NextPoll  time.Time // poll no sooner than this
	LastPoll  time.Time // zero: never
	LastRead  time.Time // the last poll that was no failure; zero: there was none
	LastNew   time.Time // the last poll that gave an article; zero: none did
	Outcome   Outcome   // of the last poll
	Reason    string    // why it failed, as a code; empty: it did not
	Detail    string    // a sentence: why it failed, or what else is worth saying of it
	Failures  int       // failed polls in a row
	SickSince time.Time // the first of those; zero: it is well

	Articles int     // how many it gave
	Left     int     // that the daily limit left out at the last poll that read it
	Rate     float64 // new things an hour, of late

	ETag         string // validators of the last answer that was read
	LastModified string
}

// An Outcome is what a poll came to.
type Outcome string

// The outcomes of a poll.
const (
	OutcomeRead        Outcome = "read"
	OutcomeNotModified Outcome = "not-modified"
	OutcomeFailed      Outcome = "failed"
	OutcomeSkipped     Outcome = "skipped" // the host asked to be left alone
)

// State says in a word how a source stands: "new", "well", or "sick" where it
// could not be read at the last poll.
func (s *Source) State() string {
	switch {
	case s.Failures > 0:
		return "sick"
	case s.LastPoll.IsZero():
		return "new"
	}
	return "well"
}

// PerDay returns how many articles a day are taken up.
func (s *Source) PerDay() int {
	if s.Limit > 0 {
		return s.Limit
	}
	return DefaultLimit
}

// CheckPattern refuses a pattern for addresses that is none, or too long.
func CheckPattern(pattern string) error {
	if len(pattern) > MaxPattern {
		return fmt.Errorf("a pattern of %d bytes: at most %d are understood", len(pattern), MaxPattern)
	}
	if _, err := regexp.Compile(pattern); err != nil {
		return fmt.Errorf("the pattern %.100q is not understood: %w", pattern, err)
	}
	return nil
}

// A Seen is what was known of a link of a source before a poll.
type Seen struct {
	Article  int64 // that it led to
	Title    string
	Updated  time.Time
	ShownAt  time.Time // when the source showed it last, to the day or so
	HintedAt time.Time // when news of it was last believed; zero: never

	LastCheck  time.Time // of the article; zero: never
	LastChange time.Time // the last look that found one; zero: none did
}

// A Part is a sitemap of an index, as it was last read.
type Part struct {
	URL          string
	Updated      time.Time // as the index stated
	ReadAt       time.Time // zero: never
	ETag         string
	LastModified string
}

// A Poll is one look at a source and what came of it.
type Poll struct {
	Source Source // as it stands afterwards; of it a store keeps what a poll can change
	At     time.Time
	New    []Link // that were never taken up from it, those to be preferred first
	Known  []Link // that were, and of which there is news, or to be noted as still shown
	Parts  []Part // of an index, those that were read or are new; nil: no news
	Old    int    // that were left out as too old
	Others int    // that the patterns left out
	Hints  int    // whose articles are looked at sooner for it

	Taken   int // articles that are new, worked out when it is recorded
	Tracked int // links in New that led to articles tracked already; likewise
}
