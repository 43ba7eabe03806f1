package report

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
)

// articlesPerPage is how many articles one page lists.
const articlesPerPage = 100

// An articlesPage is the data of templates/articles.html.
type articlesPage struct {
	Said     string
	States   []link
	Narrowed []string // by what else the list is narrowed: "by example.com"
	Rows     []articleRow
	Newer    string // address of the page before; empty on the first
	Older    string // address of the page after; empty on the last
	Filtered bool
}

// An articleRow is one article in the list.
type articleRow struct {
	Link       string
	Title      string
	Outlet     string
	OutletLink string
	State      string
	Versions   int
	LastChange *moment // nil: no version yet
	LastCheck  *moment // nil: never
	Missing    *moment // since when it is not found; nil: it is there, or gone
	Outcome    string
	Trouble    bool    // the last look showed no article
	NextCheck  *moment // nil: none is planned
	Tags       []string
	Live       bool // it is a live blog
}

// articles lists the tracked articles, the one that changed last first.
func (s *site) articles(w http.ResponseWriter, r *http.Request) error {
	f, at, err := parseArticleQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	found, err := s.src.Articles(r.Context(), f)
	if err != nil {
		return fmt.Errorf("listing articles: %w", err)
	}
	pages := max(1, (len(found)+articlesPerPage-1)/articlesPerPage)
	if at > pages {
		return errNoPage
	}
	slices.SortFunc(found, func(a, b tracker.Article) int {
		return cmp.Or(b.LastChange.Compare(a.LastChange), cmp.Compare(b.ID, a.ID))
	})
	from := (at - 1) * articlesPerPage
	p := articlesPage{
		States:   stateLinks(f),
		Narrowed: narrowed(f),
		Filtered: f != tracker.ArticleFilter{},
		Said:     sayArticles(len(found), from, min(len(found), from+articlesPerPage)),
	}
	for _, a := range found[from:min(len(found), from+articlesPerPage)] {
		p.Rows = append(p.Rows, newArticleRow(a))
	}
	if at > 1 {
		p.Newer = articlesAddress(f, at-1)
	}
	if at < pages {
		p.Older = articlesAddress(f, at+1)
	}
	return s.render(w, r, http.StatusOK, "articles", page{Title: "Tracked articles", Nav: "articles", Main: p})
}

func parseArticleQuery(raw string) (f tracker.ArticleFilter, at int, err error) {
	q, err := parseQuery(raw)
	if err != nil {
		return f, 0, err
	}
	state, err := oneOf("state", q.Get("state"), states())
	if err != nil {
		return f, 0, err
	}
	f = tracker.ArticleFilter{
		Tag:    strings.TrimSpace(q.Get("tag")),
		Outlet: strings.ToLower(strings.TrimSpace(q.Get("outlet"))),
		State:  tracker.State(state),
	}
	if at = 1; q.Get("page") != "" {
		at, err = strconv.Atoi(q.Get("page"))
		if err != nil || at < 1 {
			return f, 0, badRequest(fmt.Sprintf("page must be a number from 1, not %q.", q.Get("page")))
		}
	}
	return f, at, nil
}

func sayArticles(n, from, to int) string {
	if n == to-from {
		return diffview.Count(n, "article") + ", the one that changed last first."
	}
	return fmt.Sprintf("%s to %s of %s, the one that changed last first.", diffview.Number(from+1), diffview.Number(to), diffview.Count(n, "article"))
}

func newArticleRow(a tracker.Article) articleRow {
	if a.Versions < 2 {
		a.LastChange = time.Time{} // the first look found it, and changed nothing
	}
	row := articleRow{
		Link:       articlePath(a.ID),
		Title:      titleOf(a),
		Outlet:     brief(a.Outlet),
		OutletLink: articlesAddress(tracker.ArticleFilter{Outlet: a.Outlet}, 1),
		State:      string(a.State),
		Versions:   a.Versions,
		LastChange: newShortMoment(a.LastChange),
		LastCheck:  newShortMoment(a.LastCheck),
		Outcome:    outcomeWords(a.LastOutcome),
		Trouble:    a.LastOutcome != "" && !a.LastOutcome.Plain() && a.LastOutcome != tracker.OutcomeSkipped,
		NextCheck:  newShortMoment(nextCheck(a)),
		Tags:       tagsOf(a),
		Live:       a.Live,
	}
	if a.Missing() {
		row.Missing = newShortMoment(a.MissingFrom)
	}
	return row
}

// nextCheck is when an article is looked at next; zero where that is not planned.
func nextCheck(a tracker.Article) time.Time {
	if a.State == tracker.Paused || a.State == tracker.Retired || !a.RemovedAt.IsZero() {
		return time.Time{}
	}
	return a.NextCheck
}

// titleOf names an article that may not have been read yet.
func titleOf(a tracker.Article) string {
	if t := brief(a.Title); t != "" {
		return t
	}
	return brief(a.URL)
}

func tagsOf(a tracker.Article) []string {
	out := make([]string, len(a.Tags))
	for i, t := range a.Tags {
		out[i] = brief(t)
	}
	return out
}

func states() []string {
	return texts(tracker.Active, tracker.Paused, tracker.Gone, tracker.Retired)
}

func stateLinks(f tracker.ArticleFilter) []link {
	out := []link{}
	for _, state := range append([]string{""}, states()...) {
		to := f
		to.State = tracker.State(state)
		text := state
		if state == "" {
			text = "All"
		}
		out = append(out, link{articlesAddress(to, 1), text, f.State == to.State})
	}
	return out
}

func narrowed(f tracker.ArticleFilter) []string {
	var out []string
	if f.Outlet != "" {
		out = append(out, "by "+shown(f.Outlet))
	}
	if f.Tag != "" {
		out = append(out, "tagged "+shown(f.Tag))
	}
	return out
}

func articlesAddress(f tracker.ArticleFilter, at int) string {
	q := url.Values{}
	for name, value := range map[string]string{"tag": f.Tag, "outlet": f.Outlet, "state": string(f.State)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if at > 1 {
		q.Set("page", strconv.Itoa(at))
	}
	return withQuery("/articles", q.Encode())
}
