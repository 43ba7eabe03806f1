package tracker

import (
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// A State says whether an article is being looked at.
type State string

// The states of an article.
const (
	Active  State = "active"
	Paused  State = "paused"  // by its user
	Gone    State = "gone"    // taken away by its publisher; still looked at, seldom
	Retired State = "retired" // too old to be looked at
)

// An Article is one tracked URL and what is known of it.
type Article struct {
	ID        int64
	URL       string // as added, without credentials
	Canonical string // what the page calls its own address; empty where it does not
	Outlet    string // registrable domain of the publisher, or IP address
	Host      string // what politeness counts by; see fetch.HostOf
	Title     string // the newest headline; empty before the first version
	State     State
	Tags      []string // sorted
	Cron      string   // when to look, in place of the schedule; empty: by the schedule
	AddedAt   time.Time
	Published time.Time // as its first version states it; zero: it does not
	RemovedAt time.Time // looked at no longer since then; zero: it is tracked

	Versions    int       // how many there are
	LastCheck   time.Time // zero: never
	LastOutcome Outcome
	LastChange  time.Time // when the newest version was first seen; zero: never
	NextCheck   time.Time // look no sooner than this
	LastReason  string    // why the last check was not plain; empty: it was
	Failures    int       // failed checks in a row, or blocked ones, whichever the last was; skipped ones between them do not count
	MissingFrom time.Time // first of the checks in a row that found it missing or gone; zero: it is not
	Live        bool      // the newest version is a live blog
	Misses      int       // how many those are
	GoneFrom    time.Time // the check that showed it gone; zero: it is not

	MovedTo    string    // where it is looked at in place of URL, since that leads there for good; empty: it did not move
	LeadsTo    string    // where permanent redirects led since LeadsSince; empty: there are none, or it is MovedTo
	LeadsSince time.Time // the first check that showed that
	MergedInto int64     // the same article, in favour of which this one was removed; 0: none

	ETag         string // validators of the last answer that was read
	LastModified string
	ReadBy       string    // the extractor and rules that read it: what others would have read, the validators do not say
	WholeAt      time.Time // when it came, all of it; zero: never

	Pending int // kept captures of it that no check speaks of, as [Store.Claim] and [Store.ClaimArticle] count them; others do not
}

// A Capture is one response as it came over the wire.
type Capture struct {
	ID        int64
	ArticleID int64
	fetch.Page
	SHA256     [32]byte // of Page.Wire
	BodySHA256 [32]byte // of Page.Body

	WireDropped time.Time // when Page.Wire was dropped to keep the store within its size; zero: it was not

	rules     *extract.Rules                              // what it is read by, beside the rules shipped; nil: nothing
	extractor func(extract.Input) (*extract.Story, error) // nil: extract.Read
	fault     []byte                                      // stack of the fault of ours in reading it; nil: there was none
}

// ContentType returns the type that the server stated.
func (c *Capture) ContentType() string { return c.Header.Get("Content-Type") }

// Input returns the page as the extractor wants it, to be read without rules of
// the user's.
func (c *Capture) Input() extract.Input {
	return extract.Input{Body: c.Body, ContentType: c.ContentType(), URL: c.Final, Header: c.Header}
}

// A Version is one state of an article's content.
type Version struct {
	ArticleID  int64
	N          int // from 1
	CapturedAt time.Time
	CaptureID  int64
	CaptureSHA [32]byte // SHA-256 of the capture's bytes as they came
	SecondID   int64    // the capture that showed it again, in a second look or a later check; 0: one look alone showed it
	Loose      []int    // blocks of Story, from 0, that later looks showed to be furniture; see [Version.Steady]
	Doubt      []int    // blocks of Story, from 0, that no two looks agreed on; where there is no second capture: all
	Story      extract.Story
	Extractor  int      // extract.Revision of the extractor that read it
	SHA256     [32]byte // of Story.Text()
	Key        [32]byte // identity of its content; see revision.Key
	Words      int      // in the headline, standfirst and body
	RevertsTo  int      // the earlier version whose content is back; 0: none
}

// A VersionTime is when a version was first seen.
type VersionTime struct {
	N          int // from 1
	CapturedAt time.Time
}

// A Reading is how a version was read before it was read anew.
type Reading struct {
	Until     time.Time // when it was read anew
	Extractor int       // revision of the extractor that had read it
	SHA256    [32]byte  // of the whole text as it was then
}

// A Change is what lies between a version and the one before it.
type Change struct {
	ID           int64
	ArticleID    int64
	From, To     int       // version numbers
	SeenAfter    time.Time // the last look that showed From
	SeenBy       time.Time // the first look that showed To
	Kinds        []revision.Kind
	Disclosure   revision.Disclosure
	Proof        string          // the words or times that prove Disclosure
	NoteSpeaks   revision.Topic  // what a note that came with it speaks of
	Traces       revision.Traces // what later notes may speak of; see LateNotes
	Significance int             // 0..100
	Reasons      []revision.Reason
	WordsAdded   int
	WordsRemoved int
	Summary      string
	Excerpt      []worddiff.Span // the most telling changed sentence
	RevertsTo    int             // the earlier version that To returns to; 0: none
	Ours         bool            // the extractor's doing and no publisher's: read by one extractor, both versions say the same
	Annotations  []Annotation    // what people said of it, oldest first; kept apart, and not recorded with it

	// Of the article and the versions, for lists.
	URL         string
	Outlet      string
	OldHeadline string
	NewHeadline string
	Lang        string // of the new version, as its page states it; may be empty
}

// A Check is one attempt to look at an article.
type Check struct {
	ID        int64
	ArticleID int64
	At        time.Time // when it began
	Elapsed   time.Duration
	Outcome   Outcome
	Reason    string    // a code of [Reasons]; empty where the outcome is plain
	Detail    string    // a sentence for a person; likewise
	Status    int       // HTTP status; 0 where there was no answer
	CaptureID int64     // 0: nothing was captured
	SecondID  int64     // the capture of a second look; 0: none was taken or kept
	Version   int       // the version it made or showed; 0: none
	Modified  time.Time // the modified time that the page stated; zero: none
	Planned   time.Time // when the next look was to be; zero: none was, or it was not kept yet
}

// An Event is a turn in an article's life other than a change of its content.
type Event struct {
	ArticleID int64
	Kind      EventKind
	At        time.Time // when the first check showed it
	Until     time.Time // when a check first showed it over; zero: still so
	Reason    string
	Detail    string
}

// An EventKind names an event.
type EventKind string

// The kinds of event.
const (
	EventGone     EventKind = "gone"
	EventRestored EventKind = "restored"
	EventBlocked  EventKind = "blocked" // a spell, from At to Until; another reason is another spell
	EventMissing  EventKind = "missing" // a spell in which looks did not find it; it may end in gone
	EventMoved    EventKind = "moved"   // it is looked at under another address
	EventMerged   EventKind = "merged"  // it is the same article as another one that is tracked
)

// The kinds of event that are not stored but found among the changes.
const (
	EventNotedLate    EventKind = "noted-late"    // a [LateNote]
	EventHeadlineTest EventKind = "headline-test" // a [HeadlineTest]
)
