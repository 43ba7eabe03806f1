package report

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
)

// How much of a long life one page lists.
const (
	checksShown    = 50 // of an article's looks, the last
	headlinesShown = 40 // of its headlines, the last
)

// The bounds of a page of an article's life. A late note is looked for among as
// many more changes.
const (
	versionsShown = 200
	changesBefore = 120
)

// An articlePage is the data of templates/article.html.
type articlePage struct {
	Title     string
	Dir       string // which way Title runs: "ltr", "rtl" or "auto"
	Lang      string
	Outlet    outletLink
	Original  string // address to link to; empty where it must not be linked
	Address   string // the same as text
	Canonical string // what the page calls its own address, where that is another
	Moved     string // where it is looked at by now
	Archived  []link // where others may keep copies of it
	Merged    *link  // the same article, which is looked at in its place
	State     string
	StateSaid string
	Absent    *fact // since when it is missing or gone; nil: it is there
	Facts     []fact
	Texts     []link // leads to the newest text
	Axis      *axis  // its life along time; nil: nobody looked yet
	Compare   string // where the form that compares two versions goes; empty: there are no two
	From, To  int    // the versions that it compares unless others are chosen; a headline under test may fold them away
	Life      []turn // newest first
	Newest    string // address of the page with the newest versions; empty on it
	Older     string // address of the page with older versions; empty: there are none
	Headlines []headlineSpell
	Untold    int // how many headlines before those are left out
	Checks    []checkRow
	ChecksAll bool // whether Checks are all there are
	Desk      *articleDesk
}

// An outletLink leads to the changes of an outlet.
type outletLink struct{ Name, Href string }

// A fact is a label and what is known under it.
type fact struct {
	Label string
	At    *moment // nil: there is no time to it
	Text  string
	Alarm bool
	Hash  bool // it is a hash, which stands on a line of its own
}

// A headlineSpell is a headline and the versions that bore it.
type headlineSpell struct {
	Text        string
	Dir         string // which way it runs: "ltr", "rtl" or "auto"
	Lang        string // empty: not known
	First, Last int
	Seen        *moment
}

// A checkRow is one look at the article.
type checkRow struct {
	At      *moment
	Outcome string
	Trouble bool
	Status  int // of HTTP; 0: no answer
	Version string
	Why     string // the sentence for a person, where there is one
	Reason  string // its code
	Took    string
}

// article shows the life of one article.
func (s *site) article(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	before, err := parseBefore(r.URL.RawQuery)
	if err != nil {
		return err
	}
	h, err := s.history(r.Context(), id, before)
	if err != nil {
		return err
	}
	p := newArticlePage(h, s.plan(), s.now())
	if p.Desk, err = s.articleDesk(r, h.article); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "article", page{Title: p.Title, Nav: "articles", Main: p})
}

// parseBefore reads which version those of the page are to come before; 0: none.
func parseBefore(raw string) (int, error) {
	q, err := parseQuery(raw)
	if err != nil || q.Get("before") == "" {
		return 0, err
	}
	n, err := versionNumber(q.Get("before"))
	if err != nil {
		return 0, badRequest(fmt.Sprintf("before must be the number of a version, not %q.", q.Get("before")))
	}
	return n, nil
}

// articleID reads the {id} of an address. What cannot be one has no page.
func articleID(r *http.Request) (int64, error) { return parseArticleID(r.PathValue("id")) }

func parseArticleID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, errNoPage
	}
	return id, nil
}

// versionNumber reads a version number as addresses have it.
func versionNumber(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, errNoPage
	}
	return int(n), nil
}

// A history is what is known of an article, or of the time of some versions.
type history struct {
	article  tracker.Article
	versions []tracker.Version       // without their texts, oldest first; at most versionsShown
	next     *tracker.Version        // the version that comes after those; nil: they are the newest
	changes  map[int]*tracker.Change // by the version they lead to
	late     []tracker.LateNote
	tests    []tracker.HeadlineTest
	events   []tracker.Event
	checks   []tracker.Check // newest first
	gaps     []tracker.Gap
	looks    []tracker.Look // the first and the last of all, oldest first
	spells   lifeSpells     // of its whole life
}

// history reads the history of an article: the newest versions, or those before
// the one numbered so, and what happened at their time.
func (s *site) history(ctx context.Context, id int64, before int) (h history, err error) {
	if h.article, err = s.src.Article(ctx, id); err != nil {
		return h, fmt.Errorf("reading article %d: %w", id, err)
	}
	more := 0
	if before > 0 {
		more = 1 // the one before which they come
	}
	if h.versions, err = s.src.Heads(ctx, id, before, versionsShown+more); err != nil {
		return h, fmt.Errorf("reading versions of article %d: %w", id, err)
	}
	limit := versionsShown + changesBefore
	if n := len(h.versions); before > 0 && n > 0 && h.versions[n-1].N == before {
		h.versions, h.next = h.versions[:n-1], &h.versions[n-1]
		limit = 0 // changes are found from the newest on
	}
	list, err := s.newestChanges(ctx, id, limit)
	if err != nil {
		return h, err
	}
	theirs := tracker.Publishers(list)
	h.changes, h.late, h.tests = byVersion(list), tracker.LateNotes(theirs), tracker.HeadlineTests(theirs)
	if err := s.count(ctx, id, h.tests); err != nil {
		return h, err
	}
	if h.events, err = s.src.Events(ctx, id); err != nil {
		return h, fmt.Errorf("reading events of article %d: %w", id, err)
	}
	if h.checks, err = s.src.Checks(ctx, id, checksShown+1); err != nil {
		return h, fmt.Errorf("reading checks of article %d: %w", id, err)
	}
	if h.looks, err = s.src.Looks(ctx, id, looksFirst, looksLast); err != nil {
		return h, fmt.Errorf("reading looks at article %d: %w", id, err)
	}
	now := s.now()
	watching, err := s.src.Watching(ctx, id, now)
	if err != nil {
		return h, fmt.Errorf("reading when article %d was looked at: %w", id, err)
	}
	h.gaps = tracker.Untold(watching.Gaps(now), h.events)
	h.spells = spellsOf(h.events, h.gaps, now)
	h.narrow()
	return h, nil
}

// narrow leaves out what happened before the first of the versions, where there
// are earlier ones, or after the last.
func (h *history) narrow() {
	var from, until time.Time
	if len(h.versions) > 0 && h.versions[0].N > 1 {
		from = h.versions[0].CapturedAt
	}
	if h.next != nil {
		until = h.next.CapturedAt
	}
	outside := func(at time.Time) bool { return at.Before(from) || !until.IsZero() && !at.Before(until) }
	h.events = slices.DeleteFunc(slices.Clone(h.events), func(e tracker.Event) bool { return outside(e.At) })
	h.gaps = slices.DeleteFunc(h.gaps, func(g tracker.Gap) bool { return outside(g.From) })
	h.tests = slices.DeleteFunc(h.tests, func(t tracker.HeadlineTest) bool { return outside(t.Ended) })
}

// changesOf returns the changes of an article, oldest first.
func (s *site) changesOf(ctx context.Context, id int64) ([]tracker.Change, error) {
	return s.newestChanges(ctx, id, 0)
}

// newestChanges returns up to limit of the newest changes of an article, oldest
// first; 0: all.
func (s *site) newestChanges(ctx context.Context, id int64, limit int) ([]tracker.Change, error) {
	list, err := s.src.Changes(ctx, tracker.ChangeFilter{ArticleID: id, Ours: true, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("reading changes of article %d: %w", id, err)
	}
	slices.Reverse(list)
	return list, nil
}

// byVersion returns changes by the version they lead to.
func byVersion(list []tracker.Change) map[int]*tracker.Change {
	out := make(map[int]*tracker.Change, len(list))
	for i := range list {
		out[list[i].To] = &list[i]
	}
	return out
}

func newArticlePage(h history, plan tracker.Schedule, now time.Time) articlePage {
	a := h.article
	p := articlePage{
		Title:     titleOf(a),
		Outlet:    outletLink{brief(a.Outlet), changesOfOutlet(a.Outlet)},
		Original:  outward(a.URL),
		Address:   brief(a.URL),
		State:     string(a.State),
		StateSaid: stateSaid(a.State),
		Absent:    absence(a),
		Moved:     outward(a.MovedTo),
		Archived:  archivedCopies(cmp.Or(a.MovedTo, a.URL), time.Time{}),
		Facts:     facts(a, plan, now),
		Life:      life(h),
		Headlines: headlineSpells(h.versions),
		ChecksAll: len(h.checks) <= checksShown,
	}
	if p.Absent != nil && a.State == tracker.Gone {
		p.Absent.Text, p.StateSaid = p.Absent.Text+" "+p.StateSaid, ""
	}
	if a.Canonical != a.URL {
		p.Canonical = outward(a.Canonical)
	}
	if a.MergedInto > 0 {
		p.Merged = &link{Href: articlePath(a.MergedInto), Text: fmt.Sprintf("article %d", a.MergedInto)}
	}
	if n := len(p.Headlines) - headlinesShown; n > 0 {
		p.Headlines, p.Untold = p.Headlines[n:], n
	}
	if n := len(h.versions); n > 0 {
		p.Lang = langTag(h.versions[n-1].Story.Lang)
	}
	p.Dir = direction(p.Title, p.Lang)
	if n := len(h.versions); n > 1 {
		p.Compare = articlePath(a.ID) + "/compare"
		p.From, p.To = h.versions[n-2].N, h.versions[n-1].N
	}
	if n := len(h.versions); n > 0 && h.versions[0].N > 1 {
		p.Older = fmt.Sprintf("%s?before=%d", articlePath(a.ID), h.versions[0].N)
	}
	if h.next != nil {
		p.Newest = articlePath(a.ID)
	} else {
		p.Texts, p.Axis = textsOf(h.versions), newAxis(h, now)
	}
	for _, c := range h.checks[:min(len(h.checks), checksShown)] {
		p.Checks = append(p.Checks, newCheckRow(c))
	}
	return p
}

// textsOf leads to the newest text, as it stands and by where it came from.
func textsOf(versions []tracker.Version) []link {
	if len(versions) == 0 {
		return nil
	}
	newest := versions[len(versions)-1]
	links := []link{{Href: versionPath(newest.ArticleID, newest.N), Text: "The newest text"}}
	if newest.N > 1 {
		links = append(links,
			link{Href: articlePath(newest.ArticleID) + "/blame", Text: "Each sentence by the version it came in"},
			link{Href: changePath(newest.ArticleID, 1, newest.N), Text: "All that changed since the first version"})
	}
	return links
}

func stateSaid(state tracker.State) string {
	switch state {
	case tracker.Paused:
		return "Paused: nobody looks at it until it is resumed."
	case tracker.Gone:
		return "It is still looked for, seldom."
	case tracker.Retired:
		return "Retired: too old to be looked at."
	}
	return ""
}

// absence says since when an article is not there; nil: it is.
func absence(a tracker.Article) *fact {
	switch {
	case a.Missing():
		return &fact{Label: "Missing since", At: newMoment(a.MissingFrom), Text: diffview.Count(a.Misses, "look") + " did not find it, which may be a fault. It is called gone once three looks over a day have not."}
	case !a.GoneFrom.IsZero() && a.LastReason == withheldReason:
		return &fact{Label: "Gone since", At: newMoment(a.GoneFrom), Text: "it is withheld on legal grounds. What stood there last stays readable here."}
	case !a.GoneFrom.IsZero():
		return &fact{Label: "Gone since", At: newMoment(a.GoneFrom), Text: "its publisher took it away. What stood there last stays readable here."}
	}
	return nil
}

// patience is how long after its time a look may begin before the page says so.
const patience = 10 * time.Minute

func facts(a tracker.Article, plan tracker.Schedule, now time.Time) []fact {
	due := nextCheck(a)
	list := []fact{
		{Label: "Versions", Text: diffview.Number(a.Versions)},
		{Label: "Tracked since", At: newMoment(a.AddedAt)},
		{Label: "Last look", At: newMoment(a.LastCheck), Text: "never"},
		{Label: "Next look due", At: newMoment(due), Text: "none planned"},
	}
	if list[2].At != nil {
		list[2].Text = outcomeWords(a.LastOutcome)
		list[2].Alarm = a.LastOutcome != "" && !a.LastOutcome.Plain()
	}
	switch {
	case list[3].At != nil && now.Sub(due) > patience:
		list[3].Text, list[3].Alarm = "nobody seems to be watching", true
	case list[3].At != nil:
		list[3].Text = shown(plan.Why(a))
	}
	if a.Failures > 0 {
		list = append(list, fact{Label: "Looks without an article", Text: diffview.Number(a.Failures) + " in a row", Alarm: true})
	}
	if a.Live {
		list = append(list, fact{Label: "Kind", Text: "live blog"})
	}
	if a.Cron != "" && !strings.Contains(list[3].Text, a.Cron) { // which says it where a look is planned
		list = append(list, fact{Label: "Its own times", Text: brief(a.Cron)})
	}
	if len(a.Tags) > 0 {
		list = append(list, fact{Label: "Tags", Text: strings.Join(tagsOf(a), ", ")})
	}
	return list
}

// headlineSpells returns the headlines that followed one another; none where
// there was but one.
func headlineSpells(versions []tracker.Version) []headlineSpell {
	var spells []headlineSpell
	for _, v := range versions {
		text := brief(v.Story.Headline)
		if n := len(spells); n > 0 && spells[n-1].Text == text {
			spells[n-1].Last = v.N
			continue
		}
		lang := langTag(v.Story.Lang)
		spells = append(spells, headlineSpell{text, direction(text, lang), lang, v.N, v.N, newMoment(v.CapturedAt)})
	}
	if len(spells) < 2 {
		return nil
	}
	return spells
}

func newCheckRow(c tracker.Check) checkRow {
	row := checkRow{
		At:      momentAs(c.At, "2006-01-02 15:04:05"),
		Outcome: outcomeWords(c.Outcome),
		Trouble: !c.Outcome.Plain(),
		Status:  c.Status,
		Why:     shown(cutEnd(c.Detail, 500)),
		Reason:  brief(c.Reason),
		Took:    tookText(c.Elapsed),
	}
	if c.Version > 0 {
		row.Version = strconv.Itoa(c.Version)
	}
	return row
}

// tookText is how long a look took, in milliseconds or seconds.
func tookText(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d\u00a0ms", d.Round(time.Millisecond)/time.Millisecond)
	}
	return fmt.Sprintf("%.1f\u00a0s", d.Seconds())
}

// compare leads from the form on an article's page to the comparison.
func (s *site) compare(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	a, errA := versionNumber(q.Get("a"))
	b, errB := versionNumber(q.Get("b"))
	if errA != nil || errB != nil {
		return badRequest("Choose two versions to compare: a and b, by their numbers.")
	}
	http.Redirect(w, r, orderedPath(id, a, b), http.StatusSeeOther)
	return nil
}

// orderedPath is where two versions are compared, the older first; a version
// and itself is that version.
func orderedPath(id int64, a, b int) string {
	if a == b {
		return versionPath(id, a)
	}
	return changePath(id, min(a, b), max(a, b))
}
