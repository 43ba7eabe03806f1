// Package storagetest holds what any store must do, and a throw-away store for
// anyone's tests.
package storagetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/discover"
	"storydiff/tracker/fetch"
)

// New returns an empty store in a file of its own, which is closed and deleted
// when the test ends.
func New(t testing.TB) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// A Store is all that the program asks of a store.
type Store interface {
	tracker.Store
	tracker.Shelf
	fetch.Ledger
	alert.Outbox

	Add(ctx context.Context, n storage.NewArticle) (a tracker.Article, added bool, err error)
	SetState(ctx context.Context, id int64, state tracker.State, next time.Time) error
	Remove(ctx context.Context, id int64, purge bool) error
	MakeDue(ctx context.Context, id int64, now time.Time) error
	Tag(ctx context.Context, id int64, tag string) error
	Untag(ctx context.Context, id int64, tag string) error
	Annotate(ctx context.Context, a *tracker.Annotation) error
	Unannotate(ctx context.Context, articleID, id int64) error
	Annotations(ctx context.Context, articleID int64) ([]tracker.Annotation, error)
	FreeOwners(ctx context.Context, dead func(owner string) bool) error

	Articles(ctx context.Context, f tracker.ArticleFilter) ([]tracker.Article, error)
	ArticlesByChange(ctx context.Context, f tracker.ArticleFilter, after tracker.ArticleMark, limit int) ([]tracker.Article, error)
	CountArticles(ctx context.Context, f tracker.ArticleFilter) (int, error)
	Versions(ctx context.Context, articleID int64) ([]tracker.Version, error)
	Heads(ctx context.Context, articleID int64, last, limit int) ([]tracker.Version, error)
	Version(ctx context.Context, articleID int64, n int) (tracker.Version, error)
	Changes(ctx context.Context, f tracker.ChangeFilter) ([]tracker.Change, error)
	Checks(ctx context.Context, articleID int64, limit int) ([]tracker.Check, error)
	Looks(ctx context.Context, articleID int64, first, last int) ([]tracker.Look, error)
	ChecksBefore(ctx context.Context, articleID, before int64, limit int) ([]tracker.Check, error)
	VersionTimes(ctx context.Context, articleID int64) ([]tracker.VersionTime, error)
	Search(ctx context.Context, q tracker.SearchQuery) (tracker.SearchResult, error)
	Unsearched(ctx context.Context) (int, error)
	LooksByVersion(ctx context.Context, articleID int64, from, until time.Time) (map[int]int, error)
	CaptureHead(ctx context.Context, id int64) (tracker.Capture, error)
	Readings(ctx context.Context, articleID int64, n int) ([]tracker.Reading, error)
	Events(ctx context.Context, articleID int64) ([]tracker.Event, error)
	Aliases(ctx context.Context, articleID int64) ([]string, error)
	Furniture(ctx context.Context, outlet string) ([]tracker.Furniture, error)
	Outlets(ctx context.Context) ([]string, error)
	Lives(ctx context.Context, mark int64) (tracker.Lives, error)
	LooksByOutlet(ctx context.Context, from tracker.Week) (map[string]tracker.Looks, error)
	LooksByWeek(ctx context.Context, outlet string, from tracker.Week) ([]tracker.WeekOfLooks, error)
	Hosts(ctx context.Context) ([]fetch.HostState, error)
	Counts(ctx context.Context) (storage.Counts, error)
	Health(ctx context.Context) error

	BeginRun(ctx context.Context, r *tracker.DaemonRun) error
	Beat(ctx context.Context, id int64, now time.Time) error
	EndRun(ctx context.Context, id int64, now time.Time) error
	Runs(ctx context.Context, since time.Time) ([]tracker.DaemonRun, error)
	Watching(ctx context.Context, articleID int64, now time.Time) (tracker.Watching, error)
	Overdue(ctx context.Context, now time.Time) (n int, since time.Time, err error)
	States(ctx context.Context) (map[tracker.State]int, error)
	HostRests(ctx context.Context, now time.Time) ([]storage.HostRest, error)
	Troubles(ctx context.Context, since time.Time) ([]storage.Trouble, error)
	TableSizes(ctx context.Context) ([]storage.TableSize, error)
	LooksSince(ctx context.Context, since time.Time) (int, error)
	discover.Store
	AddSource(ctx context.Context, s discover.Source) (kept discover.Source, added bool, err error)
	Source(ctx context.Context, id int64) (discover.Source, error)
	SourceByURL(ctx context.Context, url string) (discover.Source, error)
	Sources(ctx context.Context) ([]discover.Source, error)
	RemoveSource(ctx context.Context, id int64) error
}

var _ Store = (*storage.DB)(nil)
