package main

import (
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMaxDB runs a daemon over a database that is larger than it may be: the raw
// bytes are dropped, that is said in their place, and the page and text are kept.
func TestMaxDB(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noise := make([]byte, 100<<10)
		rand.NewChaCha8([32]byte{1}).Read(noise)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		fmt.Fprintf(z, `<!doctype html><html lang="en"><title>Quay</title><!-- %x --><article><h1>Crates on the quay</h1>
<p>The harbour office counted forty crates on the quay this morning, more than on any day before, it said.</p></article>`, noise)
	}))
	defer site.Close()
	db := filepath.Join(t.TempDir(), "max.db")
	address := site.URL + "/story"
	track(t, db, address)
	d := startDaemon(t, db, "--max-db", "1GB")
	d.untilAcks(1)
	d.terminate()
	raw, said, code := storydiff(t, "show", "--db", db, "1@1", "--raw")
	if code != 0 || !strings.HasPrefix(raw, "\x1f\x8b") {
		t.Fatalf("show --raw: exit %d, %.20q, %s", code, raw, said)
	}
	d = startDaemon(t, db, "--max-db", "100kB")
	d.untilSaid(`msg="dropped to keep within max-db" wires=1 bodies=0`)
	d.untilSaid(`msg="the database is larger than max-db, and nothing more in it may be dropped"`)
	d.terminate()
	_, said, code = storydiff(t, "show", "--db", db, "1@1", "--raw")
	want := "its bytes were dropped on " + time.Now().UTC().Format("2006-01-02 ")
	if code != 1 || !strings.Contains(said, want) || !strings.Contains(said, "to keep the database within max-db; --raw --decoded prints") {
		t.Errorf("show --raw: exit %d, %q, want %q", code, said, want)
	}
	if page, _, code := storydiff(t, "show", "--db", db, "1@1", "--raw", "--decoded"); code != 0 || !strings.Contains(page, "<h1>Crates on the quay</h1>") {
		t.Errorf("show --raw --decoded: exit %d, %.80q", code, page)
	}
	if text, _, code := storydiff(t, "show", "--db", db, "1@1"); code != 0 || !strings.Contains(text, "forty crates") {
		t.Errorf("show: exit %d, %q", code, text)
	}
	verifies(t, db)
}
