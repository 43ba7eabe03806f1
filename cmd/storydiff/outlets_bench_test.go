package main

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
)

// Of the press that the benchmarks of outlets ask about.
const (
	pressArticles = 10_000
	pressVersions = 10 // of each
	pressLooks    = 40 // at each
	pressOutlets  = 100
)

// BenchmarkOutlets asks for the pages of outlets over 10,000 articles with 100,000
// versions, from eight clients while versions are recorded, and reports how long
// half of the requests and all but a hundredth took. "first" is what the first
// request after a start takes, which reads all there is. STORYDIFF_BENCH_DB names
// a file to keep the database in.
func BenchmarkOutlets(b *testing.B) {
	path := pressDB(b)
	db, err := storage.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			answer(b, report.New(db, report.Options{}), "/outlets")
		}
	})
	h := report.New(db, report.Options{Log: slog.New(slog.DiscardHandler)})
	answer(b, h, "/outlets")
	for _, bm := range []struct{ name, target string }{
		{"all", "/outlets"}, {"all_a_year", "/outlets?period=52w&sort=silent"}, {"one", "/outlets/outlet7.example"}, {"one_all_weeks", "/outlets/outlet7.example?period=all"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			stop := make(chan struct{})
			var writer sync.WaitGroup
			writer.Go(func() { keepWriting(b, db, stop) })
			took := askBusily(b, h, bm.target)
			close(stop)
			writer.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// askBusily has eight clients ask b.N times, and returns how long each took.
func askBusily(b *testing.B, h http.Handler, target string) []time.Duration {
	var mu sync.Mutex
	var took []time.Duration
	b.SetParallelism(4) // of two processors: eight clients
	b.RunParallel(func(pb *testing.PB) {
		var mine []time.Duration
		for pb.Next() {
			began := time.Now()
			answer(b, h, target)
			mine = append(mine, time.Since(began))
		}
		mu.Lock()
		took = append(took, mine...)
		mu.Unlock()
	})
	return took
}

func answer(b *testing.B, h http.Handler, target string) {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		body, _ := io.ReadAll(w.Result().Body)
		b.Errorf("GET %s = %d: %s", target, w.Code, body)
	}
}

// keepWriting records a change of one article after the other, fifty a second: ten
// times what 10,000 articles need that are looked at every half an hour.
func keepWriting(b *testing.B, db *storage.DB, stop <-chan struct{}) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for id := int64(1); ; id = id%pressArticles + 1 {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		a, ok, err := db.ClaimArticle(b.Context(), id, "w", time.Now(), time.Minute)
		if err != nil || !ok {
			b.Error(ok, err)
			return
		}
		r := &tracker.Record{Article: a, Check: tracker.Check{At: time.Now(), Outcome: tracker.OutcomeChanged}, Version: &tracker.Version{CapturedAt: time.Now()},
			Change: &tracker.Change{SeenAfter: a.LastCheck, SeenBy: time.Now(), Disclosure: "silent"}}
		if err := db.Record(b.Context(), "w", r); err != nil {
			b.Error(err)
			return
		}
	}
}

// pressDB returns a database of the press, made where there is none.
func pressDB(b *testing.B) string {
	path := os.Getenv("STORYDIFF_BENCH_DB")
	if path == "" {
		path = filepath.Join(b.TempDir(), "press.db")
	}
	if _, err := os.Stat(path); err == nil {
		return path
	}
	db, err := storage.Open(b.Context(), path)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	raw, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(OFF)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	tx, err := raw.Begin()
	if err != nil {
		b.Fatal(err)
	}
	p := outletPress{b: b, tx: tx, r: rand.New(rand.NewPCG(1, 2)), now: time.Now()}
	for id := range pressArticles {
		p.article(id + 1)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return path
}

// An outletPress writes articles into tables, much faster than Record would.
type outletPress struct {
	b    *testing.B
	tx   *sql.Tx
	r    *rand.Rand
	now  time.Time
	kept map[string]*sql.Stmt
}

func (p *outletPress) exec(query string, args ...any) {
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	s := p.kept[query]
	if s == nil {
		var err error
		if s, err = p.tx.Prepare(query); err != nil {
			p.b.Fatal(err)
		}
		p.kept[query] = s
	}
	if _, err := s.Exec(args...); err != nil {
		p.b.Fatal(err)
	}
}

// article writes one article, its versions, changes, looks and events. It was
// published at some time in the last year, and is edited ever more seldom.
func (p *outletPress) article(id int) {
	outlet := fmt.Sprintf("outlet%d.example", id%pressOutlets)
	published := p.now.Add(-time.Duration(p.r.Int64N(int64(360*24)))*time.Hour - 30*time.Hour)
	at := published.Add(time.Duration(p.r.ExpFloat64() * float64(2*time.Hour)))
	p.exec(`INSERT INTO article (id, url, outlet, host, state, added_at, next_check, versions, title, published, last_check) VALUES (?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, ?)`,
		id, fmt.Sprintf("https://%s/%d", outlet, id), outlet, outlet, at.UnixMilli(), p.now.Add(time.Hour).UnixMilli(), pressVersions, fmt.Sprint("Headline of ", id), published.UnixMilli(), p.now.UnixMilli())
	before := at
	for n := 1; n <= pressVersions; n++ {
		headline := fmt.Sprintf("Headline %d of %d", n/4, id)
		p.exec(`INSERT INTO version (article, n, captured_at, headline, standfirst, byline, lang, site, canonical, sources, blocks, sha256, content_key, extractor, words)
			VALUES (?, ?, ?, ?, '', '', 'en', '', '', '{}', zeroblob(900), zeroblob(32), zeroblob(32), 1, 400)`, id, n, at.UnixMilli(), headline)
		outcome := "changed"
		if n == 1 {
			outcome = "new"
		}
		p.look(id, n, at, outcome)
		if n > 1 {
			p.change(id, n, before, at)
		}
		for i := range pressLooks/pressVersions - 1 {
			before = at.Add(time.Duration(i+1) * 15 * time.Minute)
			p.look(id, n, before, "unchanged")
		}
		at = before.Add(time.Duration(p.r.ExpFloat64() * float64(n*n) * float64(10*time.Minute)))
	}
	if p.r.IntN(40) == 0 {
		p.exec(`INSERT INTO event (article, kind, at, reason, detail) VALUES (?, 'gone', ?, 'http-410', '')`, id, at.UnixMilli())
	}
	if p.r.IntN(12) == 0 {
		p.exec(`INSERT INTO event (article, kind, at, until, reason, detail) VALUES (?, 'blocked', ?, ?, 'login', '')`, id, at.UnixMilli(), at.Add(3*time.Hour).UnixMilli())
	}
}

func (p *outletPress) look(id, version int, at time.Time, outcome string) {
	p.exec(`INSERT INTO look (article, at, elapsed_us, outcome, reason, detail, status, version, planned) VALUES (?, ?, 120000, ?, '', '', 200, ?, ?)`,
		id, at.UnixMilli(), outcome, version, at.Add(15*time.Minute).UnixMilli())
}

// pressTrace is what a change leaves for later notes, about as long as it usually is.
var pressTrace = `{"kind":"number","words":["` + strings.Repeat("word ", 20) + `"],"numbers":["12","14"],"around":["` + strings.Repeat("stem ", 30) + `"]}`

func (p *outletPress) change(id, n int, after, by time.Time) {
	disclosure, kind, notes := "silent", "wording", "[]"
	switch k := p.r.IntN(100); {
	case k < 2:
		disclosure, kind, notes = "noted", "correction", `["Correction: An earlier version of this article said 12. It is 14."]`
	case k < 35:
		disclosure = "stamped"
	}
	if n%4 == 0 {
		kind = "headline"
	}
	done, err := p.tx.Exec(`INSERT INTO change (article, from_n, to_n, seen_after, seen_by, kinds, disclosure, proof, significance, reasons, words_added, words_removed, summary, excerpt, note_speaks, traces)
		VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, '[]', 3, 2, 'words changed', '[]', '', ?)`,
		id, n-1, n, after.UnixMilli(), by.UnixMilli(), `["`+kind+`"]`, disclosure, p.r.IntN(90), `{"lang":"en","edits":[`+strings.Repeat(pressTrace+",", 7)+pressTrace+`],"notes":`+notes+`}`)
	if err != nil {
		p.b.Fatal(err)
	}
	change, err := done.LastInsertId()
	if err != nil {
		p.b.Fatal(err)
	}
	p.exec(`INSERT INTO change_kind (kind, change) VALUES (?, ?)`, kind, change)
}
