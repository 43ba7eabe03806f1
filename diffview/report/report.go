// Package report serves the history of stories as web pages.
//
// Pages are made on the server from what a [Source] knows, work without
// script, and load nothing from anywhere else. No GET changes anything; what a
// POST changes, a [Desk] does for those whom [Doors] let in. Text of newspapers is
// shown as text; captured HTML is served as the text of its source alone.
//
// Read the table in routes.go first: each address has a file of its own. In
// handle.go an error becomes an answer, in guard.go a request is let in, in
// gate.go it is told who asks, in words.go times and names become what a reader
// reads.
package report

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// A Source knows the articles and their history. An article, version or capture
// that is not there is an error that wraps [tracker.ErrNotFound].
type Source interface {
	// Articles returns the articles that f chooses, by ID where f asks for a page.
	Articles(ctx context.Context, f tracker.ArticleFilter) ([]tracker.Article, error)
	// ArticlesByChange returns up to limit of the articles that f chooses, the one
	// that changed last first and of those that changed at once the largest ID;
	// those that come after a mark, or from the first where that is zero.
	ArticlesByChange(ctx context.Context, f tracker.ArticleFilter, after tracker.ArticleMark, limit int) ([]tracker.Article, error)
	// CountArticles returns how many articles f chooses.
	CountArticles(ctx context.Context, f tracker.ArticleFilter) (int, error)
	// Article returns one article.
	Article(ctx context.Context, id int64) (tracker.Article, error)
	// ArticleByIdentity returns the article that an address leads to, by what all
	// its forms share (see [tracker.Identity]).
	ArticleByIdentity(ctx context.Context, identity string) (tracker.Article, error)
	// VersionTimes returns when each version of an article was first seen, oldest
	// first.
	VersionTimes(ctx context.Context, articleID int64) ([]tracker.VersionTime, error)
	// Versions returns the versions of an article, oldest first.
	Versions(ctx context.Context, articleID int64) ([]tracker.Version, error)
	// Heads returns the newest versions of an article without the blocks of their
	// texts, oldest first: those up to the one numbered last, or all where that is
	// 0, and at most limit of them.
	Heads(ctx context.Context, articleID int64, last, limit int) ([]tracker.Version, error)
	// Version returns one version, counted from 1.
	Version(ctx context.Context, articleID int64, n int) (tracker.Version, error)
	// Changes returns the changes that f chooses, the largest ID first.
	Changes(ctx context.Context, f tracker.ChangeFilter) ([]tracker.Change, error)
	// Flips returns the changes of the headlines of articles that may be part of a
	// test: the next one or the one before came within [tracker.MayTest]. Those of
	// one article stand together, oldest first; what was the extractor's doing is
	// left out.
	Flips(ctx context.Context, articles []int64) ([]tracker.Change, error)
	// Search returns the articles in which words stood in some version, those that
	// were taken up last first. A [search.Refusal] is for the one who asked.
	Search(ctx context.Context, q tracker.SearchQuery) (tracker.SearchResult, error)
	// Checks returns up to limit checks of an article, newest first.
	Checks(ctx context.Context, articleID int64, limit int) ([]tracker.Check, error)
	// Looks returns the first checks of an article and the last, at most so many
	// of either, oldest first and each once.
	Looks(ctx context.Context, articleID int64, first, last int) ([]tracker.Look, error)
	// ChecksBefore is Checks of those with a smaller ID than before; 0: of all.
	ChecksBefore(ctx context.Context, articleID, before int64, limit int) ([]tracker.Check, error)
	// LooksByVersion returns how many checks that began from from to until
	// showed each version of an article.
	LooksByVersion(ctx context.Context, articleID int64, from, until time.Time) (map[int]int, error)
	// Events returns the events of an article, oldest first.
	Events(ctx context.Context, articleID int64) ([]tracker.Event, error)
	// Readings returns how a version was read before it was read anew, oldest first.
	Readings(ctx context.Context, articleID int64, n int) ([]tracker.Reading, error)
	// Annotations returns all notes of people on an article, oldest first.
	Annotations(ctx context.Context, articleID int64) ([]tracker.Annotation, error)
	// Capture returns one capture with its bytes.
	Capture(ctx context.Context, id int64) (tracker.Capture, error)
	// CaptureHead returns one capture without its bytes, also where those were dropped.
	CaptureHead(ctx context.Context, id int64) (tracker.Capture, error)
	// Learned says what is known to be furniture of an article's outlet.
	tracker.Learner
	// Watching says when an article was looked at.
	Watching(ctx context.Context, articleID int64, now time.Time) (tracker.Watching, error)
	// Lives returns what is counted of the articles that something happened to
	// since a mark was given out, in any order; 0: of all.
	Lives(ctx context.Context, mark int64) (tracker.Lives, error)
	// LooksByOutlet returns of each outlet how often its articles were looked at
	// from a week on.
	LooksByOutlet(ctx context.Context, from tracker.Week) (map[string]tracker.Looks, error)
	// LooksByWeek returns how often the articles of an outlet were looked at from a
	// week on, by week, oldest first, those without a look left out.
	LooksByWeek(ctx context.Context, outlet string, from tracker.Week) ([]tracker.WeekOfLooks, error)
	// Generation returns a number that is another after anything was written. What
	// is read after it was asked for is of that generation, or of a later one.
	Generation(ctx context.Context) (int64, error)
	// Health returns nil while the source can answer.
	Health(ctx context.Context) error
}

// Options tune the pages; the zero value serves this machine alone.
type Options struct {
	Hosts   []string                     // names that the Host header may carry beside the loopback names and the address listened on; without port
	Log     *slog.Logger                 // what visitors are not told; nil: nowhere
	Version string                       // of the program, for the foot of each page; may be empty
	Public  string                       // address of the report as its readers see it, for feeds and the API; its host may be asked for; empty: as the request has it
	Notice  string                       // a sentence at the head of each page; may be empty
	Rules   *extract.Rules               // site rules by which a version is read anew, beside those shipped; nil: none
	Now     func() time.Time             // the clock that "the last 24 hours" counts from; nil: time.Now
	Health  func(context.Context) []Part // what must be well beside the source; nil: nothing
	Metrics http.Handler                 // answers /metrics, to this machine and to who knows the password; nil: there is no such address
	Plan    func() tracker.Schedule      // by what looks are planned, to say why; nil: a schedule that is steered by nothing
	Desk    Desk                         // does what visitors want changed; nil: nothing can be changed
	Doors   Doors                        // who may read and change things
	// Withhold keeps back from the public the text of versions whose publisher asks
	// for no copies (noarchive, nosnippet, tdm-reservation): of changes what changed is
	// shown alone.
	Withhold bool

	static bool // pages are for an export
}

// A site answers requests for pages.
type site struct {
	src       Source
	public    string // address without a slash at its end; may be empty
	authority string // in whose name IDs are given
	rules     *extract.Rules
	log       *slog.Logger
	now       func() time.Time
	version   string
	notice    string
	assets    assets
	health    func(context.Context) []Part
	metrics   http.Handler
	desk      Desk // nil: nothing can be changed, and there is no address for it
	gate      *gate
	origin    *http.CrossOriginProtection // without exceptions
	cards     *cards
	plan      func() tracker.Schedule
	traced    *originCache
	book      book        // what is counted of outlets
	static    bool        // pages are for an export
	withhold  bool        // see [Options.Withhold]
	sick      atomic.Bool // the source could not answer when it was last asked

	pages        freshPages
	entriesDrawn lru[content, entry]
	revisions    lru[content, *revision.Revision]
}

// New returns the handler of all pages over src.
func New(src Source, opts Options) http.Handler {
	s := newSite(src, opts)
	return s.guard(newHosts(append(slices.Clone(opts.Hosts), publicHost(opts.Public))), s.routes(s.table()))
}

func newSite(src Source, opts Options) *site {
	s := &site{src: src, public: strings.TrimRight(opts.Public, "/"), authority: authorityOf(opts.Public), rules: opts.Rules, log: opts.Log, now: opts.Now, version: opts.Version, notice: opts.Notice, assets: newAssets(), health: opts.Health, metrics: opts.Metrics,
		origin: http.NewCrossOriginProtection(), cards: newCards(), plan: opts.Plan, traced: newOriginCache(), static: opts.static, withhold: opts.Withhold}
	s.entriesDrawn.limit, s.revisions.limit = entriesLimit, comparedLimit
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.plan == nil {
		s.plan = func() tracker.Schedule { return tracker.Schedule{} }
	}
	s.gate = newGate(opts.Doors, s.now)
	if s.gate.open || s.gate.locked() {
		s.desk = opts.Desk
	}
	return s
}
