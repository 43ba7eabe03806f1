package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"storydiff/storage"
)

// killsVar sets how many times TestKill kills the daemon; CI asks for 50.
const killsVar = "STORYDIFF_KILLS"

// slowestStart is how long a daemon may take to be back after a kill.
const slowestStart = 2 * time.Second

// TestKill kills the daemon at random moments, while it starts and while it
// looks, and holds the database against every row it had printed: what was said
// to be recorded is there, whole, and is what the site had served.
func TestKill(t *testing.T) {
	kills := 4
	if n, err := strconv.Atoi(os.Getenv(killsVar)); err == nil {
		kills = n
	}
	paper := newRestless(func() int64 { return time.Now().Unix() / 3 })
	site := httptest.NewServer(paper)
	defer site.Close()
	db := filepath.Join(t.TempDir(), "kill.db")
	var addresses []string
	for i := range 12 {
		addresses = append(addresses, fmt.Sprintf("%s/story/%d", site.URL, i))
	}
	track(t, db, addresses...)
	acked, versions := 0, 0
	var starts []time.Duration
	for i := range kills {
		d := startDaemon(t, db, "--log-level", "error")
		if i%2 == 0 {
			d.untilAcks(1)
			starts = append(starts, d.ready.Sub(d.began))
		}
		die := time.NewTimer(time.Duration(rand.IntN(700)) * time.Millisecond)
		select {
		case <-die.C:
		case <-d.ended:
			t.Fatalf("it ended by itself; it said %s", d.tail())
		}
		d.kill()
		acked += len(d.rows())
		for _, a := range d.rows() {
			if a.Outcome == "new" || a.Outcome == "changed" {
				versions++
			}
		}
		holdsAll(t, db, d.rows(), paper)
		soundDatabase(t, db)
	}
	if acked == 0 {
		t.Errorf("%d kills: no row was printed before any of them", kills)
	}
	slices.Sort(starts)
	if usual := starts[len(starts)*9/10]; usual > slowestStart { // a machine that is busy with other things delays a few
		t.Errorf("daemons were back after %v, want %v at most", starts, slowestStart)
	}
	if kills >= 50 && versions <= len(addresses) {
		t.Errorf("%d rows told of %d versions, want more", acked, versions)
	}
	t.Logf("%d kills, %d rows with %d versions acknowledged, none lost; back after %v at most", kills, acked, versions, starts[len(starts)-1])
}

// A restless paper serves stories whose figure is edited again and again. Two
// views a moment apart mostly show the same one.
type restless struct {
	figure func() int64

	mu     sync.Mutex
	served map[[32]byte]bool // SHA-256 of each page
}

func newRestless(figure func() int64) *restless {
	return &restless{figure: figure, served: map[[32]byte]bool{}}
}

func (p *restless) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	page := fmt.Appendf(nil, `<!doctype html><html lang="en"><title>Harbour count</title><article><h1>Harbour count %s</h1>
<p>The harbour office counted %d crates on the quay this morning, more than on any day before, it said.</p>
<p>The crates hold parts for the new pier, which is to open in spring, and for the swing bridge beside it.</p></article>`, r.URL.Path, p.figure())
	p.served[sha256.Sum256(page)] = true
	p.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(page)
}

// holdsAll checks that every acknowledged version is there with its bytes, and
// that paper had served those; a nil paper did not say what it served.
func holdsAll(t *testing.T, path string, acks []ack, paper *restless) {
	t.Helper()
	ctx := context.Background()
	db, err := storage.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, a := range acks {
		if a.Version == 0 {
			continue
		}
		v, err := db.Version(ctx, a.Article, a.Version)
		if err != nil {
			t.Errorf("acknowledged: article %d, version %d, %s: %v", a.Article, a.Version, a.Outcome, err)
			continue
		}
		c, err := db.Capture(ctx, v.CaptureID)
		if err != nil {
			t.Errorf("the capture of article %d, version %d: %v", a.Article, a.Version, err)
			continue
		}
		if paper != nil {
			paper.mu.Lock()
			if !paper.served[c.BodySHA256] {
				t.Errorf("article %d, version %d is of a page that was never served", a.Article, a.Version)
			}
			paper.mu.Unlock()
		}
	}
}

func soundDatabase(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var said string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil || said != "ok" {
		t.Errorf("integrity_check: %q, %v", said, err)
	}
	rows, err := db.Query("PRAGMA foreign_key_check")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if rows.Next() {
		t.Error("foreign_key_check finds a row without its parent")
	}
}
