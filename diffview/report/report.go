// Package report serves the history of stories as web pages.
//
// Pages are made on the server from what a [Source] knows, work without
// script, and load nothing from anywhere else. Nothing here changes anything:
// only GET and HEAD exist. Text of newspapers is shown as text; captured HTML
// is never served.
//
// Read routes in this file first: each address has a file of its own. In
// handle.go an error becomes an answer, in guard.go a request is let in, in
// words.go times and names become what a reader reads.
package report

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// A Source knows the articles and their history. An article, version or capture
// that is not there is an error that wraps [tracker.ErrNotFound].
type Source interface {
	// Articles returns the articles that f chooses, in any order.
	Articles(ctx context.Context, f tracker.ArticleFilter) ([]tracker.Article, error)
	// Article returns one article.
	Article(ctx context.Context, id int64) (tracker.Article, error)
	// Versions returns the versions of an article, oldest first.
	Versions(ctx context.Context, articleID int64) ([]tracker.Version, error)
	// Version returns one version, counted from 1.
	Version(ctx context.Context, articleID int64, n int) (tracker.Version, error)
	// Changes returns the changes that f chooses, the largest ID first.
	Changes(ctx context.Context, f tracker.ChangeFilter) ([]tracker.Change, error)
	// Checks returns up to limit checks of an article, newest first.
	Checks(ctx context.Context, articleID int64, limit int) ([]tracker.Check, error)
	// LooksByVersion returns how many checks that began from from to until
	// showed each version of an article.
	LooksByVersion(ctx context.Context, articleID int64, from, until time.Time) (map[int]int, error)
	// Events returns the events of an article, oldest first.
	Events(ctx context.Context, articleID int64) ([]tracker.Event, error)
	// Readings returns how a version was read before it was read anew, oldest first.
	Readings(ctx context.Context, articleID int64, n int) ([]tracker.Reading, error)
	// Capture returns one capture with its bytes.
	Capture(ctx context.Context, id int64) (tracker.Capture, error)
	// Learned says what is known to be furniture of an article's outlet.
	tracker.Learner
	// Watching says when an article was looked at.
	Watching(ctx context.Context, articleID int64, now time.Time) (tracker.Watching, error)
	// Health returns nil while the source can answer.
	Health(ctx context.Context) error
}

// Options tune the pages; the zero value serves this machine alone.
type Options struct {
	Hosts   []string                     // names that the Host header may carry beside the loopback names and the address listened on; without port
	Log     *slog.Logger                 // what visitors are not told; nil: nowhere
	Version string                       // of the program, for the foot of each page; may be empty
	Notice  string                       // a sentence at the head of each page; may be empty
	Rules   *extract.Rules               // site rules by which a version is read anew, beside those shipped; nil: none
	Now     func() time.Time             // the clock that "the last 24 hours" counts from; nil: time.Now
	Health  func(context.Context) []Part // what must be well beside the source; nil: nothing
	Metrics http.Handler                 // answers /metrics; nil: there is no such address

	static bool // pages are for an export
}

// A site answers requests for pages.
type site struct {
	src     Source
	rules   *extract.Rules
	log     *slog.Logger
	now     func() time.Time
	version string
	notice  string
	assets  assets
	health  func(context.Context) []Part
	metrics http.Handler
	static  bool        // pages are for an export
	sick    atomic.Bool // the source could not answer when it was last asked
}

// New returns the handler of all pages over src.
func New(src Source, opts Options) http.Handler {
	s := &site{src: src, rules: opts.Rules, log: opts.Log, now: opts.Now, version: opts.Version, notice: opts.Notice, assets: newAssets(), health: opts.Health, metrics: opts.Metrics, static: opts.static}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s.guard(newHosts(opts.Hosts), s.routes())
}

// routes is the list of every address.
func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.handle(s.changes))
	mux.HandleFunc("GET /articles", s.handle(s.articles))
	mux.HandleFunc("GET /articles/{id}", s.handle(s.article))
	mux.HandleFunc("GET /articles/{id}/compare", s.handle(s.compare))
	mux.HandleFunc("GET /articles/{id}/versions/{n}", s.handle(s.versionPage))
	mux.HandleFunc("GET /articles/{id}/changes/{range}", s.handle(s.change))
	mux.HandleFunc("GET /healthz", s.handle(s.healthz))
	if s.metrics != nil {
		mux.Handle("GET /metrics", s.metrics)
	}
	if s.static {
		mux.HandleFunc("GET "+searchPath, s.handle(s.staticSearch))
		mux.HandleFunc("GET "+s.assets.search.path, s.handle(s.assets.search.serve))
	}
	for _, a := range s.assets.all() {
		mux.HandleFunc("GET "+a.path, s.handle(a.serve))
	}
	mux.HandleFunc("GET /", s.handle(func(http.ResponseWriter, *http.Request) error { return errNoPage }))
	return mux
}
