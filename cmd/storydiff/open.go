package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"

	"storydiff/storage"
	"storydiff/tracker"
)

// A noDatabase reports that there is no database at a path.
type noDatabase string

func (path noDatabase) Error() string {
	return fmt.Sprintf("there is no database %s yet: storydiff add URL makes one", string(path))
}

// open opens the database, making it where there is none.
func (a *app) open(ctx context.Context) (*storage.DB, error) {
	if strings.HasPrefix(a.db, "postgres://") || strings.HasPrefix(a.db, "postgresql://") {
		return nil, misusef("--db: this version keeps its data in SQLite alone: give the path of a file")
	}
	if a.db == "" {
		return nil, misusef("--db: give the path of a file")
	}
	return storage.Open(ctx, a.db)
}

// openExisting opens the database and makes none; the error is then a noDatabase.
func (a *app) openExisting(ctx context.Context) (*storage.DB, error) {
	if _, err := os.Stat(a.db); errors.Is(err, fs.ErrNotExist) && a.db != "" && !strings.Contains(a.db, "://") {
		return nil, noDatabase(a.db)
	}
	return a.open(ctx)
}

// withDB runs work on the database and closes it.
func (a *app) withDB(ctx context.Context, open func(context.Context) (*storage.DB, error), work func(*storage.DB) error) error {
	db, err := open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(work(db), db.Close())
}

// tracked is article for what needs it to be looked at still.
func tracked(ctx context.Context, db *storage.DB, arg string) (tracker.Article, error) {
	found, err := article(ctx, db, arg)
	switch {
	case err != nil || found.RemovedAt.IsZero():
		return found, err
	case found.MergedInto > 0:
		return found, fmt.Errorf("%s is the same article as number %d, and looked at there: storydiff history %[2]d shows it", found.URL, found.MergedInto)
	}
	return found, fmt.Errorf("%s is not tracked any more: storydiff add takes it up again", found.URL)
}

// article finds the article that a person means by a URL, in any of its forms,
// or by its number; also one that was removed, whose history is still there.
func article(ctx context.Context, db *storage.DB, arg string) (tracker.Article, error) {
	if id, err := strconv.ParseInt(arg, 10, 64); err == nil {
		found, err := db.Article(ctx, id)
		if errors.Is(err, tracker.ErrNotFound) {
			err = fmt.Errorf("no article has the number %d: storydiff list shows them", id)
		}
		return found, err
	}
	identity, err := tracker.Identity(arg)
	if err != nil {
		return tracker.Article{}, misuse(err)
	}
	found, err := db.ArticleByIdentity(ctx, identity)
	if errors.Is(err, tracker.ErrNotFound) {
		err = fmt.Errorf("%s is not tracked: storydiff add tracks it", arg)
	}
	return found, err
}

// versionRef matches URL@N, ID@latest and the like. An address may hold an @ of
// its own: only a number or one of the two words behind the last one counts.
var versionRef = regexp.MustCompile(`^(.+)@(\d+|latest|first)$`)

// storedVersion finds the version that URL@N or ID@N names.
func storedVersion(ctx context.Context, db *storage.DB, ref string) (tracker.Article, tracker.Version, error) {
	var none tracker.Version
	m := versionRef.FindStringSubmatch(ref)
	if m == nil {
		return tracker.Article{}, none, misusef("%q names no version: write URL@3, URL@first or URL@latest", ref)
	}
	found, err := article(ctx, db, m[1])
	if err != nil {
		return found, none, err
	}
	n := 1
	switch m[2] {
	case "latest":
		n = found.Versions
	case "first":
	default:
		if n, err = strconv.Atoi(m[2]); err != nil {
			return found, none, misusef("%q: no version has that number", ref)
		}
	}
	v, err := db.Version(ctx, found.ID, n)
	switch {
	case errors.Is(err, tracker.ErrNotFound) && found.Versions == 0:
		err = fmt.Errorf("%s has no version yet: storydiff check looks at it", found.URL)
	case errors.Is(err, tracker.ErrNotFound):
		err = fmt.Errorf("%s has no version %s: there are %d", found.URL, m[2], found.Versions)
	}
	return found, v, err
}
