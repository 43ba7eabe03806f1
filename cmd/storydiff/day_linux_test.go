//go:build !race

package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

var (
	dayArticles = flag.Int("day", 0, "watch so many articles for a simulated day over the store as it is, and print what memory that takes; 10000 take minutes")
	dayLooks    = flag.Float64("daylooks", 2, "with -day, looks at each article")
)

// mostDayMemory is how much memory the daemon may take that watches 10,000
// articles, in bytes.
const mostDayMemory = 200 << 20

// TestDay watches articles on 100 hosts for a day of a simulated clock, over a
// database on the disk, as the daemon watches them; a tenth of the looks finds an
// edit. It prints what the process takes, the sites and the report's readers left
// out: the sites are part of this process, so that the daemon takes less.
func TestDay(t *testing.T) {
	if *dayArticles == 0 {
		t.Skip("with -day=10000 it prints the memory that a day takes")
	}
	sites := editedSites(t, 100)
	synctest.Test(t, func(t *testing.T) {
		db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "day.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for i := range *dayArticles {
			site := sites[i%len(sites)]
			host, _, _ := net.SplitHostPort(site)
			u := fmt.Sprintf("http://%s/story/%d", site, i)
			if _, _, err := db.Add(t.Context(), storage.NewArticle{URL: u, Identity: u, Host: host, Outlet: host, At: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		const gap = 5 * time.Second
		log := slog.New(slog.DiscardHandler)
		w := &tracker.Watcher{
			Store: db, Owner: "day", Log: log, Budget: *dayLooks * float64(*dayArticles),
			Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: gap, Ledger: db, Owner: "day"}),
			Gap:   func(string) time.Duration { return gap },
		}
		ticks, err := tracker.ParseCron("* * * * *")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- watch(ctx, w, db, ticks, log) }()
		start := time.Now()
		for hour := range 24 {
			time.Sleep(time.Hour)
			if hour%6 == 5 {
				t.Logf("after %d h: %d MB at most so far", hour+1, peakMemory(t, os.Getpid())>>20)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		n, err := db.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		most := peakMemory(t, os.Getpid())
		t.Logf("%d articles, %v: %d looks, %d versions, %d MB of memory at most", n.Active, time.Since(start).Round(time.Hour), n.Checks, n.Versions, most>>20)
		if most > mostDayMemory {
			t.Errorf("%d MB of memory, want %d at most", most>>20, mostDayMemory>>20)
		}
	})
}

// editedSites serves stories of some 40 KB on hosts of their own, by their
// validators. About a tenth of the looks find another text.
func editedSites(t *testing.T, n int) (sites []string) {
	t.Helper()
	filler := strings.Repeat(`<li><a href="/section/rivers">What the harbour office said on other days of the week</a></li>`, 400)
	var (
		looks    atomic.Int64
		editions sync.Map // story → its edition, both int64
	)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var story int64
		if _, err := fmt.Sscanf(r.URL.Path, "/story/%d", &story); err != nil {
			http.NotFound(w, r)
			return
		}
		n := looks.Add(1)
		edition := n
		if was, known := editions.Load(story); known && n%10 != 0 {
			edition = was.(int64)
		}
		editions.Store(story, edition)
		if r.Header.Get("If-None-Match") == fmt.Sprintf(`"%d"`, edition) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, edition))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Harbour count</title><article><h1>Harbour count %d</h1>
<p>The harbour office counted %d crates on the quay this morning, more than on any day before, it said.</p>
<p>The crates hold parts for the new pier, which is to open in spring, and for the swing bridge beside it.</p></article><ul>%s</ul>`, story, edition, filler)
	})
	for i := range n {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			t.Skip("this machine has one loopback address alone:", err)
		}
		server := &http.Server{Handler: handler}
		go server.Serve(ln)
		t.Cleanup(func() { server.Close() })
		sites = append(sites, ln.Addr().String())
	}
	return sites
}
