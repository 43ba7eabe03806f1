package tracker

import (
	"context"
	"errors"
	"time"

	"storydiff/tracker/search"
)

// Errors of a store.
var (
	// ErrNotFound is returned, wrapped, for an article, version or capture that is not there.
	ErrNotFound = errors.New("not found")
	// ErrLeaseLost is returned, wrapped, by Record when the article was meanwhile
	// leased to somebody else: the check counts as not made.
	ErrLeaseLost = errors.New("lease lost")
)

// A DroppedError reports a capture whose bytes were dropped to keep the store
// within its size. It is an [ErrNotFound].
type DroppedError struct{ At time.Time }

func (e *DroppedError) Error() string {
	return "its bytes were dropped on " + e.At.UTC().Format("2006-01-02 15:04 UTC") + " to keep the database within max-db"
}

// Is makes it an ErrNotFound.
func (e *DroppedError) Is(target error) bool { return target == ErrNotFound }

// A Store keeps articles, captures, versions, changes and checks for the run
// loop. What a method has returned without an error survives kill -9.
type Store interface {
	// DueHosts returns the hosts with active articles whose next check is at or
	// before now and which nobody holds a lease on.
	DueHosts(ctx context.Context, now time.Time) ([]string, error)

	// Claim leases the most overdue article of host to owner until now+ttl, and
	// counts what is Pending of it. ok is false where none is due.
	Claim(ctx context.Context, host, owner string, now time.Time, ttl time.Duration) (a Article, ok bool, err error)

	// ClaimArticle leases one article whether it is due or not, and counts what is
	// Pending of it; ok is false while somebody else holds it.
	ClaimArticle(ctx context.Context, id int64, owner string, now time.Time, ttl time.Duration) (a Article, ok bool, err error)

	// Articles returns the articles that f chooses, in any order.
	Articles(ctx context.Context, f ArticleFilter) ([]Article, error)

	// Release ends a lease without a check.
	Release(ctx context.Context, id int64, owner string) error

	// Keep stores a capture before anything is derived from it, and gives it
	// its ID and hashes.
	Keep(ctx context.Context, c *Capture) error

	// Pending returns the kept captures of an article that no check speaks of,
	// oldest first: what was captured before a crash and not understood.
	Pending(ctx context.Context, articleID int64) ([]Capture, error)

	// Capture returns one capture with its bytes.
	Capture(ctx context.Context, id int64) (Capture, error)

	// Latest returns the newest version of an article and the last look that
	// showed it. The version's N is 0 where there is none.
	Latest(ctx context.Context, articleID int64) (v Version, last Check, err error)

	// LatestHead is Latest, but the version is without its text.
	LatestHead(ctx context.Context, articleID int64) (v Version, last Check, err error)

	// Version returns version n of an article; ErrNotFound: there is none.
	Version(ctx context.Context, articleID int64, n int) (Version, error)

	// Changes returns the changes that f chooses, newest first.
	Changes(ctx context.Context, f ChangeFilter) ([]Change, error)

	// VersionByKey returns the number of the newest version of an article with
	// that content; 0 where there is none.
	VersionByKey(ctx context.Context, articleID int64, key [32]byte) (int, error)

	// ArticleByIdentity returns the article that an identity leads to, also one
	// that was removed. ErrNotFound: it leads to none.
	ArticleByIdentity(ctx context.Context, identity string) (Article, error)

	// LeadsToo reports whether redirects led from an article other than the
	// given one to the address final, at any look.
	LeadsToo(ctx context.Context, articleID int64, final string) (bool, error)
	// Learned returns what is known of the lines and places that keys stand for:
	// in how many other articles of the outlet they stand, and who found them
	// unsteady. A key of which nothing is known is left out.
	Learner
	Prober

	// Record stores in one transaction a check and all that came of it, ends
	// the owner's lease, and gives the check, version and change their IDs and
	// numbers. ErrLeaseLost: nothing was stored.
	Record(ctx context.Context, owner string, r *Record) error

	// Spread puts off what is overdue at now and was looked at before, where that
	// is more than a few articles: those of a host evenly over the time that over
	// says for so many, the most overdue first. It returns how many were put off.
	Spread(ctx context.Context, now time.Time, over func(host string, backlog int) time.Duration) (int, error)

	// Replan plans looks anew, where they are planned as the plan says they were
	// and nobody has the article leased at now, and keeps by what they are planned.
	Replan(ctx context.Context, now time.Time, by Schedule, plans []Plan) error

	// PlannedBy returns the schedule that Replan kept last; ErrNotFound: none was.
	PlannedBy(ctx context.Context) (Schedule, error)

	// Rewind plans articles anew that were looked at later than limit, by a clock
	// that ran ahead: they are due as long after now as they were after that look,
	// leases end as if they had begun now, and what had grown too old is active
	// again. It returns how many articles those are.
	Rewind(ctx context.Context, limit, now time.Time) (int, error)
}

// A Record is a check and all that came of it.
type Record struct {
	Article Article  // as it stands after the check: state, next check, failures, validators, canonical …
	Check   Check    // Outcome, Reason …
	Version *Version // nil: no new one
	Change  *Change  // nil: none, or the first version
	Events  []Event  // what lasts is noted once, while it does with that reason
	Aliases []string // further identities that lead to the article, as [Identity] gives them
	Shared  []string // identities that several articles call theirs, and that lead to none from now on
	Merge   *Merge   // nil: none

	Confirm  *Confirmation // what it showed of the version before; nil: nothing that was not known
	Unsteady []Sighting    // what its two looks did not agree on
	Taught   []Lesson      // what it teaches the article's neighbours

	Withdrawn []Change // changes of before, as they stand now that they are known to be no edits

	Notices []Notice // to whom it is to be told

	notBefore time.Time // when the server permits the next look; zero: at any time
	notAfter  time.Time // when to look again at the latest; zero: when the schedule says
	remark    string    // what else a plain look found, for its detail
	past      *past     // nil: not yet asked for; see [Watcher.newest] and [Watcher.head]
	judgedBy  []belief  // what its article's changes were judged by; nil: they were not

	setBack time.Duration // how far the times of the look were moved since the clock was set back
}

// A past is what was known of an article before a check.
type past struct {
	version Version // the newest; its N is 0 where there is none
	look    Check   // the last that showed it
	whole   bool    // the version has its text
}

// A Confirmation is what a later look showed of a version of which some block was
// in doubt.
type Confirmation struct {
	N         int      // of the version
	CaptureID int64    // of the later look; it is kept where the version has no second capture
	Loose     []int    // blocks of the version, from 0, that turned out to be furniture, with those known before
	Doubt     []int    // those that still are in doubt
	Key       [32]byte // identity of the version's content without those
}

// An ArticleFilter chooses articles; its zero value chooses all.
type ArticleFilter struct {
	Tag    string
	Outlet string
	State  State
	After  int64 // articles with a larger ID; 0: all. For paging
	Limit  int   // 0: all; else the first of them in the order in which they were added
}

// An ArticleMark is a place in the list of articles by when they changed last.
type ArticleMark struct {
	Changed time.Time // Article.LastChange
	ID      int64
}

// A ChangeFilter chooses changes; its zero value chooses all.
type ChangeFilter struct {
	ArticleID       int64
	Since           time.Time // seen by a look at or after this
	Until           time.Time // seen by a look before this
	Kind            string
	Disclosure      string
	MinSignificance int
	Outlet          string
	Tag             string
	Words           *search.Query // a passage came or went that has all of them; nil: any
	Ours            bool          // also what was the extractor's doing; those are left out otherwise
	Before          int64         // changes with a smaller ID; 0: all. For paging
	Limit           int           // 0: all
}
