package storage_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

func TestMain(m *testing.M) {
	task, path := os.Getenv("STORAGE_TEST_CHILD"), os.Getenv("STORAGE_TEST_PATH")
	switch task {
	case "":
		os.Exit(m.Run())
	case "lock":
		childLock(path)
	case "write":
		childWrite(path)
	case "tag":
		childTag(path)
	}
}

func childLock(path string) {
	db, err := storage.Open(context.Background(), path)
	check(err)
	_, err = db.LockDaemon(context.Background(), "child")
	check(err)
	fmt.Println("ready")
	time.Sleep(time.Minute) // it is killed long before
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// childWrite records versions without end, and says so after each.
func childWrite(path string) {
	ctx := context.Background()
	db, err := storage.Open(ctx, path)
	check(err)
	fmt.Println("ready")
	for {
		a, ok, err := db.ClaimArticle(ctx, 1, "child", time.Now(), time.Nanosecond)
		check(err)
		if !ok {
			continue // of the child before, until its lease ends
		}
		capture, version := lived(a.Versions + 1)
		check(db.Keep(ctx, capture))
		fmt.Println("kept", capture.ID)
		version.CaptureID = capture.ID
		check(db.Record(ctx, "child", &tracker.Record{
			Article: a,
			Check:   tracker.Check{At: time.Now(), Outcome: tracker.OutcomeChanged, CaptureID: capture.ID},
			Version: version,
		}))
		fmt.Println("recorded", version.N)
	}
}

// lived is version n of the story that the children write.
func lived(n int) (*tracker.Capture, *tracker.Version) {
	s := extract.Story{Headline: fmt.Sprint("Version ", n), Blocks: []extract.Block{{Kind: extract.Paragraph, Text: strings.Repeat(fmt.Sprint("text ", n, " "), 500)}}}
	body := []byte(s.Text())
	return &tracker.Capture{ArticleID: 1, Page: fetch.Page{Status: 200, Body: body, Wire: append([]byte("wire "), body...)}},
		&tracker.Version{Story: s, SHA256: s.SHA256(), Key: sha256.Sum256(body), CapturedAt: time.Now()}
}

// TestKill kills a writer again and again. Whatever it said was kept or
// recorded must be there, whole, and the database with it. The environment's
// STORAGE_TEST_KILLS asks for more than the few of a normal run.
func TestKill(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("STORAGE_TEST_KILLS")); err == nil {
		kills = n
	}
	path := filepath.Join(t.TempDir(), "test.db")
	addOne(t, path)
	versions := 0
	for i := range kills {
		c := startChild(t, "write", path)
		// Not a wait for anything: a moment at which to die.
		time.Sleep(time.Duration(20+i*37%180) * time.Millisecond)
		recorded, kept := said(c.kill())
		n := survived(t, path, max(recorded, versions), kept)
		if n > recorded+1 && recorded > 0 {
			t.Errorf("%d versions, although only %d were recorded", n, recorded)
		}
		versions = n
	}
	if versions == 0 {
		t.Error("nothing was ever written")
	}
	t.Logf("%d versions over %d kills", versions, kills)
}

// said returns the last version and capture that a child spoke of.
func said(out string) (recorded int, kept int64) {
	for line := range strings.Lines(out) {
		if !strings.HasSuffix(line, "\n") {
			break // it was killed in the middle of a word
		}
		fmt.Sscanf(line, "recorded %d", &recorded)
		fmt.Sscanf(line, "kept %d", &kept)
	}
	return recorded, kept
}

// survived opens the database as the next process would, wants all that was
// acknowledged, and returns how many versions there are.
func survived(t *testing.T, path string, recorded int, kept int64) int {
	t.Helper()
	began := time.Now()
	db := open(t, path)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("opening took %v", took)
	}
	must(t, db.Close())
	wantIntegrity(t, path)
	return len(versionsOf(t, path, recorded, kept))
}

func wantIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	var verdict string
	var orphans int
	must(t, db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&verdict))
	must(t, db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pragma_foreign_key_check`).Scan(&orphans))
	if verdict != "ok" || orphans != 0 {
		t.Errorf("integrity: %s, and %d rows without the row they belong to", verdict, orphans)
	}
}

func versionsOf(t *testing.T, path string, recorded int, kept int64) []tracker.Version {
	t.Helper()
	db := open(t, path)
	defer db.Close()
	versions, err := db.Versions(t.Context(), 1)
	must(t, err)
	if len(versions) < recorded {
		t.Errorf("%d versions, although %d were recorded", len(versions), recorded)
	}
	for i, v := range versions {
		_, want := lived(i + 1)
		if v.SHA256 != want.SHA256 || v.N != i+1 {
			t.Errorf("version %d is not what was recorded", i+1)
		}
	}
	if kept > 0 {
		if _, err := db.Capture(t.Context(), kept); err != nil {
			t.Errorf("a capture that was kept: %v", err)
		}
	}
	return versions
}
