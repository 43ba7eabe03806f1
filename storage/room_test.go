package storage_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// noise is a page that does not compress.
func noise(size int, seed byte) []byte {
	page := make([]byte, size)
	rand.NewChaCha8([32]byte{seed}).Read(page)
	return page
}

// keepUntilFull keeps captures until one does not fit, at most 100.
func keepUntilFull(t *testing.T, db *storage.DB) (kept []tracker.Capture, err error) {
	t.Helper()
	for i := range 100 {
		c := tracker.Capture{ArticleID: 1, Page: fetch.Page{Status: 200, Body: noise(100<<10, byte(i))}}
		if err := db.Keep(t.Context(), &c); err != nil {
			return kept, err
		}
		kept = append(kept, c)
	}
	return kept, nil
}

// Where no page can be added, what is claimed already may try, nothing more is
// claimed, reading goes on, and it is all over when there is room again. That the
// reserve makes room is for a test with a disk: TestDiskFull of the program.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	addOne(t, path)
	db := open(t, path)
	must(t, db.Reserve())
	if info, err := os.Stat(path + ".reserve"); err != nil || info.Size() != 8<<20 {
		t.Fatalf("the reserve: %v, %v; want 8 MiB", info, err)
	}
	recordVersion(t, db, 1, webPage(0), newsStory(0))
	storage.LimitPages(t, db, 200)
	kept, err := keepUntilFull(t, db)
	if !errors.Is(err, storage.ErrFull) || !storage.MayPass(err) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("after %d captures: %v, want ErrFull", len(kept), err)
	}
	if _, err := os.Stat(path + ".reserve"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve is still there: %v", err)
	}
	_, err = db.DueHosts(t.Context(), time.Now())
	_, _, claimed := db.Claim(t.Context(), "h", "w", time.Now(), time.Minute)
	for what, err := range map[string]error{"DueHosts": err, "Claim": claimed, "Health": db.Health(t.Context())} {
		if !errors.Is(err, storage.ErrFull) {
			t.Errorf("%s: %v, want ErrFull", what, err)
		}
	}
	for _, c := range kept {
		if _, err := db.Capture(t.Context(), c.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := db.Version(t.Context(), 1, 1); err != nil {
		t.Errorf("reading: %v", err)
	}
	storage.LimitPages(t, db, 1<<20)
	must(t, db.Resume(t.Context()))
	must(t, db.Health(t.Context()))
	_, err = db.DueHosts(t.Context(), time.Now())
	must(t, err)
	recordVersion(t, db, 1, webPage(1), newsStory(1))
	if info, err := os.Stat(path + ".reserve"); err != nil || info.Size() != 8<<20 {
		t.Errorf("the reserve, anew: %v, %v", info, err)
	}
	must(t, db.Close())
	must(t, os.WriteFile(path+".reserve", noise(8<<20, 0), 0o600)) // of a daemon that was killed
	db = open(t, path)
	must(t, db.Reserve())
	storage.LimitPages(t, db, 50)
	if _, err := keepUntilFull(t, db); !errors.Is(err, storage.ErrFull) {
		t.Fatal(err)
	}
	must(t, db.Close())
	if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
		t.Errorf("left beside the database: %v", left)
	}
	wantIntegrity(t, path)
}

// A file that may only be read is told of as such; reading goes on, and writing
// once it may.
func TestReadOnly(t *testing.T) {
	path, captures := filled(t, 1)
	db := open(t, path)
	storage.QueryOnly(t, db, true)
	err := db.Keep(t.Context(), &tracker.Capture{ArticleID: 1, Page: fetch.Page{Body: []byte("x")}})
	if !storage.MayPass(err) || errors.Is(err, storage.ErrFull) || !strings.Contains(err.Error(), "may not be written to") {
		t.Errorf("Keep: %v", err)
	}
	if db.Health(t.Context()) == nil || db.Resume(t.Context()) == nil {
		t.Error("it is called healthy")
	}
	if _, err := db.Capture(t.Context(), captures[0].ID); err != nil {
		t.Error(err)
	}
	storage.QueryOnly(t, db, false)
	must(t, db.Resume(t.Context()))
	recordVersion(t, db, 1, webPage(5), newsStory(5))
}
