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
	FreeOwners(ctx context.Context, dead func(owner string) bool) error

	Articles(ctx context.Context, f tracker.ArticleFilter) ([]tracker.Article, error)
	Versions(ctx context.Context, articleID int64) ([]tracker.Version, error)
	Version(ctx context.Context, articleID int64, n int) (tracker.Version, error)
	Changes(ctx context.Context, f tracker.ChangeFilter) ([]tracker.Change, error)
	Checks(ctx context.Context, articleID int64, limit int) ([]tracker.Check, error)
	LooksByVersion(ctx context.Context, articleID int64, from, until time.Time) (map[int]int, error)
	Readings(ctx context.Context, articleID int64, n int) ([]tracker.Reading, error)
	Events(ctx context.Context, articleID int64) ([]tracker.Event, error)
	Aliases(ctx context.Context, articleID int64) ([]string, error)
	Furniture(ctx context.Context, outlet string) ([]tracker.Furniture, error)
	Outlets(ctx context.Context) ([]string, error)
	Counts(ctx context.Context) (storage.Counts, error)
	Health(ctx context.Context) error
}

var _ Store = (*storage.DB)(nil)
