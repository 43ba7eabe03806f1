package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/storage/storagetest/press"
	"storydiff/tracker"
)

var pause = flag.Duration("pause", 0, "how long each client of the report's benchmark reads a page, on average, before it asks for the next")

var fullPress = flag.Bool("full", false, "measure the report over 10,000 articles and 100,000 versions, which takes minutes to make once, instead of a hundredth of that")

const (
	reportClients = 8                      // who ask at once
	reportEdits   = 200 * time.Millisecond // between two edits that are recorded meanwhile
	leastAsked    = 80                     // pages that a percentile is of, at least
)

// A readership is what its clients may ask for.
type readership struct {
	articles []tracker.Article // that have versions
	changed  []tracker.Article // that have two or more
	outlets  []string
	changes  int64 // the newest change
}

// reportPages are the kinds of page that are measured: each makes up an address.
func reportPages() []reportPage {
	one := func(r *rand.Rand, list []tracker.Article) tracker.Article { return list[r.IntN(len(list))] }
	change := func(r *rand.Rand, p *readership) string {
		a := one(r, p.changed)
		n := 1 + r.IntN(a.Versions-1)
		return fmt.Sprintf("/articles/%d/changes/%d..%d", a.ID, n, n+1)
	}
	outlet := func(r *rand.Rand, p *readership) string { return url.QueryEscape(p.outlets[r.IntN(len(p.outlets))]) }
	return []reportPage{
		{"recent", func(*rand.Rand, *readership) string { return "/" }},
		{"recent_old", func(r *rand.Rand, p *readership) string { return fmt.Sprint("/?before=", 1+r.Int64N(p.changes)) }},
		{"recent_outlet", func(r *rand.Rand, p *readership) string { return "/?outlet=" + outlet(r, p) }},
		{"recent_kind", func(r *rand.Rand, p *readership) string {
			return "/?kind=" + []string{"headline", "number", "quote", "hedge", "correction", "wording"}[r.IntN(6)]
		}},
		{"recent_tag", func(r *rand.Rand, p *readership) string { return fmt.Sprintf("/?tag=tag%02d", r.IntN(30)) }},
		{"recent_silent_major", func(*rand.Rand, *readership) string { return "/?disclosure=silent&min_significance=60" }},
		{"recent_none", func(r *rand.Rand, p *readership) string {
			return "/?disclosure=noted&min_significance=100&outlet=" + outlet(r, p)
		}},
		{"articles", func(*rand.Rand, *readership) string { return "/articles" }},
		{"articles_outlet", func(r *rand.Rand, p *readership) string { return "/articles?outlet=" + outlet(r, p) }},
		{"article", func(r *rand.Rand, p *readership) string { return fmt.Sprint("/articles/", one(r, p.articles).ID) }},
		{"change", change},
		{"change_side", func(r *rand.Rand, p *readership) string { return change(r, p) + "?view=side-by-side" }},
		{"version", func(r *rand.Rand, p *readership) string {
			a := one(r, p.articles)
			return fmt.Sprintf("/articles/%d/versions/%d", a.ID, 1+r.IntN(a.Versions))
		}},
		{"blame", func(r *rand.Rand, p *readership) string {
			return fmt.Sprintf("/articles/%d/blame", one(r, p.changed).ID)
		}},
		{"outlets", func(r *rand.Rand, _ *readership) string {
			return "/outlets?period=" + choice(r, "4w", "12w", "52w", "all")
		}},
		{"outlet", func(r *rand.Rand, p *readership) string { return "/outlets/" + outlet(r, p) }},
		{"search_common", func(r *rand.Rand, _ *readership) string {
			return "/search?q=" + choice(r, "council", "letters", "million", "river", "said")
		}},
		{"search_rare", func(r *rand.Rand, p *readership) string {
			return "/search?q=" + url.QueryEscape(rarest(one(r, p.articles).Title))
		}},
		{"search_phrase", func(r *rand.Rand, _ *readership) string {
			return "/search?q=" + url.QueryEscape(choice(r, `"speakers the"`, `"told the council"`, `"after three months"`, `"the river rose"`))
		}},
		{"feed_atom", func(r *rand.Rand, p *readership) string { return "/outlets/" + outlet(r, p) + "/feed.atom" }},
		{"feed_json", func(r *rand.Rand, p *readership) string {
			return fmt.Sprintf("/articles/%d/feed.json", one(r, p.articles).ID)
		}},
		{"feed_all", func(r *rand.Rand, p *readership) string {
			return fmt.Sprint("/feed.atom?before=", 1+r.Int64N(p.changes))
		}},
	}
}

// choice is one of some texts.
func choice(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// rarest is the longest word of a headline: the made-up ones are longer than the others.
func rarest(headline string) string {
	return slices.MaxFunc(strings.Fields(headline), func(a, b string) int { return len(a) - len(b) })
}

type reportPage struct {
	name    string
	address func(*rand.Rand, *readership) string
}

// BenchmarkReport serves the report over a made-up press on loopback, records an
// edit every 200 ms as the daemon would, and lets eight clients ask for random
// pages of one kind, each for the next as soon as it has one or, with -args -pause
// 100ms, has read it for about so long: without, both cores are busy all the time,
// and half of what a client waits for is the others. p50-ms and p99-ms
// are how long they waited; cpu-ms/page is what this process computed for a page,
// the clients and the edits included, which a busy machine changes less.
//
// With -args -full the press has 10,000 articles and 100,000 versions, and the
// bars are p50 < 10 ms and p99 < 50 ms.
func BenchmarkReport(b *testing.B) {
	recipe := press.Recipe{Articles: 100, Versions: 1000}
	if *fullPress {
		recipe = press.Recipe{Articles: 10_000, Versions: 100_000}
	}
	db := recipe.Open(b)
	site := serveReport(b, db, recipe.Newest())
	readers := readersOf(b, db)
	keepEditing(b, db, recipe, readers)
	for _, page := range reportPages() {
		b.Run(page.name, func(b *testing.B) {
			used := processorTime()
			waits := askAll(b, site, max(b.N, leastAsked), func(r *rand.Rand) string { return page.address(r, readers) })
			b.ReportMetric(milliseconds(processorTime()-used)/float64(len(waits)), "cpu-ms/page")
			slices.Sort(waits)
			b.ReportMetric(milliseconds(waits[len(waits)/2]), "p50-ms")
			b.ReportMetric(milliseconds(waits[len(waits)*99/100]), "p99-ms")
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// serveReport serves the report until the benchmark ends, and returns its address.
func serveReport(b *testing.B, db *storage.DB, now time.Time) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(b.Output(), nil))
	pages := report.New(db, report.Options{Log: log, Version: release, Now: func() time.Time { return now }})
	ctx, stop := context.WithCancel(b.Context())
	served := make(chan error, 1)
	go func() { served <- report.Serve(ctx, ln, pages, log) }()
	b.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			b.Error(err)
		}
	})
	return "http://" + ln.Addr().String()
}

func readersOf(b *testing.B, db *storage.DB) *readership {
	b.Helper()
	all, err := db.Articles(b.Context(), tracker.ArticleFilter{})
	if err != nil {
		b.Fatal(err)
	}
	p := &readership{articles: all}
	for _, a := range all {
		if a.Versions > 1 {
			p.changed = append(p.changed, a)
		}
	}
	if p.outlets, err = db.Outlets(b.Context()); err != nil {
		b.Fatal(err)
	}
	newest, err := db.Changes(b.Context(), tracker.ChangeFilter{Limit: 1})
	if err != nil || len(newest) == 0 {
		b.Fatal(newest, err)
	}
	p.changes = newest[0].ID
	return p
}

// keepEditing records edits of random articles until the benchmark ends.
func keepEditing(b *testing.B, db *storage.DB, recipe press.Recipe, readers *readership) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	var editor sync.WaitGroup
	editor.Go(func() {
		ticks := time.NewTicker(reportEdits)
		defer ticks.Stop()
		dice := rand.New(rand.NewPCG(9, 9))
		for at := recipe.Newest(); ; at = at.Add(reportEdits) {
			select {
			case <-ctx.Done():
				return
			case <-ticks.C:
			}
			a := readers.articles[dice.IntN(len(readers.articles))]
			if err := recipe.Edit(ctx, db, a.ID, at, dice.Uint64()); err != nil && ctx.Err() == nil {
				b.Errorf("editing article %d: %v", a.ID, err)
				return
			}
		}
	})
	b.Cleanup(func() { stop(); editor.Wait() })
}

// askAll asks for n pages and returns how long each took.
func askAll(b *testing.B, site string, n int, address func(*rand.Rand) string) []time.Duration {
	b.Helper()
	// The clients take what a browser takes, but leave it packed: to unpack it is
	// work of the reader's machine, not of this one.
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: reportClients, DisableCompression: true}}
	defer client.CloseIdleConnections()
	waits := make([]time.Duration, n)
	var next atomic.Int64
	var clients sync.WaitGroup
	b.ResetTimer()
	for c := range reportClients {
		dice := rand.New(rand.NewPCG(uint64(c), uint64(n)))
		clients.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				time.Sleep(time.Duration(2 * dice.Float64() * float64(*pause)))
				began := time.Now()
				if err := askOnce(b.Context(), client, site+address(dice)); err != nil {
					b.Error(err)
					return
				}
				waits[i] = time.Since(began)
			}
		})
	}
	clients.Wait()
	b.StopTimer()
	return waits
}

func askOnce(ctx context.Context, client *http.Client, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", address, resp.Status)
	}
	return nil
}
