package main

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest/press"
	"storydiff/tracker"
)

// behind makes a database that an earlier storydiff left: all its versions were read
// by another extractor, and nothing is indexed. None of its articles is due.
func behind(t *testing.T, recipe press.Recipe) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "behind.db")
	db := recipe.Open(t)
	if err := db.Backup(t.Context(), path, false, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.ForgetIndex(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, query := range []string{`UPDATE version SET extractor = 1`, `UPDATE article SET next_check = next_check + 1000000000000`} {
		if _, err := raw.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// TestCatchingUp starts a daemon over a press that an earlier storydiff left: it
// looks at once, goes on looking while it reads all anew, says that it does, and
// comes to an end with it.
func TestCatchingUp(t *testing.T) {
	if underRace {
		t.Skip("three hundred pages are read anew, which takes ten times as long there")
	}
	t.Parallel()
	site := httptest.NewServer(bulkySite())
	defer site.Close()
	path := behind(t, press.Recipe{Articles: 30, Versions: 300})
	if out, _, _ := storydiff(t, "status", "--db", path); !strings.Contains(out, "catching up: 30 articles not indexed") {
		t.Errorf("without a daemon status says %s", out)
	}
	track(t, path, site.URL+"/story/1")
	d := startDaemon(t, path, "--contact", "desk@example.org")
	d.untilAcks(1)
	first := time.Since(d.began)
	said := ""
	d.until("word of what is being caught up with", func() bool {
		d.mu.Unlock()
		defer d.mu.Lock()
		_, text := d.get("/healthz?verbose")
		_, said, _ = strings.Cut(text, "ok    catching-up: ")
		return said != ""
	})
	if !strings.Contains(said, "of 30 articles so far.") && !strings.Contains(said, "of 31 articles so far.") {
		t.Errorf("health says %q", said)
	}
	if out, _, _ := storydiff(t, "status", "--db", path); !strings.Contains(out, "catching up: What an earlier storydiff") {
		t.Errorf("beside a daemon status says %s", out)
	}
	before := len(d.rows())
	d.until("an end of it", func() bool {
		d.mu.Unlock()
		defer d.mu.Lock()
		_, text := d.get("/healthz?verbose")
		return !strings.Contains(text, "catching-up") && d.times(`msg="read anew"`) > 20
	})
	if after := len(d.rows()); after <= before {
		t.Errorf("no look while it caught up, from row %d on", before)
	}
	d.terminate()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ids, err := (&tracker.Rereader{Shelf: db, Owner: owner()}).Outdated(t.Context())
	if left, e := db.Unsearched(t.Context()); err != nil || e != nil || len(ids)+left > 0 {
		t.Errorf("%d articles are left to be read anew, %d to be indexed, %v, %v", len(ids), left, err, e)
	}
	t.Logf("the first look was recorded %v after the start", first.Round(time.Millisecond))
}

// Whatever is caught up with is rested from for as long as it took.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct{ took, want time.Duration }{
			{0, time.Millisecond}, {300 * time.Millisecond, 300 * time.Millisecond}, {time.Hour, 5 * time.Second},
		} {
			began := time.Now()
			time.Sleep(tt.took)
			over := time.Now()
			if !rest(t.Context(), began) || time.Since(over) != tt.want {
				t.Errorf("after %v it rests for %v, want %v", tt.took, time.Since(over), tt.want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if began := time.Now(); rest(ctx, began.Add(-time.Second)) || time.Since(began) > 0 {
			t.Error("it rests although it is to end")
		}
	})
}

// Nothing is begun once the daemon is told to end.
func TestCatchUpEnds(t *testing.T) {
	path := behind(t, press.Recipe{Articles: 30, Versions: 300})
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var c catchUp
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	c.index(ctx, db, log)
	c.reread(ctx, &tracker.Rereader{Shelf: db, Owner: owner()}, log)
	if left, err := db.Unsearched(t.Context()); err != nil || left != 30 || len(c.parts()) > 0 {
		t.Errorf("%d articles are left, %v, and health says %v", left, err, c.parts())
	}
}
