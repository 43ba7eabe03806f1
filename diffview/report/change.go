package report

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// contextParagraphs is how many unchanged paragraphs stand around a change
// unless the address asks for others.
const contextParagraphs = 2

// The views, by the names that addresses have for them.
const (
	inline     diffview.View = "inline"
	sideBySide diffview.View = "side-by-side"
)

// A changePage is the data of templates/change.html.
type changePage struct {
	Article   string // address of the article's page
	Headline  string
	Was       string // the headline before, where it changed
	HeadDir   string // which way Headline runs: "ltr", "rtl" or "auto"
	WasDir    string // likewise of Was
	Lang      string
	Outlet    outletLink
	Original  string
	Address   string
	From, To  link
	Said      string // "What changed from version 1 to 2"
	When      interval
	Verdict   verdict
	Disclosed string // what the disclosure means
	Proof     string // the words or times that prove it
	ProofLink string // to the note that holds it in the text; empty: none does
	Evidence  []evidence
	Reasons   []revision.Reason
	Sum       int // of their points, where that is more than the significance; else 0
	RevertsTo *link
	Notes     lateNotes
	Test      *testSaid // the test of headlines that the change is part of; nil: of none
	Same      bool
	Paged     string  // that older posts of a live blog are left out; may be empty
	Mixed     string  // a warning where two extractors read the two texts
	Ours      string  // says that the change was the extractor's doing; empty: it was not
	Between   []entry // the changes that lie between two versions that do not follow one another
	Views     []link
	Fold      link          // empty where what did not change is kept back
	Withheld  string        // why it is; empty: it is not
	Diff      template.HTML // by diffview, which escapes
	Earlier   *link
	Later     *link
	Copies    []link // the change as text to be copied
	Picture   string // address of its card
	Embed     string // and of its view to be framed
	Share     *share
	Sides     []side
	Wide      bool
	People    changeNotes
}

// A drawing is how a comparison is asked for.
type drawing struct {
	view    diffview.View
	context int // paragraphs; -1: all
	// withheld is why what did not change is not shown; empty: it may be.
	withheld string
	format   format
}

// change shows what lies between any two versions.
func (s *site) change(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	span, isCard := strings.CutSuffix(r.PathValue("range"), cardSuffix)
	a, b, err := parseRange(span)
	if err != nil {
		return err
	}
	if isCard {
		return s.card(w, r, id, a, b)
	}
	how, err := parseDrawing(r.URL.RawQuery)
	if err != nil {
		return err
	}
	if a >= b {
		http.Redirect(w, r, withQuery(orderedPath(id, a, b), how.query()), http.StatusFound)
		return nil
	}
	c, err := s.comparison(r.Context(), id, a, b)
	if err != nil {
		return err
	}
	if how.withheld = s.withheld(r, &c.before, &c.after); how.withheld != "" {
		how.context = 0
	}
	if how.format != "" {
		return s.quote(w, r, c, how)
	}
	p, err := newChangePage(c, how)
	if err != nil {
		return err
	}
	if p.People, err = s.changeNotes(r, id, a, b); err != nil {
		return err
	}
	for _, v := range []*tracker.Version{&c.before, &c.after} {
		one, err := s.captured(r.Context(), v)
		if err != nil {
			return err
		}
		p.Sides = append(p.Sides, one)
	}
	p.Share = newShare(s.base(r), c.change)
	title := fmt.Sprintf("%s (versions %d to %d)", p.Headline, a, b)
	return s.render(w, r, http.StatusOK, "change", page{Title: title, Nav: "changes", NoIndex: true, Share: p.Share, Main: p})
}

func parseRange(text string) (a, b int, err error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		return 0, 0, errNoPage
	}
	if a, err = versionNumber(from); err != nil {
		return 0, 0, err
	}
	b, err = versionNumber(to)
	return a, b, err
}

func parseDrawing(raw string) (drawing, error) {
	d := drawing{view: inline, context: contextParagraphs}
	q, err := parseQuery(raw)
	if err != nil {
		return d, err
	}
	view, err := oneOf("view", q.Get("view"), texts(inline, sideBySide))
	if err != nil {
		return d, err
	}
	if view != "" {
		d.view = diffview.View(view)
	}
	form, err := oneOf("format", q.Get("format"), texts(textFormat, markdownFormat))
	if err != nil {
		return d, err
	}
	d.format = format(form)
	switch text := q.Get("context"); text {
	case "":
	case "all":
		d.context = -1
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 1000 {
			return d, badRequest(fmt.Sprintf("context must be a number of paragraphs from 0 to 1000, or all, not %q.", text))
		}
		d.context = n
	}
	return d, nil
}

// query says in a query string what differs from the usual.
func (d drawing) query() string {
	q := url.Values{}
	if d.view != inline {
		q.Set("view", string(d.view))
	}
	switch d.context {
	case contextParagraphs:
	case -1:
		q.Set("context", "all")
	default:
		q.Set("context", strconv.Itoa(d.context))
	}
	if d.format != "" {
		q.Set("format", string(d.format))
	}
	return q.Encode()
}

// A comparison is two versions and what lies between them.
type comparison struct {
	article       tracker.Article
	before, after tracker.Version
	rev           *revision.Revision
	paged         int              // older posts of a live blog that are left out of it
	change        tracker.Change   // of the two, as it is kept or as it comes out now
	between       []tracker.Change // the kept ones from the one to the other, oldest first
	notes         lateNotes
	test          *tracker.HeadlineTest // nil: the change is part of none

	oldModified, newModified time.Time // what the two state; zero: nothing
}

// comparison compares two versions, a before b. Where the one follows the other
// the change that was kept stands, since it was made with what the looks
// between them showed; else it is made of what is known now.
func (s *site) comparison(ctx context.Context, id int64, a, b int) (c comparison, err error) {
	if c.article, err = s.src.Article(ctx, id); err != nil {
		return c, fmt.Errorf("reading article %d: %w", id, err)
	}
	if c.before, err = s.src.Version(ctx, id, a); err != nil {
		return c, fmt.Errorf("reading version %d of article %d: %w", a, id, err)
	}
	if c.after, err = s.src.Version(ctx, id, b); err != nil {
		return c, fmt.Errorf("reading version %d of article %d: %w", b, id, err)
	}
	reader := tracker.Reader{Source: s.src, Rules: s.rules}
	if c.before, c.after, err = reader.Both(ctx, c.article.URL, c.before, c.after); err != nil {
		return c, fmt.Errorf("article %d: %w", id, err)
	}
	all, err := s.changesOf(ctx, id)
	if err != nil {
		return c, err
	}
	for _, kept := range all {
		if kept.To > a && kept.To <= b && (!kept.Ours || b == a+1) {
			c.between = append(c.between, kept)
		}
	}
	x, y, err := tracker.Sides(ctx, s.src, &c.article, &c.before, &c.after)
	if err != nil {
		return c, err
	}
	x, c.paged = tracker.PagedOut(x, y)
	c.oldModified, c.newModified = x.Modified, y.Modified
	c.rev = s.compared(x, y)
	if len(c.between) == 1 && c.between[0].From == a && c.between[0].To == b {
		c.change, c.between = c.between[0], nil
		theirs := tracker.Publishers(all)
		c.notes = lateNotesOf(tracker.LateNotes(theirs), &c.change)
		for _, t := range tracker.HeadlineTests(theirs) {
			if t.Has(&c.change) {
				c.test = &t
			}
		}
		return c, nil
	}
	c.change = computed(c)
	return c, nil
}

// computed is the change between two versions as it comes out now.
func computed(c comparison) tracker.Change {
	ch := tracker.Change{
		ArticleID: c.article.ID, From: c.before.N, To: c.after.N,
		SeenAfter: c.before.CapturedAt, SeenBy: c.after.CapturedAt,
		Kinds: c.rev.Kinds, Disclosure: c.rev.Disclosure, Proof: c.rev.Proof, NoteSpeaks: c.rev.NoteSpeaks,
		Significance: c.rev.Significance, Reasons: c.rev.Reasons,
		WordsAdded: c.rev.WordsAdded, WordsRemoved: c.rev.WordsRemoved,
		Summary: c.rev.Summary, URL: c.article.URL, Outlet: c.article.Outlet,
		OldHeadline: c.before.Story.Headline, NewHeadline: c.after.Story.Headline, Lang: c.after.Story.Lang,
	}
	if n := len(c.between); n > 0 {
		ch.SeenAfter, ch.SeenBy = c.between[0].SeenAfter, c.between[n-1].SeenBy
	}
	return ch
}

// evidenceShown is how many edits of each kind the head of a change names.
const evidenceShown = 4

// An evidence is what shows one kind of a change.
type evidence struct {
	Name string // of the kind, in words
	diffview.Evidence
}

func evidenceOf(d *diffview.Diff, lang string) []evidence {
	var out []evidence
	for _, e := range diffview.EvidenceOf(d, lang, evidenceShown) {
		out = append(out, evidence{spaced(string(e.Kind)), e})
	}
	return out
}

// diffOf is a comparison as diffview draws it.
func diffOf(c comparison) *diffview.Diff {
	d := &diffview.Diff{Old: sideOf(c.before), New: sideOf(c.after), Revision: c.rev}
	d.Old.Source, d.New.Source = fmt.Sprintf("%s@%d", c.article.URL, c.before.N), fmt.Sprintf("%s@%d", c.article.URL, c.after.N)
	d.Old.Modified, d.New.Modified = c.oldModified, c.newModified
	return d
}

func newChangePage(c comparison, how drawing) (changePage, error) {
	d, lang := diffOf(c), langTag(c.after.Story.Lang)
	drawn, err := diffview.Fragment(d, diffview.Options{View: how.view, Context: how.context, Lang: lang, Cut: how.withheld != ""})
	if err != nil {
		return changePage{}, fmt.Errorf("drawing versions %d and %d of article %d: %w", c.before.N, c.after.N, c.article.ID, err)
	}
	e := newEntry(c.change)
	a := c.article
	p := changePage{
		Article:   articlePath(a.ID),
		Headline:  e.Headline,
		Was:       e.Was,
		Lang:      langTag(c.after.Story.Lang),
		Outlet:    outletLink{brief(a.Outlet), changesOfOutlet(a.Outlet)},
		Original:  outward(a.URL),
		Address:   brief(a.URL),
		From:      versionLink(c.before),
		To:        versionLink(c.after),
		When:      e.When,
		Verdict:   e.verdict,
		Disclosed: diffview.Disclosed(c.change.Disclosure, c.change.NoteSpeaks),
		Proof:     shown(cutEnd(c.change.Proof, 2000)),
		Evidence:  evidenceOf(d, lang),
		Reasons:   reasonsOf(c.change),
		Sum:       diffview.Capped(c.change.Significance, c.change.Reasons),
		Notes:     c.notes,
		Same:      c.rev.Same() && len(c.change.Kinds) == 0,
		Paged:     pagedOut(c.paged),
		Mixed:     mixed(c),
		Views:     viewLinks(c, how),
		Fold:      foldLink(c, how),
		Withheld:  how.withheld,
		Diff:      drawn,
		Copies:    copyLinks(c, how),
		Picture:   changePath(a.ID, c.before.N, c.after.N) + cardSuffix,
		Embed:     changePath(a.ID, c.before.N, c.after.N) + embedSuffix,
		Wide:      how.view == sideBySide,
	}
	if id := diffview.ProofID(c.rev); id != "" {
		p.ProofLink = "#" + id
		p.Evidence = slices.DeleteFunc(p.Evidence, func(e evidence) bool { // the proof above is all of it
			return e.Kind == revision.Correction && len(e.Edits) == 1 && e.More == 0 && e.Edits[0].ID == id
		})
	}
	if c.change.Ours {
		p.Ours = sentence(c.change.Summary)
	}
	if c.change.RevertsTo > 0 {
		p.RevertsTo = &link{Href: versionPath(a.ID, c.change.RevertsTo), Text: fmt.Sprintf("version %d", c.change.RevertsTo)}
	}
	if c.test != nil {
		p.Test = newTestSaid(c.test)
	}
	for _, change := range c.between {
		p.Between = append(p.Between, newEntry(change))
	}
	p.HeadDir, p.WasDir = direction(p.Headline, p.Lang), direction(p.Was, p.Lang)
	p.Earlier, p.Later = neighbours(c, how)
	return p, nil
}

func sideOf(v tracker.Version) diffview.Side {
	return diffview.Side{
		Headline:   v.Story.Headline,
		Words:      v.Words,
		SHA256:     v.SHA256,
		Article:    v.ArticleID,
		Version:    v.N,
		CapturedAt: v.CapturedAt,
		Text:       v.Story.Body(),
	}
}

func versionLink(v tracker.Version) link {
	return link{Href: versionPath(v.ArticleID, v.N), Text: fmt.Sprintf("version %d", v.N)}
}

func reasonsOf(c tracker.Change) []revision.Reason {
	out := make([]revision.Reason, len(c.Reasons))
	for i, r := range c.Reasons {
		out[i] = revision.Reason{Code: brief(r.Code), Points: r.Points, Text: shown(r.Text)}
	}
	return out
}

// pagedOut says that older posts of a live blog are not shown as removed.
func pagedOut(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("A live blog: %s that its page shows no longer, now that newer ones came, left out.", diffview.Count(n, "older post"))
}

// mixed warns of a comparison in which our own work can look like an edit.
func mixed(c comparison) string {
	if c.before.Extractor == c.after.Extractor {
		if c.before.Story.RulesFingerprint() != c.after.Story.RulesFingerprint() {
			return "The two texts were read by different site rules, so a difference may be of our making."
		}
		return ""
	}
	return fmt.Sprintf("The two texts were read by different extractors (%d and %d), and one of them cannot be read again, so a difference may be of our making.", c.before.Extractor, c.after.Extractor)
}

func viewLinks(c comparison, how drawing) []link {
	var out []link
	for _, v := range []link{{Text: "Inline"}, {Text: "Side by side"}} {
		to := drawing{view: inline, context: how.context}
		if v.Text != "Inline" {
			to.view = sideBySide
		}
		v.Href, v.Current = pathAs(c, to), to.view == how.view
		out = append(out, v)
	}
	return out
}

func copyLinks(c comparison, how drawing) []link {
	return []link{
		{Href: pathAs(c, drawing{view: inline, context: how.context, format: textFormat}), Text: "Text"},
		{Href: pathAs(c, drawing{view: inline, context: how.context, format: markdownFormat}), Text: "Markdown"},
	}
}

func foldLink(c comparison, how drawing) link {
	if how.withheld != "" {
		return link{}
	}
	if how.context < 0 {
		return link{Href: pathAs(c, drawing{view: how.view, context: contextParagraphs}), Text: "Fold what did not change"}
	}
	return link{Href: pathAs(c, drawing{view: how.view, context: -1}), Text: "Show the whole text"}
}

func pathAs(c comparison, how drawing) string {
	return withQuery(changePath(c.article.ID, c.before.N, c.after.N), how.query())
}

// neighbours are the changes before and after, drawn the same way.
func neighbours(c comparison, how drawing) (earlier, later *link) {
	at := func(n int) *link {
		return &link{Href: withQuery(changePath(c.article.ID, n-1, n), how.query()), Text: fmt.Sprintf("version %d to %d", n-1, n)}
	}
	if c.before.N > 1 {
		earlier = at(c.before.N)
	}
	if c.after.N < c.article.Versions {
		later = at(c.after.N + 1)
	}
	return earlier, later
}
