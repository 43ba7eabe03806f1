package storage_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// newsStory is a text of about 5 KB; each n has a sentence of its own.
func newsStory(n int) extract.Story {
	r := rand.New(rand.NewPCG(1, 2))
	s := extract.Story{Headline: fmt.Sprint("Bridge to open, version ", n), Byline: "By A. Writer"}
	for range 20 {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: words(r, 35), End: "\n\n"})
	}
	s.Blocks[n%20].Text += fmt.Sprintf(" It cost %d million.", n)
	return s
}

// webPage is a page of about 147 KB around newsStory(n), with a nonce and
// related links that differ each time.
func webPage(n int) []byte {
	same, own := rand.New(rand.NewPCG(3, 4)), rand.New(rand.NewPCG(5, uint64(n)))
	var b strings.Builder
	fmt.Fprintf(&b, "<html><script nonce=%x>", own.Uint64())
	for b.Len() < 100_000 {
		fmt.Fprintf(&b, "function %s(a){return a.%s(%d)}\n", words(same, 1), words(same, 1), same.IntN(1000))
	}
	s := newsStory(n)
	for _, block := range s.Blocks {
		fmt.Fprintf(&b, "<p class=%q>%s</p>\n", words(same, 1), block.Text)
	}
	for range 10 {
		fmt.Fprintf(&b, "<a href=/%x>%s</a>\n", own.Uint32(), words(own, 6))
	}
	for b.Len() < 147_000 {
		fmt.Fprintf(&b, "<div class=\"%s %s\"><a href=%q>%s</a></div>\n", words(same, 1), words(same, 1), words(same, 2), words(same, 4))
	}
	return []byte(b.String())
}

// words makes up text that packs about as well as a newspaper's.
func words(r *rand.Rand, n int) string {
	const syllables = "ba ke lo mi nu ra se ti vo wu an er in or un st ch pl gr th"
	list := strings.Fields(syllables)
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range 1 + r.IntN(3) {
			b.WriteString(list[r.IntN(len(list))])
		}
	}
	return b.String()
}

// The two cases are a day's work: a page that shows nothing new, and one that
// makes a version.
func BenchmarkRecord(b *testing.B) {
	for _, bm := range []struct {
		name    string
		version bool
	}{{"unchanged", false}, {"new_version", true}} {
		b.Run(bm.name, func(b *testing.B) {
			db := benchDB(b)
			a, _, err := db.Add(b.Context(), storage.NewArticle{URL: "u", Identity: "u"})
			must(b, err)
			recordVersion(b, db, a.ID, webPage(0), newsStory(0))
			pages := make([]*tracker.Capture, 64)
			for i := range pages {
				body := webPage(i + 1)
				pages[i] = &tracker.Capture{ArticleID: a.ID, Page: fetch.Page{Body: body, Wire: body[:35<<10]}}
			}
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				c := pages[n%len(pages)]
				c.Body[len(c.Body)-1] = byte(n)
				c.Body[len(c.Body)-2] = byte(n >> 8)
				record(b, db, a.ID, n, c, bm.version)
			}
		})
	}
}

func benchDB(b *testing.B) *storage.DB {
	b.Helper()
	db, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	must(b, err)
	b.Cleanup(func() { db.Close() })
	return db
}

// record is a whole check: claim, keep, record.
func record(b *testing.B, db *storage.DB, id int64, n int, c *tracker.Capture, version bool) {
	a, _, err := db.ClaimArticle(b.Context(), id, "w", time.Now(), time.Minute)
	must(b, err)
	must(b, db.Keep(b.Context(), c))
	r := &tracker.Record{Article: a, Check: tracker.Check{At: time.Now(), Outcome: tracker.OutcomeUnchanged, CaptureID: c.ID}}
	if version {
		s := newsStory(n)
		r.Check.Outcome = tracker.OutcomeChanged
		r.Version = &tracker.Version{CaptureID: c.ID, CapturedAt: c.Ended, Story: s, SHA256: s.SHA256(), Key: sha256.Sum256([]byte(s.Text()))}
		r.Change = &tracker.Change{SeenBy: time.Now(), Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent}
	}
	must(b, db.Record(b.Context(), "w", r))
}

// 10,000 articles on 100 hosts, of which few, many or all are due.
func BenchmarkClaim(b *testing.B) {
	for _, bm := range []struct {
		name string
		due  int // of 100
	}{{"one_in_100_due", 1}, {"all_due", 100}} {
		db := benchDB(b)
		now := time.Now()
		for i := range 10_000 {
			host := fmt.Sprintf("host%d.example", i%100)
			at := now.Add(-time.Duration(i) * time.Second)
			if i/100 >= bm.due {
				at = now.Add(time.Hour)
			}
			_, _, err := db.Add(b.Context(), storage.NewArticle{URL: fmt.Sprint(i), Identity: fmt.Sprint(i), Host: host, Outlet: host, At: at})
			must(b, err)
		}
		b.Run("due_hosts/"+bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				hosts, err := db.DueHosts(b.Context(), now)
				if err != nil || len(hosts) != 100 {
					b.Fatal(len(hosts), err)
				}
			}
		})
		b.Run("claim_and_release/"+bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a, ok, err := db.Claim(b.Context(), "host7.example", "w", now, time.Minute)
				if err != nil || !ok {
					b.Fatal(ok, err)
				}
				must(b, db.Release(b.Context(), a.ID, "w"))
			}
		})
	}
}

// A page of the list of changes, out of 20,000.
func BenchmarkChanges(b *testing.B) {
	db := benchDB(b)
	fill(b, db, 200, 100)
	for _, bm := range []struct {
		name   string
		filter tracker.ChangeFilter
	}{
		{"first_page", tracker.ChangeFilter{}},
		{"deep_page", tracker.ChangeFilter{Before: 500}},
		{"common_kind", tracker.ChangeFilter{Kind: "wording"}},
		{"rare_kind", tracker.ChangeFilter{Kind: "quote"}},
		{"major", tracker.ChangeFilter{MinSignificance: 60}},
		{"outlet", tracker.ChangeFilter{Outlet: "host7.example"}},
		{"tag", tracker.ChangeFilter{Tag: "tag7"}},
		{"article", tracker.ChangeFilter{ArticleID: 7}},
		{"kind_of_article", tracker.ChangeFilter{ArticleID: 7, Kind: "wording"}},
		{"nothing_matches", tracker.ChangeFilter{Disclosure: "noted", MinSignificance: 100}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			bm.filter.Limit = 50
			b.ReportAllocs()
			for b.Loop() {
				if _, err := db.Changes(b.Context(), bm.filter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fill makes articles with changes each.
func fill(b *testing.B, db *storage.DB, articles, changes int) {
	b.Helper()
	var store storagetest.Store = db
	s := extract.Story{Blocks: []extract.Block{{Kind: extract.Paragraph, Text: "text"}}}
	for i := range articles {
		host := fmt.Sprintf("host%d.example", i%50)
		a, _, err := store.Add(b.Context(), storage.NewArticle{URL: fmt.Sprint(i), Identity: fmt.Sprint(i), Host: host, Outlet: host, Tags: []string{fmt.Sprint("tag", i%20)}})
		must(b, err)
		for n := range changes + 1 {
			_, _, err := store.ClaimArticle(b.Context(), a.ID, "w", time.Now(), time.Minute)
			must(b, err)
			s.Headline = fmt.Sprint("Headline ", n)
			r := &tracker.Record{Article: a, Check: tracker.Check{At: time.Now(), Outcome: tracker.OutcomeChanged}, Version: &tracker.Version{Story: s}}
			if n > 0 {
				r.Change = &tracker.Change{SeenBy: time.Now(), Kinds: kinds(i*changes + n), Disclosure: revision.Silent, Significance: (i*7 + n*13) % 65,
					Summary: "12 became 14", Reasons: []revision.Reason{{Code: "number", Points: 1, Text: "A figure went from 12 to 14."}}}
			}
			must(b, store.Record(b.Context(), "w", r))
		}
	}
}

// What 1,000 articles teach, of 25 lines each, five of which all of an outlet's
// hundred have; and what it costs to ask for the lines of one.
func BenchmarkLessons(b *testing.B) {
	db := benchDB(b)
	size := func() (n int64) {
		info, err := os.Stat(db.Path())
		must(b, err)
		return info.Size()
	}
	var keys []int64
	before := int64(0)
	for i := range 1000 {
		host := fmt.Sprintf("host%d.example", i%10)
		a, _, err := db.Add(b.Context(), storage.NewArticle{URL: fmt.Sprint(i), Identity: fmt.Sprint(i), Host: host, Outlet: host})
		must(b, err)
		_, _, err = db.ClaimArticle(b.Context(), a.ID, "w", time.Now(), time.Minute)
		must(b, err)
		r := &tracker.Record{Article: a, Check: tracker.Check{At: time.Now(), Outcome: tracker.OutcomeNew}, Version: &tracker.Version{}}
		keys = keys[:0]
		for k := range 25 {
			key := int64(sha256.Sum256(fmt.Append(nil, i, k))[0])<<48 + int64(i*25+k)*0x9E3779B97F4A7
			if k < 5 {
				key = int64(i%10*5 + k)
			}
			keys = append(keys, key)
			r.Taught = append(r.Taught, tracker.Lesson{Key: key, Text: strings.Repeat("word ", 20), Path: "article > div.story > p"})
		}
		if i == 0 {
			before = size()
		}
		must(b, db.Record(b.Context(), "w", r))
	}
	must(b, db.Close())
	after := size()
	db, err := storage.Open(b.Context(), db.Path())
	must(b, err)
	b.Cleanup(func() { db.Close() })
	for b.Loop() {
		known, err := db.Learned(b.Context(), 1, keys)
		if err != nil || len(known) == 0 {
			b.Fatal(known, err)
		}
	}
	b.ReportMetric(float64(after-before)/1000, "B/article")
}

func kinds(n int) []revision.Kind {
	if n%1000 == 0 {
		return []revision.Kind{revision.Quote, revision.Wording}
	}
	return []revision.Kind{revision.Wording}
}
