package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"storydiff/diffview/report"
	"storydiff/storage"
)

// A reportAddress is a page of the report, for tests in a browser.
type reportAddress struct {
	name string
	path string // with the whole address where it is of another server
	want string // that is on it, with scripts or without
}

// of returns the address of a page where site serves the report.
func (p reportAddress) of(site string) string {
	if strings.HasPrefix(p.path, "http:") {
		return p.path
	}
	return site + p.path
}

// storiesReport is the report over the stories of testdata, with one article that
// is gone, one that is paused and one that is blocked, and its pages.
func storiesReport(t *testing.T) (site string, pages []reportAddress) {
	t.Helper()
	const stories = "../../testdata/stories"
	entries, err := os.ReadDir(stories)
	if err != nil {
		t.Fatal(err)
	}
	var round atomic.Int64
	press := httptest.NewServer(storySite(stories, &round))
	t.Cleanup(press.Close)
	db := filepath.Join(t.TempDir(), "stories.db")
	add := []string{"add", "--db", db, "--tag", "stories", press.URL + "/paused", press.URL + "/walled"}
	for _, e := range entries {
		if e.IsDir() {
			add = append(add, press.URL+"/"+e.Name())
		}
	}
	ran := func(args ...string) string {
		out, said, code := storydiff(t, args...)
		if code > 1 { // 1: a look failed, as the blocked one does
			t.Fatalf("storydiff %s: exit %d: %s", strings.Join(args, " "), code, said)
		}
		return out
	}
	ran(add...)
	for round.Store(1); round.Load() <= 4; round.Add(1) {
		ran("check", "--all", "--db", db, "--allow-private", "--host-delay", "0s")
	}
	ran("pause", "--db", db, press.URL+"/paused")
	ids := map[string]int64{}
	for line := range strings.Lines(ran("list", "--json", "--db", db)) {
		var row struct {
			Article int64
			URL     string
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		ids[strings.TrimPrefix(row.URL, press.URL+"/")] = row.Article
	}
	locked := serveFile(t, db, report.Doors{Password: "a word that nobody guesses"})
	pages = append(storyPages(t, ids), reportAddress{"login", locked + "/login", "Log in"}, reportAddress{"add-locked", locked + "/add", "to add articles"})
	return serveFile(t, db, report.Doors{Open: true}), pages
}

// storySite serves the stories as they stand in a round, and what is in trouble.
func storySite(dir string, round *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		n := round.Load()
		switch name {
		case "robots.txt":
			http.NotFound(w, r)
			return
		case "walled":
			http.Error(w, "for subscribers", http.StatusPaymentRequired)
			return
		case "paused":
			name = "french-caption"
		case "negated":
			if n == 4 {
				http.Error(w, "gone", http.StatusGone)
				return
			}
		}
		for ; n > 0; n-- {
			body, err := os.ReadFile(filepath.Join(dir, filepath.Base(name), fmt.Sprint(n, ".html")))
			if err == nil {
				w.Header().Set("Content-Type", "text/html") // the page says in which charset
				w.Write(body)
				return
			}
		}
		http.NotFound(w, r)
	})
}

// storyPages are the pages of the report over the stories: one of every sort.
func storyPages(t *testing.T, ids map[string]int64) []reportAddress {
	t.Helper()
	of := func(name, form string) string {
		id, ok := ids[name]
		if !ok {
			t.Fatalf("no story %s is tracked", name)
		}
		return fmt.Sprintf(form, id)
	}
	return []reportAddress{
		{"changes", "/", "Recent changes"},
		{"changes-filtered", "/?disclosure=silent&kind=number", "silent"},
		{"changes-none", "/?tag=nothing", "No change matches"},
		{"articles", "/articles", "Tracked articles"},
		{"article", of("moved-and-edited", "/articles/%d"), "Compare two versions"},
		{"article-tested", of("headline-tested", "/articles/%d"), "Headline under test"},
		{"article-gone", of("negated", "/articles/%d"), "Gone since"},
		{"article-blocked", of("walled", "/articles/%d"), "blocked"},
		{"article-rtl", of("arabic", "/articles/%d"), "Compare two versions"},
		{"change", of("moved-and-edited", "/articles/%d/changes/1..2"), "The text"},
		{"change-side", of("correction-at-top", "/articles/%d/changes/1..2?view=side-by-side&context=all"), "Side by side"},
		{"change-rtl", of("arabic", "/articles/%d/changes/1..2"), "The text"},
		{"change-chinese", of("chinese", "/articles/%d/changes/1..2?view=side-by-side"), "Side by side"},
		{"version", of("correction-at-foot", "/articles/%d/versions/2"), "What was captured"},
		{"version-gone", of("negated", "/articles/%d/versions/2"), "What was captured"},
		{"blame", of("moved-and-edited", "/articles/%d/blame"), "Each sentence"},
		{"change-embed", of("moved-and-edited", "/articles/%d/changes/1..2/embed"), "storydiff"},
		{"search", "/search", "Words of any version"},
		{"search-hits", "/search?q=club", "From the "},
		{"search-none", "/search?q=xylophonic", "Nothing is found"},
		{"outlets", "/outlets", "Outlets"},
		{"outlet", "/outlets/127.0.0.1", "Articles observed"},
		{"add", "/add", "Add an article"},
		{"specimen", "/specimen", "Every element"},
		{"no-page", "/nothing", "No such page"},
		{"bad-request", "/?kind=weather", "That cannot be answered"},
	}
}

// serveFile serves the report over a database until the test ends, to be changed
// by those whom doors let in.
func serveFile(t *testing.T, path string, doors report.Doors) string {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.IndexRest(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	site := httptest.NewServer(report.New(db, report.Options{Log: log, Version: release, Desk: &desk{db: db}, Doors: doors}))
	t.Cleanup(func() {
		site.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return site.URL
}

// TestBrowserPages opens every page of the report over the stories of testdata.
func TestBrowserPages(t *testing.T) {
	b := newTab(t)
	site, pages := storiesReport(t)
	for name, test := range map[string]func(b *tab, site string, pages []reportAddress){
		"without scripts":   wholeWithoutScripts,
		"axe-core":          withoutViolations,
		"by the Tab key":    reachedByTab,
		"by the other keys": usedByKeys,
		"seen when focused": seenWhenFocused,
	} {
		t.Run(name, func(t *testing.T) { test(&tab{t, b.ctx}, site, pages) })
	}
}

// wholeWithoutScripts opens pages with scripts switched off: each is whole.
func wholeWithoutScripts(b *tab, site string, pages []reportAddress) {
	t := b.t
	b.scripts(false)
	defer b.scripts(true)
	for _, page := range pages {
		b.open(page.of(site))
		html := b.html()
		whole := []string{"<h1", page.want, "How to read these pages", "</footer>"}
		if strings.HasSuffix(page.path, "/embed") {
			whole = whole[:2]
		}
		for _, want := range whole {
			if !strings.Contains(html, want) {
				t.Errorf("%s (%s) without scripts lacks %q", page.name, page.path, want)
			}
		}
		if i := slices.IndexFunc([]string{"<noscript", "\"javascript:", " onclick="}, func(s string) bool { return strings.Contains(html, s) }); i >= 0 && !strings.HasPrefix(page.name, "add") { // that has a bookmarklet
			t.Errorf("%s (%s) asks for a script", page.name, page.path)
		}
	}
}
