package storage_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/search"
)

// hits returns which articles a question finds, with the first and last version.
func hits(t *testing.T, db *storage.DB, text string) string {
	t.Helper()
	words, err := search.Parse(text)
	must(t, err)
	r, err := db.Search(t.Context(), tracker.SearchQuery{Words: words})
	must(t, err)
	var out []string
	for _, h := range r.Hits {
		last := h.Stands[len(h.Stands)-1]
		out = append(out, fmt.Sprintf("%d:%d-%d", h.ArticleID, h.Stands[0].First, last.Last))
	}
	return strings.Join(out, " ")
}

// What an earlier storydiff wrote is not found until it is indexed, also what is
// added to it meanwhile; and then as if it had always been.
func TestOldDatabasesAreIndexed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	script(t, path, read(t, filepath.Join("testdata", "schema1.sql")))
	db := open(t, path)
	want := func(when string, unsearched int, found string) {
		t.Helper()
		n, err := db.Unsearched(t.Context())
		must(t, err)
		if got := hits(t, db, `"cost 12 million"`); got != found || n != unsearched {
			t.Errorf("%s: %q is found and %d articles are not indexed, want %q and %d", when, got, n, found, unsearched)
		}
	}
	want("before", 1, "")
	s := extract.Story{Headline: "Third", Blocks: []extract.Block{{Kind: extract.Paragraph, Text: "It will cost 12 million.", End: "\n"}}}
	recordVersion(t, db, 1, webPage(1), s)
	want("after a version", 1, "")
	steps := 0
	must(t, db.IndexRest(t.Context(), func() { steps++ }))
	want("after indexing", 0, "1:1-3")
	must(t, db.IndexRest(t.Context(), func() { steps++ }))
	if steps != 1 {
		t.Errorf("%d articles were indexed, want 1", steps)
	}
	s.Headline = "Fourth"
	recordVersion(t, db, 1, webPage(2), s)
	want("after a further version", 0, "1:1-4")
	must(t, db.ForgetIndex(t.Context()))
	recordVersion(t, db, 1, webPage(3), extract.Story{Headline: "Fifth"})
	must(t, db.IndexRest(t.Context(), func() {}))
	want("made anew", 0, "1:1-4")
	must(t, db.Close())
	if said, _ := verify(t, path); len(said) > 0 {
		t.Errorf("verify says %q", said)
	}
}

// However common the words are, a page ends when it has cost enough, and page by
// page every article is found that has them, once.
func TestSearchMissesNothing(t *testing.T) {
	oneThing(t)
	db := open(t, filepath.Join(t.TempDir(), "test.db"))
	defer db.Close()
	const articles = 400
	now := time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)
	want := map[string][]string{}
	for i := range articles {
		a, _, err := db.Add(t.Context(), storage.NewArticle{URL: fmt.Sprint(i), Identity: fmt.Sprint(i), Outlet: "a.example", At: now})
		must(t, err)
		var s extract.Story
		for n := range 3 { // "and" and "or" stand in three paragraphs of each, "ferry" in every 40th, "late" in one version
			text := fmt.Sprintf("And or number %d of %d.", n, i)
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: text})
		}
		id := fmt.Sprint(a.ID)
		want["and or number"] = append(want["and or number"], id)
		if i%40 == 7 {
			s.Headline = "Ferry"
			want["and or ferry"] = append(want["and or ferry"], id)
		} else {
			want["and -ferry"] = append(want["and -ferry"], id)
		}
		recordVersion(t, db, a.ID, webPage(i), s)
		if i%100 == 3 {
			s.Blocks = s.Blocks[:1:1]
			s.Blocks[0].Text = "Or number."
			recordVersion(t, db, a.ID, webPage(articles+i), s)
			want["and or number, removed"] = append(want["and or number, removed"], id)
		}
	}
	for name, ids := range want {
		slices.Reverse(ids)
		for _, cost := range []int{storage.CostLimit, 700, 1} {
			text, _, removed := strings.Cut(name, ",")
			for _, best := range []bool{false, true} {
				got, pages := pagesOf(t, db, cost, text, removed, best)
				if best {
					slices.SortFunc(got, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(b, a)) })
				}
				if !slices.Equal(got, ids) {
					t.Errorf("%s, best %v, at a cost of %d: %d pages find %v, want %v", name, best, cost, pages, got, ids)
				}
				if cost == 1 && text == "and or number" && pages < 3 {
					t.Errorf("%s, best %v, at a cost of %d: %d pages", name, best, cost, pages)
				}
			}
		}
	}
}

// pagesOf returns the articles that a question finds, page by page.
func pagesOf(t *testing.T, db *storage.DB, cost int, text string, removed, best bool) (ids []string, pages int) {
	t.Helper()
	words, err := search.Parse(text)
	must(t, err)
	q := tracker.SearchQuery{Words: words, Removed: removed, Best: best, Limit: 30}
	for {
		r, err := storage.SearchWithin(db, t.Context(), q, cost)
		must(t, err)
		for _, h := range r.Hits {
			ids = append(ids, fmt.Sprint(h.ArticleID))
		}
		pages++
		if r.Short != (len(r.Hits) < 30 && r.Next > 0) && !best {
			t.Errorf("%s: a page of %d hits, after which %d comes, is said to be short: %v", text, len(r.Hits), r.Next, r.Short)
		}
		if q.Before, q.Skip = r.Next, r.Skip; q.Before == 0 {
			return ids, pages
		}
	}
}

// Verify holds the index against the versions, whatever is wrong with it.
func TestVerifyHoldsTheIndex(t *testing.T) {
	oneThing(t)
	const flaw = "article 1@[]: what is searched is not what its versions say: storydiff search --reindex makes the index anew"
	for _, change := range []string{
		`DELETE FROM passage WHERE id = (SELECT min(id) FROM passage)`,
		`DELETE FROM search WHERE rowid = (SELECT min(id) FROM passage)`,
		`INSERT INTO passage (id, key, first) VALUES ((1 << 24) + 5000, 1, 1)`,
		`UPDATE passage SET last = 2 WHERE last = 0`,
		`DELETE FROM passage_before`,
	} {
		path, _ := filled(t, 22) // so that a passage comes back
		script(t, path, change)
		if said, _ := verify(t, path); len(said) != 1 || said[0] != flaw {
			t.Errorf("after %s verify says %q, want %q", change, said, flaw)
		}
		db := open(t, path)
		must(t, db.ForgetIndex(t.Context()))
		must(t, db.IndexRest(t.Context(), func() {}))
		must(t, db.Close())
		if said, _ := verify(t, path); len(said) > 0 {
			t.Errorf("after %s and indexing anew verify says %q", change, said)
		}
	}
}

// A text that cannot be read any more is found by its words, and not quoted.
func TestSearchInDamagedTexts(t *testing.T) {
	oneThing(t)
	path, _ := filled(t, 3)
	flip(t, path, "blocks", "version", "n = 3")
	db := open(t, path)
	defer db.Close()
	words, err := search.Parse("writer")
	must(t, err)
	r, err := db.Search(t.Context(), tracker.SearchQuery{Words: words})
	must(t, err)
	if len(r.Hits) != 1 || len(r.Hits[0].Excerpt) > 0 || r.Hits[0].Version != 3 {
		t.Errorf("hits %+v", r.Hits)
	}
	must(t, db.ForgetIndex(t.Context()))
	must(t, db.IndexRest(t.Context(), func() {}))
	if got := hits(t, db, `"version 1"`); got != "1:2-3" {
		t.Errorf("indexed anew, %q is found", got)
	}
}
