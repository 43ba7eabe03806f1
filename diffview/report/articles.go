package report

import (
	"fmt"
	"net/http"
	"net/url"
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
	Newest   string // address of the first page; empty on it
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

// An articleQuery is what the query string of the list asks for.
type articleQuery struct {
	tracker.ArticleFilter
	after tracker.ArticleMark // where the page begins; zero: with the first article
}

// articles lists the tracked articles, the one that changed last first.
func (s *site) articles(w http.ResponseWriter, r *http.Request) error {
	q, err := parseArticleQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	found, err := s.src.ArticlesByChange(r.Context(), q.ArticleFilter, q.after, articlesPerPage+1)
	if err != nil {
		return fmt.Errorf("listing articles: %w", err)
	}
	all, err := s.src.CountArticles(r.Context(), q.ArticleFilter)
	if err != nil {
		return fmt.Errorf("counting articles: %w", err)
	}
	p := articlesPage{States: stateLinks(q.ArticleFilter), Narrowed: narrowed(q.ArticleFilter), Filtered: q != articleQuery{}}
	if len(found) > articlesPerPage {
		found = found[:articlesPerPage]
		last := found[articlesPerPage-1]
		p.Older = q.address(tracker.ArticleMark{Changed: last.LastChange, ID: last.ID})
	}
	if q.after.ID > 0 {
		p.Newest = q.address(tracker.ArticleMark{})
	}
	p.Said = sayArticles(len(found), all, q.after.ID > 0)
	for _, a := range found {
		p.Rows = append(p.Rows, newArticleRow(a))
	}
	return s.render(w, r, http.StatusOK, "articles", page{Title: "Tracked articles", Nav: "articles", Main: p})
}

func parseArticleQuery(raw string) (f articleQuery, err error) {
	q, err := parseQuery(raw)
	if err != nil {
		return f, err
	}
	state, err := oneOf("state", q.Get("state"), states())
	if err != nil {
		return f, err
	}
	f.ArticleFilter = tracker.ArticleFilter{
		Tag:    strings.TrimSpace(q.Get("tag")),
		Outlet: strings.ToLower(strings.TrimSpace(q.Get("outlet"))),
		State:  tracker.State(state),
	}
	if after := q.Get("after"); after != "" {
		f.after, err = parseArticleMark(after)
	}
	return f, err
}

// parseArticleMark reads a mark as addresses have it: the time in milliseconds,
// 0 for none, a dot, and the article's number.
func parseArticleMark(text string) (m tracker.ArticleMark, err error) {
	at, id, _ := strings.Cut(text, ".")
	ms, errAt := strconv.ParseInt(at, 10, 64)
	m.ID, err = strconv.ParseInt(id, 10, 64)
	if errAt != nil || err != nil || ms < 0 || m.ID < 1 {
		return m, badRequest(fmt.Sprintf("after must be a place in the list as its links have it, not %q.", text))
	}
	if ms > 0 {
		m.Changed = time.UnixMilli(ms).UTC()
	}
	return m, nil
}

// sayArticles counts what is listed of all that there is.
func sayArticles(listed, all int, further bool) string {
	const order = "the one that changed last first"
	switch {
	case further:
		return fmt.Sprintf("%s of %s, %s.", diffview.Number(listed)+" further", diffview.Count(all, "article"), order)
	case listed < all:
		return fmt.Sprintf("%s of %s, %s.", diffview.Number(listed), diffview.Count(all, "article"), order)
	}
	return diffview.Count(all, "article") + ", " + order + "."
}

func newArticleRow(a tracker.Article) articleRow {
	if a.Versions < 2 {
		a.LastChange = time.Time{} // the first look found it, and changed nothing
	}
	row := articleRow{
		Link:       articlePath(a.ID),
		Title:      titleOf(a),
		Outlet:     brief(a.Outlet),
		OutletLink: articlesAddress(tracker.ArticleFilter{Outlet: a.Outlet}),
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
		out = append(out, link{articlesAddress(to), text, f.State == to.State})
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

// address returns the address of the list from a place on; zero: from the first.
func (f articleQuery) address(after tracker.ArticleMark) string {
	q := url.Values{}
	for name, value := range map[string]string{"tag": f.Tag, "outlet": f.Outlet, "state": string(f.State)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if after.ID > 0 {
		ms := int64(0)
		if !after.Changed.IsZero() {
			ms = after.Changed.UnixMilli()
		}
		q.Set("after", fmt.Sprintf("%d.%d", ms, after.ID))
	}
	return withQuery("/articles", q.Encode())
}

// articlesAddress returns the address of the first page of articles.
func articlesAddress(f tracker.ArticleFilter) string {
	return articleQuery{ArticleFilter: f}.address(tracker.ArticleMark{})
}
