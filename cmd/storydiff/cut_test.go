package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"storydiff/storage"
)

// A gate is a site of one story that announces each request, answers when it is
// let, and says when its answer has been read to the end.
type gate struct {
	*httptest.Server
	asked  chan struct{}
	answer chan struct{}
	read   chan struct{}
	figure atomic.Int64
}

func newGate(t *testing.T) *gate {
	g := &gate{asked: make(chan struct{}, 100), answer: make(chan struct{}), read: make(chan struct{}, 100)}
	g.Server = httptest.NewServer(g)
	t.Cleanup(func() { g.CloseClientConnections() })
	return g
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/robots.txt" {
		http.NotFound(w, r)
		return
	}
	g.asked <- struct{}{}
	select {
	case <-g.answer:
	case <-r.Context().Done():
		return
	}
	conn, both, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	page := fmt.Sprintf(`<!doctype html><html lang="en"><title>Harbour count</title><article><h1>Harbour count</h1>
<p>The harbour office counted %d crates on the quay this morning, more than on any day before, it said.</p>
<p>The crates hold parts for the new pier, which is to open in spring, and for the swing bridge beside it.</p></article>`, g.figure.Load())
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(page), page)
	io.Copy(io.Discard, both) // the client hangs up once it has read all
	g.read <- struct{}{}
}

// counts returns how much a database holds: captures, looks and versions.
func counts(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var captures, looks, versions, leased int
	err = db.QueryRow(`SELECT (SELECT COUNT(*) FROM capture), (SELECT COUNT(*) FROM look), (SELECT COUNT(*) FROM version),
		(SELECT COUNT(*) FROM article WHERE lease_owner <> '')`).Scan(&captures, &looks, &versions, &leased)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d captures, %d looks, %d versions, %d leased", captures, looks, versions, leased)
}

// verifies wants that storydiff verify finds all whole.
func verifies(t *testing.T, db string) {
	t.Helper()
	if out, said, code := storydiff(t, "verify", "--db", db); code != 0 {
		t.Errorf("verify: exit %d: %s%s", code, out, said)
	}
}

// TestKillBetweenReadAndCommit kills the daemon when it has read a page to the
// end and could store nothing of it, for the database is locked: nothing is there,
// and the next daemon fetches it again.
func TestKillBetweenReadAndCommit(t *testing.T) {
	site, path := newGate(t), filepath.Join(t.TempDir(), "cut.db")
	track(t, path, site.URL+"/story")
	d := startDaemon(t, path)
	<-site.asked
	unlock := lockWrites(t, path)
	site.answer <- struct{}{}
	<-site.read
	d.kill()
	unlock()
	if got := counts(t, path); got != "0 captures, 0 looks, 0 versions, 1 leased" {
		t.Errorf("after the kill: %s", got)
	}
	verifies(t, path)
	close(site.answer)
	d = startDaemon(t, path)
	d.untilAcks(1)
	if a := d.rows()[0]; a.Outcome != "new" || a.Version != 1 {
		t.Errorf("the next daemon: %+v, want a first version", a)
	}
	d.terminate()
	verifies(t, path)
}

// lockWrites keeps everybody else from writing.
func lockWrites(t *testing.T, path string) (unlock func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		_, err := conn.ExecContext(context.Background(), "ROLLBACK")
		if err != nil || conn.Close() != nil || db.Close() != nil {
			t.Errorf("unlocking: %v", err)
		}
	}
}

// TestKillBetweenCaptureAndRecord kills the daemon when an edited page is stored
// and not yet understood, in the middle of its second look: the next daemon makes
// the version of it that would have been made.
func TestKillBetweenCaptureAndRecord(t *testing.T) {
	site, path := newGate(t), filepath.Join(t.TempDir(), "cut.db")
	site.figure.Store(31)
	track(t, path, site.URL+"/story")
	d := startDaemon(t, path)
	<-site.asked
	site.answer <- struct{}{}
	d.untilAcks(1)
	site.figure.Store(13)
	<-site.asked
	site.answer <- struct{}{}
	<-site.asked // the second look
	d.kill()
	if got := counts(t, path); got != "2 captures, 1 looks, 1 versions, 1 leased" {
		t.Errorf("after the kill: %s", got)
	}
	verifies(t, path)
	close(site.answer)
	d = startDaemon(t, path)
	d.untilAcks(1)
	if a := d.rows()[0]; a.Outcome != "changed" || a.Version != 2 {
		t.Errorf("the next daemon: %+v, want version 2", a)
	}
	d.terminate()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := db.Version(t.Context(), 1, 2)
	if err != nil || v.CaptureID != 2 {
		t.Errorf("version 2 is of capture %d, %v; want the one that was there at the kill", v.CaptureID, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	verifies(t, path)
}

// TestTerminateMidFetch ends a daemon whose host does not answer: it ends in time
// and order, with its log written back and nothing held.
func TestTerminateMidFetch(t *testing.T) {
	site, path := newGate(t), filepath.Join(t.TempDir(), "term.db")
	track(t, path, site.URL+"/story")
	d := startDaemon(t, path)
	<-site.asked
	d.terminate()
	if d.times("msg=stopped") != 1 {
		t.Errorf("it said %s", d.tail())
	}
	left, err := filepath.Glob(path + "?*")
	if err != nil || len(left) != 1 || !strings.HasSuffix(left[0], ".lock") {
		t.Errorf("beside the database: %v, %v; want the lock file alone", left, err)
	}
	if got := counts(t, path); got != "0 captures, 0 looks, 0 versions, 0 leased" {
		t.Errorf("it left %s", got)
	}
}

// TestNothingRunsOn ends the daemon within this process mid-fetch: no goroutine of
// its own is left.
func TestNothingRunsOn(t *testing.T) {
	site, path := newGate(t), filepath.Join(t.TempDir(), "leak.db")
	track(t, path, site.URL+"/story")
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"run", "--db", path, "--listen", "127.0.0.1:0", "--cron", "@every 1s", "--allow-private", "--host-delay", "0s"},
			streams{strings.NewReader(""), io.Discard, io.Discard})
	}()
	<-site.asked
	began := time.Now()
	cancel()
	if got := <-code; got != 0 || time.Since(began) > 10*time.Second {
		t.Errorf("exit %d after %v", got, time.Since(began))
	}
	site.Close()
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("os/signal.loop"), goleak.IgnoreAnyFunction("net/http/httptest.(*Server).goServe.func1"))
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("the log is still there")
	}
}
