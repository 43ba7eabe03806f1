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
	"storydiff/tracker/search"
	"storydiff/tracker/worddiff"
)

// A searchPage is the data of templates/search.html.
type searchPage struct {
	Form   searchForm
	Asked  bool   // for anything
	Sorts  []link // the orders there are; none where nothing was asked for
	Said   string
	Unread string // how many articles are not searched yet; empty: none
	Hits   []hit
	Newest string // address of the first page; empty on it
	Older  string // address of the next page; empty on the last
	Others string // address of the same question without filters; empty: it has none
}

// A searchForm is what the form is filled with.
type searchForm struct {
	Query, Outlet, Until string
	Since                []option
	Removed              bool
	Active               bool   // whether anything is filtered
	Sort                 string // what to send for the order; empty: nothing
}

// A hit is an article in which something was found.
type hit struct {
	Link       string // of the article
	Outlet     string
	OutletLink string // the same question, narrowed to the outlet
	Headline   string
	HeadDir    string // which way Headline runs: "ltr", "rtl" or "auto"
	Removed    bool
	Said       string    // in which versions it stood
	Turn       string    // address of the change by which it went, or came; empty: there is none
	When       *interval // of that change; nil: there is none
	Version    string    // address of the version that the excerpt is of
	VersionN   int
	Part       string // what of it: "headline", "paragraph" …; empty: its text cannot be read
	Lang       string // of the excerpt; empty: not known
	Dir        string // of the excerpt: "ltr", "rtl" or "auto"
	Excerpt    []search.Piece
	Match      string // why it is among the best: "in the headline, as a phrase"; empty: for no such reason
}

// mostArticles is the largest number of an article that a search may begin before.
const mostArticles = 1 << 38

// mostSkipped is how many of the best a search may leave out.
const mostSkipped = 1000

// A question is what the query string of a search asks for.
type question struct {
	tracker.SearchQuery
	since, until string // as they were written
}

// The orders of what is found.
const (
	sortNewest = "newest" // those that were taken up last first
	sortBest   = "best"   // see [tracker.Match]
)

// search looks through the text of all versions.
func (s *site) search(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuestion(r.URL.RawQuery, s.now())
	if err != nil {
		return err
	}
	p := searchPage{Form: newSearchForm(q), Asked: q.Words.Asks()}
	title := "Search"
	if p.Asked {
		title = "Search for " + brief(q.Words.Text)
		found, err := s.src.Search(r.Context(), q.SearchQuery)
		if refusal, ok := refused(err); ok {
			return refusal
		}
		if err != nil {
			return fmt.Errorf("searching: %w", err)
		}
		p.fill(q, found)
	}
	return s.render(w, r, http.StatusOK, "search", page{Title: title, Nav: "search", NoIndex: true, Main: p})
}

func (p *searchPage) fill(q question, found tracker.SearchResult) {
	for i := range found.Hits {
		p.Hits = append(p.Hits, newHit(q, &found.Hits[i]))
	}
	p.Said = sayHits(q, found)
	for _, order := range []struct {
		text string
		best bool
	}{{"newest first", false}, {"best first", true}} {
		other := q
		other.Best = order.best
		p.Sorts = append(p.Sorts, link{other.address(0, 0), order.text, order.best == q.Best})
	}
	if found.Unread > 0 {
		p.Unread = diffview.Count(found.Unread, "article")
	}
	if found.Next > 0 {
		p.Older = q.address(found.Next, found.Skip)
	}
	if q.Before > 0 {
		p.Newest = q.address(0, 0)
	}
	if p.Form.Active {
		p.Others = question{SearchQuery: tracker.SearchQuery{Words: q.Words, Best: q.Best}}.address(0, 0)
	}
}

// sayHits counts what is listed, so that nothing is left out without a word.
func sayHits(q question, found tracker.SearchResult) string {
	if len(found.Hits) == 0 && found.Next == 0 {
		return ""
	}
	removed := 0
	for i := range found.Hits {
		if found.Hits[i].Removed() {
			removed++
		}
	}
	all := diffview.Count(len(found.Hits), "article")
	switch {
	case q.Best:
		all = sayBest(q, found)
	case q.Before > 0:
		all = diffview.Count(len(found.Hits), "further article")
	case found.Next > 0:
		all = "The newest " + all
	}
	said := append([]string{all}, q.says()...)
	text := strings.Join(said, ", ")
	switch {
	case removed == 0 || q.Removed:
	case len(found.Hits) == 1:
		text += "; it stands no more"
	default:
		text += fmt.Sprintf("; in %s of them it stands no more", diffview.Number(removed))
	}
	if found.Short {
		text += ". So many articles have some of these words that not all were looked through for this page: the next one goes on where it ended"
	}
	return text + "."
}

// sayBest says of how many articles those of a page are the best.
func sayBest(q question, found tracker.SearchResult) string {
	n := len(found.Hits)
	switch {
	case q.Before == 0 && found.Next == 0:
		return diffview.Count(n, "article") + ", the best first"
	case q.Skip > 0:
		return fmt.Sprintf("%s, %s to %s of the %s that were taken up last, the best first",
			diffview.Count(n, "further article"), diffview.Number(q.Skip+1), diffview.Number(q.Skip+n), diffview.Number(found.Ranked))
	}
	return fmt.Sprintf("The best %s of the %s that were taken up last", diffview.Count(n, "article"), diffview.Number(found.Ranked))
}

func newHit(q question, h *tracker.SearchHit) hit {
	said, turn := diffview.StandsText(h)
	narrow := q
	narrow.Outlet = h.Outlet
	out := hit{
		Link:       articlePath(h.ArticleID),
		Outlet:     brief(h.Outlet),
		OutletLink: narrow.address(0, 0),
		Headline:   titleOf(tracker.Article{Title: h.Title, URL: h.URL}),
		Removed:    h.Removed(),
		Said:       said,
		Version:    versionPath(h.ArticleID, h.Version),
		VersionN:   h.Version,
		Part:       partSaid(h.Part),
		Lang:       langTag(h.Lang),
		Match:      strings.Join(diffview.MatchText(h.Match), ", "),
	}
	out.HeadDir = direction(out.Headline, out.Lang)
	if turn.From > 0 {
		when := newInterval(turn.After, turn.By)
		out.Turn, out.When = changePath(h.ArticleID, turn.From, turn.To), &when
	}
	var spans []worddiff.Span
	for _, p := range h.Excerpt {
		spans = append(spans, worddiff.Span{Text: p.Text})
		out.Excerpt = append(out.Excerpt, search.Piece{Text: shown(p.Text), Found: p.Found})
	}
	out.Dir = diffview.Direction(spans, out.Lang)
	return out
}

// partSaid names a part of a story in which words stand: there is one headline, and
// there are many paragraphs. It is empty where the part is not known.
func partSaid(part string) string {
	switch part {
	case "":
		return ""
	case "headline", "standfirst", "byline":
		return "the " + part
	}
	return "a " + brief(spaced(part))
}

// parseQuestion reads the query string of a search. Its error is a [badRequest].
func parseQuestion(raw string, now time.Time) (q question, err error) {
	values, err := parseQuery(raw)
	if err != nil {
		return q, err
	}
	if words, err := parseWords(values.Get("q")); err != nil {
		return q, err
	} else if words != nil {
		q.Words = *words
	}
	q.Outlet = strings.ToLower(strings.TrimSpace(values.Get("outlet")))
	if q.since, q.until, q.Since, q.Until, err = parsePeriod(values, now); err != nil {
		return q, err
	}
	removed, err := oneOf("removed", values.Get("removed"), []string{"1"})
	if err != nil {
		return q, err
	}
	q.Removed = removed == "1"
	order, err := oneOf("sort", values.Get("sort"), []string{sortNewest, sortBest})
	if err != nil {
		return q, err
	}
	q.Best = order == sortBest
	if before := values.Get("before"); before != "" {
		q.Before, err = strconv.ParseInt(before, 10, 64)
		if err != nil || q.Before < 1 || q.Before > mostArticles {
			return q, badRequest(fmt.Sprintf("before must be the number of an article, not %q.", before))
		}
	}
	if skip := values.Get("skip"); skip != "" {
		q.Skip, err = strconv.Atoi(skip)
		if err != nil || q.Skip < 1 || q.Skip > mostSkipped || !q.Best || q.Before == 0 {
			return q, badRequest(fmt.Sprintf("skip must be how many of the best to leave out, beside sort=best and before, not %q.", skip))
		}
	}
	return q, nil
}

// parseWords reads what is to be looked for; nil where nothing is.
func parseWords(text string) (*search.Query, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	q, err := search.Parse(text)
	if refusal, ok := refused(err); ok {
		return nil, refusal
	}
	return &q, err
}

// values returns the question as a query string says it, without the place in the
// list.
func (q question) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.Words.Text, "outlet": q.Outlet, "since": q.since, "until": q.until} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Removed {
		v.Set("removed", "1")
	}
	if q.Best {
		v.Set("sort", sortBest)
	}
	return v
}

// address returns the address of the list from an article on, 0: from the newest,
// without so many of the best.
func (q question) address(before int64, skip int) string {
	v := q.values()
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	if skip > 0 {
		v.Set("skip", strconv.Itoa(skip))
	}
	return withQuery("/search", v.Encode())
}

// says returns what the filters choose, a phrase each.
func (q question) says() (out []string) {
	what := "came or went"
	if q.Removed {
		out, what = append(out, "in which it stands no more"), "went"
	}
	if q.Outlet != "" {
		out = append(out, "by "+shown(q.Outlet))
	}
	if !q.Since.IsZero() {
		out = append(out, "where it "+what+" since "+newMoment(q.Since).Text)
	}
	if !q.Until.IsZero() {
		out = append(out, "where it "+what+" before "+newMoment(q.Until).Text)
	}
	return out
}

func newSearchForm(q question) searchForm {
	order := ""
	if q.Best {
		order = sortBest
	}
	return searchForm{
		Sort:    order,
		Query:   q.Words.Text,
		Outlet:  q.Outlet,
		Until:   q.until,
		Since:   sinceOptions(q.since),
		Removed: q.Removed,
		Active:  q.Outlet != "" || q.since != "" || q.until != "" || q.Removed,
	}
}
