package report

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
)

// feedSize is how many changes a feed tells; older ones are on its next page
// (RFC 5005).
const feedSize = 50

// A feed is what both of its forms tell.
type feed struct {
	ID      string // a tag URI
	Title   string
	Home    string    // the page of the same changes; absolute, as all addresses in a feed are
	Self    string    // this feed
	Next    string    // the feed of older changes; empty: there are none
	Updated time.Time // when the newest of its items was updated; where there is none, when the article was added
	Items   []feedItem
}

// A feedItem is a change, a headline under test, or an event of an article's life.
type feedItem struct {
	ID        string // a tag URI, which stays when the item is updated
	Title     string
	Link      string // the page of the change or of the article
	Original  string // the article itself; empty where it must not be linked
	Summary   string // in plain words
	Content   string // the marked sentence and what to make of it, in HTML
	Lang      string // of the article; empty: not known
	Published time.Time
	Updated   time.Time
	Tags      []string // outlet, kinds, disclosure, level
}

// A feedScope is which changes a feed is of.
type feedScope struct {
	filter
	path    string           // what stands before /feed.atom: "", "/articles/7", "/outlets/news.example"
	home    string           // path of the page with the same changes
	said    string           // of what: "harnherald.example"; empty: of all
	article *tracker.Article // nil: of no single one
}

// feed answers with the changes of all, of an article or of an outlet, as Atom or
// as JSON Feed by how the address ends. The query string is that of the recent
// changes.
func (s *site) feed(w http.ResponseWriter, r *http.Request) error {
	in, err := s.scopeOf(r)
	if err != nil {
		return err
	}
	in.Limit = feedSize + 1 // the one too many tells whether there are older ones
	found, err := s.src.Changes(r.Context(), in.ChangeFilter)
	if err != nil {
		return fmt.Errorf("listing changes: %w", err)
	}
	if len(found) == 0 && in.path != "" && in.article == nil {
		if err := s.knowsOutlet(r.Context(), in.Outlet); err != nil {
			return err
		}
	}
	ext := "atom"
	if strings.HasSuffix(r.URL.Path, ".json") {
		ext = "json"
	}
	f := s.newFeed(r, in, ext)
	more := len(found) > feedSize
	if more {
		found = found[:feedSize]
		if !s.static { // an export has the newest page alone
			f.Next = s.to(r, in.feedPath(ext, found[feedSize-1].ID))
		}
	}
	if f.Items, err = s.feedItems(r, in, found); err != nil {
		return err
	}
	if f.Items, err = s.withEvents(r, in, f.Items, more); err != nil {
		return err
	}
	if in.article != nil {
		f.Updated = in.article.AddedAt
	}
	for _, item := range f.Items {
		if item.Updated.After(f.Updated) {
			f.Updated = item.Updated
		}
	}
	if ext == "json" {
		return s.sendJSONFeed(w, r, f)
	}
	return s.sendAtom(w, r, f)
}

// scopeOf reads the address of a feed.
func (s *site) scopeOf(r *http.Request) (in feedScope, err error) {
	if in.filter, err = parseFilter(r.URL.RawQuery, s.now()); err != nil {
		return in, err
	}
	switch {
	case r.PathValue("id") != "":
		id, err := articleID(r)
		if err != nil {
			return in, err
		}
		a, err := s.src.Article(r.Context(), id)
		if err != nil {
			return in, fmt.Errorf("reading article %d: %w", id, err)
		}
		in.ArticleID, in.article = id, &a
		in.path, in.home, in.said = articlePath(id), articlePath(id), titleOf(a)
	case r.PathValue("outlet") != "":
		if in.Outlet != "" {
			return in, badRequest("The address names the outlet already: leave outlet out of the query string.")
		}
		outlet := strings.ToLower(r.PathValue("outlet"))
		in.Outlet = outlet
		in.path, in.home, in.said = outletPath(outlet), in.address(0), brief(outlet)
	default:
		in.home = in.address(0)
	}
	return in, nil
}

// knowsOutlet returns an error for an outlet of which nothing is tracked: a feed
// of a name that was misspelt would stay empty for ever.
func (s *site) knowsOutlet(ctx context.Context, outlet string) error {
	articles, err := s.src.Articles(ctx, tracker.ArticleFilter{Outlet: outlet})
	if err != nil {
		return fmt.Errorf("listing articles: %w", err)
	}
	if len(articles) == 0 {
		return fmt.Errorf("outlet %s: %w", outlet, tracker.ErrNotFound)
	}
	return nil
}

// query is the query string of a feed, from a change on; 0: from the newest. The
// outlet that the path names stands there alone.
func (in feedScope) query(before int64) string {
	q := in.values()
	if in.path != "" && in.article == nil {
		q.Del("outlet")
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return q.Encode()
}

func (in feedScope) feedPath(ext string, before int64) string {
	return withQuery(in.path+"/feed."+ext, in.query(before))
}

// title says what a feed is of. A span counts from now, and is said as it was
// written: the title of a feed must not change from minute to minute.
func (in feedScope) title() string {
	said := "Changes in the news"
	if in.said != "" {
		said = "Changes: " + in.said
	}
	f := in.filter
	f.since = ""
	if in.path != "" && in.article == nil {
		f.Outlet = ""
	}
	for _, phrase := range f.says() {
		said += ", " + phrase
	}
	if in.since != "" {
		said += ", since " + shown(in.since)
	}
	return said
}

func (s *site) newFeed(r *http.Request, in feedScope, ext string) feed {
	return feed{
		ID:      "tag:" + s.authority + ",2026:" + withQuery(strings.TrimPrefix(in.path+"/changes", "/"), in.query(0)),
		Title:   in.title(),
		Home:    s.to(r, in.home),
		Self:    s.to(r, in.feedPath(ext, in.Before)),
		Updated: time.Unix(0, 0).UTC(),
	}
}

// feedItems tells changes, newest first. Those that are no more than flips of one
// test of headlines are one item, which keeps its ID and is updated.
func (s *site) feedItems(r *http.Request, in feedScope, found []tracker.Change) ([]feedItem, error) {
	tests, err := s.testsAmong(r.Context(), found)
	if err != nil {
		return nil, err
	}
	told := map[*tracker.HeadlineTest]bool{}
	items := make([]feedItem, 0, len(found))
	for i := range found {
		c := &found[i]
		test := tests.of(c)
		first := c
		if test != nil && test.Folds(c) {
			if told[test] {
				continue
			}
			told[test] = true
			first = firstFolded(test)
		} else {
			test = nil
		}
		item, err := s.changeItem(r, in, c, first, test)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// firstFolded returns the first of the flips that a test stands for.
func firstFolded(t *tracker.HeadlineTest) *tracker.Change {
	i := slices.IndexFunc(t.Flips, func(f *tracker.Change) bool { return t.Folds(f) })
	return t.Flips[max(i, 0)]
}

// A feedContent is the data of templates/feed.html.
type feedContent struct {
	entry
	Change   string // address of the page of the change
	Original string // address of the article; empty where it must not be linked
	Tested   *testSaid
}

// changeItem tells a change, or a test of headlines by its newest flip; first is
// the first change that the item was made for.
func (s *site) changeItem(r *http.Request, in feedScope, c, first *tracker.Change, test *tracker.HeadlineTest) (feedItem, error) {
	content := feedContent{entry: newEntry(*c), Original: outward(c.URL), Change: s.to(r, linkOf(c))}
	// Feed readers have no style sheet that would set the two apart.
	content.Excerpt = template.HTML(strings.ReplaceAll(string(content.Excerpt), "</del><ins", "</del> <ins"))
	if test != nil {
		content.Tested = newTestSaid(test)
	}
	body, err := drawFeed("change", content)
	if err != nil {
		return feedItem{}, err
	}
	return feedItem{
		ID:        s.tag(first.SeenBy, strings.TrimPrefix(linkOf(first), "/")),
		Title:     itemTitle(in, c, &content),
		Link:      content.Change,
		Original:  content.Original,
		Summary:   itemSummary(c, &content),
		Content:   body,
		Lang:      content.Lang,
		Published: first.SeenBy,
		Updated:   c.SeenBy,
		Tags:      append([]string{content.Outlet, content.Level, content.Disclosure}, content.Kinds...),
	}, nil
}

// itemTitle names an item by its headline; in the feed of an article, where that
// is the same all over, by what changed.
func itemTitle(in feedScope, c *tracker.Change, content *feedContent) string {
	what := content.Headline
	switch {
	case content.Tested != nil:
		what = "Headline under test: " + what
	case in.article != nil:
		return fmt.Sprintf("Version %d: %s", c.To, cmp.Or(brief(c.Summary), content.Words))
	}
	if in.path == "" {
		return content.Outlet + ": " + what
	}
	return what
}

func itemSummary(c *tracker.Change, content *feedContent) string {
	said := fmt.Sprintf("%s, %d of 100, %s: %s. Seen %s.", content.Level, content.Score, content.Disclosure,
		strings.Join(content.Kinds, ", "), diffview.NewInterval(c.SeenAfter, c.SeenBy, diffview.InWords))
	if c.Summary == "" {
		return said
	}
	return sentence(brief(c.Summary)) + " " + said
}

// toldEvents are what the feed of an article tells beside its changes.
var toldEvents = []tracker.EventKind{tracker.EventGone, tracker.EventRestored, tracker.EventMoved}

// withEvents adds to the items of an article what else happened to it. Events are
// told on the first page alone, those that are older than its changes are left
// out where there are more; and nowhere where a filter asks for certain changes.
func (s *site) withEvents(r *http.Request, in feedScope, items []feedItem, more bool) ([]feedItem, error) {
	if in.article == nil || in.Before > 0 || in.query(0) != "" {
		return items, nil
	}
	events, err := s.src.Events(r.Context(), in.article.ID)
	if err != nil {
		return nil, fmt.Errorf("reading events of article %d: %w", in.article.ID, err)
	}
	for _, e := range events {
		if !slices.Contains(toldEvents, e.Kind) || more && e.At.Before(items[len(items)-1].Published) {
			continue
		}
		item, err := s.eventItem(r, in.article, e)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	slices.SortStableFunc(items, func(a, b feedItem) int { return b.Updated.Compare(a.Updated) })
	return items, nil
}

func (s *site) eventItem(r *http.Request, a *tracker.Article, e tracker.Event) (feedItem, error) {
	told := newEventTurn(e)
	body, err := drawFeed("event", told)
	if err != nil {
		return feedItem{}, err
	}
	return feedItem{
		ID:        s.tag(e.At, strings.TrimPrefix(articlePath(a.ID), "/")+"/events/"+string(e.Kind)),
		Title:     told.Text + ": " + titleOf(*a),
		Link:      s.to(r, articlePath(a.ID)),
		Original:  outward(a.URL),
		Summary:   told.Text + ". " + told.Detail,
		Content:   body,
		Published: e.At,
		Updated:   e.At,
		Tags:      []string{brief(a.Outlet), told.Kind},
	}, nil
}

// drawFeed draws one part of templates/feed.html.
func drawFeed(name string, data any) (string, error) {
	buf := takeBuffer()
	defer giveBuffer(buf)
	if err := feedTemplates().ExecuteTemplate(buf, name, data); err != nil {
		return "", fmt.Errorf("drawing the %s of a feed: %w", name, err)
	}
	return strings.TrimSpace(buf.String()), nil
}

// feedLinks are the addresses of the feeds of what a page shows; data of the layout.
type feedLinks struct{ Title, Atom, JSON string }

// feedsOf returns the feeds of a page: of its article, of its outlet, of the
// changes that its query string chooses, or of all.
func (s *site) feedsOf(r *http.Request, status int) feedLinks {
	in, title := feedScope{}, "All changes"
	switch id, err := articleID(r); {
	case status != http.StatusOK:
	case err == nil:
		in.article = &tracker.Article{ID: id}
		in.path, title = articlePath(id), "Changes of this article"
	case r.PathValue("outlet") != "":
		in.path, title = outletPath(strings.ToLower(r.PathValue("outlet"))), "Changes of this outlet"
	case r.URL.Path == "/":
		if f, err := parseFilter(r.URL.RawQuery, s.now()); err == nil && len(f.values()) > 0 {
			in.filter = f
			title = in.title()
		}
	}
	return feedLinks{title, in.feedPath("atom", 0), in.feedPath("json", 0)}
}
