package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/storage"
)

// killsVar sets how many times TestKill kills the daemon; CI asks for 50.
const killsVar = "STORYDIFF_KILLS"

// An ack is what a check's row said before the daemon was killed.
type ack struct {
	Article int64  `json:"article"`
	Outcome string `json:"outcome"`
	Version int    `json:"version"`
}

// TestKill kills the daemon at random moments, and holds the database against
// every row it had printed: what was said to be recorded is there, whole.
func TestKill(t *testing.T) {
	kills := 4
	if n, err := strconv.Atoi(os.Getenv(killsVar)); err == nil {
		kills = n
	}
	site := httptest.NewServer(restlessSite())
	defer site.Close()
	db := filepath.Join(t.TempDir(), "kill.db")
	var addresses []string
	for i := range 12 {
		addresses = append(addresses, fmt.Sprintf("%s/story/%d", site.URL, i))
	}
	if _, said, code := storydiff(t, append([]string{"add", "--db", db, "--cron", "@every 1s"}, addresses...)...); code != 0 {
		t.Fatalf("add: exit %d: %s", code, said)
	}
	acked := 0
	for range kills {
		acks := runAndKill(t, db, time.Duration(rand.IntN(700))*time.Millisecond)
		acked += len(acks)
		holdsAll(t, db, acks)
	}
	if acked == 0 {
		t.Errorf("%d kills: no row was printed before any of them", kills)
	}
	t.Logf("%d kills, %d rows acknowledged, none lost", kills, acked)
	soundDatabase(t, db)
}

// restlessSite serves stories in which a figure differs at every view, so that
// every look makes a version.
func restlessSite() http.Handler {
	var views atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Harbour count</title><article><h1>Harbour count %s</h1>
<p>The harbour office counted %d crates on the quay this morning, more than on any day before, it said.</p>
<p>The crates hold parts for the new pier, which is to open in spring, and for the swing bridge beside it.</p></article>`, r.URL.Path, views.Add(1))
	})
}

// runAndKill runs the daemon until the delay after its first row has passed,
// kills it, and returns the rows it had printed.
func runAndKill(t *testing.T, db string, delay time.Duration) []ack {
	t.Helper()
	daemon := exec.Command(os.Args[0], "run", "--db", db, "--listen", "127.0.0.1:0", "--cron", "@every 1s",
		"--allow-private", "--host-delay", "0s", "--json", "--log-level", "error")
	daemon.Env = append(os.Environ(), asProgram+"=1")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	giveUp := time.AfterFunc(30*time.Second, func() { daemon.Process.Kill() })
	defer giveUp.Stop()
	var acks []ack
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var a ack
		if json.Unmarshal(lines.Bytes(), &a) == nil {
			acks = append(acks, a)
		}
		if len(acks) == 1 {
			time.AfterFunc(delay, func() { daemon.Process.Kill() })
		}
	}
	daemon.Wait()
	return acks
}

// holdsAll checks that every acknowledged version is there with its bytes.
func holdsAll(t *testing.T, path string, acks []ack) {
	t.Helper()
	ctx := context.Background()
	db, err := storage.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, a := range acks {
		v, err := db.Version(ctx, a.Article, a.Version)
		if err != nil {
			t.Errorf("acknowledged: article %d, version %d, %s: %v", a.Article, a.Version, a.Outcome, err)
			continue
		}
		if _, err := db.Capture(ctx, v.CaptureID); err != nil {
			t.Errorf("the capture of article %d, version %d: %v", a.Article, a.Version, err)
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
