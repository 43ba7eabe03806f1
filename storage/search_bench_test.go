package storage_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/search"
)

var (
	searchArticles = flag.Int("search-articles", 200, "how many `articles` BenchmarkSearch has, with ten versions each")
	searchFile     = flag.String("search-file", "", "a `file` to keep its database in from one run to the next")
)

// vocabulary makes up words as often as a newspaper has them: of rank n about one
// in n.
type vocabulary struct {
	list []string
	zipf *rand.Zipf
}

func newVocabulary(seed uint64) *vocabulary {
	r := rand.New(rand.NewPCG(1, 1))
	v := &vocabulary{zipf: rand.NewZipf(rand.New(rand.NewPCG(seed, 2)), 1.07, 2, 59_999)}
	for n := range 60_000 {
		v.list = append(v.list, fmt.Sprint(words(r, 1), []string{"", "s", "ed", "ing", "er"}[n%5], strings.Repeat("a", n/20_000)))
	}
	return v
}

func (v *vocabulary) sentence(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = v.list[v.zipf.Uint64()]
	}
	return strings.Join(out, " ") + "."
}

// fillSearched makes articles of about 5 KB, each with versions of which each
// changes a sentence.
func fillSearched(b testing.TB, db *storage.DB, articles, versions int) {
	v := newVocabulary(3)
	now := time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)
	for i := range articles {
		outlet := fmt.Sprintf("outlet%d.example", i%50)
		a, _, err := db.Add(b.Context(), storage.NewArticle{URL: fmt.Sprint("https://", outlet, "/", i), Identity: fmt.Sprint(i), Host: outlet, Outlet: outlet, At: now})
		must(b, err)
		s := extract.Story{Headline: v.sentence(8), Standfirst: v.sentence(15), Byline: "By A. Writer", Lang: "en"}
		for range 20 {
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: v.sentence(20) + " " + v.sentence(18), End: "\n\n"})
		}
		for n := range versions {
			now = now.Add(time.Minute)
			if n > 0 {
				s.Blocks = append([]extract.Block{}, s.Blocks...)
				text, _, _ := strings.Cut(s.Blocks[n%20].Text, ".")
				s.Blocks[n%20].Text = text + ". " + v.sentence(18)
			}
			_, _, err := db.ClaimArticle(b.Context(), a.ID, "w", now, time.Minute)
			must(b, err)
			r := &tracker.Record{Article: a, Check: tracker.Check{At: now, Outcome: tracker.OutcomeChanged}, Version: &tracker.Version{Story: s, CapturedAt: now}}
			if n > 0 {
				r.Change = &tracker.Change{SeenBy: now, SeenAfter: now.Add(-time.Minute), Kinds: kinds(n)}
			}
			must(b, db.Record(b.Context(), "w", r))
			a = r.Article
		}
	}
}

// BenchmarkSearch asks what people ask of a database of 5 KB stories with ten
// versions each.
func BenchmarkSearch(b *testing.B) {
	file := *searchFile
	if file == "" {
		file = filepath.Join(b.TempDir(), "bench.db")
	}
	db, err := storage.Open(b.Context(), file)
	must(b, err)
	b.Cleanup(func() { db.Close() })
	if n, err := db.Articles(b.Context(), tracker.ArticleFilter{}); err != nil || len(n) == 0 {
		must(b, err)
		fillSearched(b, db, *searchArticles, 10)
	}
	reportSizes(b, db)
	v := newVocabulary(3)
	common, middle, rare := v.list[0], v.list[300], v.list[20_000]
	since := time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC).Add(time.Duration(*searchArticles*10-1000) * time.Minute)
	for _, bm := range []struct {
		name, text string
		narrow     tracker.SearchQuery
	}{
		{"commonest_word", common, tracker.SearchQuery{}},
		{"common_word", middle, tracker.SearchQuery{}},
		{"rare_word", rare, tracker.SearchQuery{}},
		{"three_words", common + " " + middle + " " + v.list[301], tracker.SearchQuery{}},
		{"rare_and_common", rare + " " + common, tracker.SearchQuery{}},
		{"two_that_do_not_meet", v.list[3_000] + " " + v.list[3_001], tracker.SearchQuery{}},
		{"phrase", `"` + common + " " + v.list[1] + `"`, tracker.SearchQuery{}},
		{"prefix", v.list[20_000][:5] + "*", tracker.SearchQuery{}},
		{"without", middle + " -" + v.list[5], tracker.SearchQuery{}},
		{"nothing", "xyzzy", tracker.SearchQuery{}},
		{"outlet", middle, tracker.SearchQuery{Outlet: "outlet7.example"}},
		{"removed", middle, tracker.SearchQuery{Removed: true}},
		{"commonest_removed", common, tracker.SearchQuery{Removed: true}},
		{"since", middle, tracker.SearchQuery{Since: since}},
		{"deep_page", middle, tracker.SearchQuery{Before: 50}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			words, err := search.Parse(bm.text)
			must(b, err)
			bm.narrow.Words = words
			hits := 0
			b.ReportAllocs()
			for b.Loop() {
				r, err := db.Search(b.Context(), bm.narrow)
				if err != nil {
					b.Fatal(err)
				}
				hits = len(r.Hits)
			}
			b.ReportMetric(float64(hits), "hits")
		})
	}
}

// BenchmarkHistory records a version of a live blog of 50 entries to which one is
// added and of which one falls off, early in its life and late: the history that
// lies behind is to make no difference.
func BenchmarkHistory(b *testing.B) {
	for _, versions := range []int{5, 2000} {
		b.Run(fmt.Sprint("version_", versions), func(b *testing.B) {
			const measured = 20 // versions of one article, then of another
			v := newVocabulary(3)
			db := benchDB(b)
			articles, n := 0, 0
			var a tracker.Article
			var s extract.Story
			next := func() {
				n++
				s.Headline = fmt.Sprint("Live: the storm, update ", n)
				s.Blocks = append(append([]extract.Block{}, s.Blocks[max(0, len(s.Blocks)-49):]...), extract.Block{Kind: extract.Paragraph, Text: v.sentence(30), End: "\n\n"})
				a, _, err := db.ClaimArticle(b.Context(), a.ID, "w", time.Now(), time.Minute)
				must(b, err)
				must(b, db.Record(b.Context(), "w", &tracker.Record{Article: a, Check: tracker.Check{At: time.Now(), Outcome: tracker.OutcomeChanged}, Version: &tracker.Version{Story: s}}))
			}
			begin := func() {
				articles, n, s = articles+1, 0, extract.Story{}
				for range 49 {
					s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: v.sentence(30), End: "\n\n"})
				}
				var err error
				a, _, err = db.Add(b.Context(), storage.NewArticle{URL: fmt.Sprint(articles), Identity: fmt.Sprint(articles)})
				must(b, err)
				for n < versions-1 {
					next()
				}
			}
			begin()
			for b.Loop() {
				if n >= versions-1+measured && versions < measured {
					b.StopTimer()
					begin()
					b.StartTimer()
				}
				next()
			}
		})
	}
}

// reportSizes logs what the index takes beside the versions.
func reportSizes(b *testing.B, db *storage.DB) {
	c, err := db.Counts(b.Context())
	must(b, err)
	sizes, err := db.TableSizes(b.Context())
	must(b, err)
	index, versions := int64(0), int64(0)
	for _, s := range sizes {
		switch {
		case strings.HasPrefix(s.Table, "search"), strings.HasPrefix(s.Table, "passage"):
			index += s.Bytes
		case s.Table == "version":
			versions = s.Bytes
		}
	}
	b.Logf("%+v: the index takes %d bytes a version, versions themselves %d", c, index/int64(max(1, c.Versions)), versions/int64(max(1, c.Versions)))
}
