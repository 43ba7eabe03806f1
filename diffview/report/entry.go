package report

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// An entry is a change in a list; data of the template "entry".
type entry struct {
	Link       string // of the change
	Outlet     string
	OutletLink string // the list, narrowed to the outlet
	Headline   string
	Was        string // the headline before, where it changed
	Told       bool   // the excerpt is the headline, as it was and is
	HeadDir    string // which way Headline runs: "ltr", "rtl" or "auto"
	WasDir     string // likewise of Was
	Lang       string // of the headlines and the excerpt; empty: not known
	When       interval
	Excerpt    template.HTML // marked words, escaped by diffview
	Dir        string        // of the excerpt: "ltr", "rtl" or "auto"
	RevertsTo  string        // address of the version that came back; empty: none did
	RevertsToN int
	Test       *testSaid     // the test of headlines that it is part of; nil: of none
	Drawn      template.HTML // all of it as the template draws it; empty: it is to be drawn
	verdict
}

// A verdict is how a change is judged; data of the template "verdict".
type verdict struct {
	Score      int // 0..100
	Level      string
	Reason     string // the one that weighs most
	Kinds      []string
	Disclosure string   // "silent", "stamped", "noted"
	Words      string   // how many came and went
	Marks      []string // what people said of it, in few words
}

func newEntry(c tracker.Change) entry {
	e := entry{
		Link:       changePath(c.ArticleID, c.From, c.To),
		Outlet:     brief(c.Outlet),
		OutletLink: changesOfOutlet(c.Outlet),
		Headline:   brief(c.NewHeadline),
		Lang:       langTag(c.Lang),
		When:       newInterval(c.SeenAfter, c.SeenBy),
		Excerpt:    diffview.Inline(excerpt(c.Excerpt)),
		Dir:        diffview.Direction(c.Excerpt, langTag(c.Lang)),
		verdict:    newVerdict(c),
	}
	if c.OldHeadline != c.NewHeadline {
		e.Was, e.Told = brief(c.OldHeadline), tellsHeadline(&c)
	}
	if e.Told && strongest(c.Reasons).Code == string(revision.Headline) {
		e.Reason = "The headline changed." // from what to what, the excerpt says
	}
	if e.Headline == "" {
		e.Headline = brief(c.URL)
	}
	e.HeadDir, e.WasDir = direction(e.Headline, e.Lang), direction(e.Was, e.Lang)
	if c.RevertsTo > 0 {
		e.RevertsTo, e.RevertsToN = versionPath(c.ArticleID, c.RevertsTo), c.RevertsTo
	}
	return e
}

func newVerdict(c tracker.Change) verdict {
	v := verdict{
		Score:      c.Significance,
		Level:      string(revision.LevelOf(c.Significance)),
		Disclosure: shown(string(c.Disclosure)),
		Words:      diffview.WordsChanged(c.WordsAdded, c.WordsRemoved),
		Marks:      marks(c.Annotations),
	}
	for _, k := range c.Kinds {
		v.Kinds = append(v.Kinds, brief(spaced(string(k))))
	}
	v.Reason = shown(strongest(c.Reasons).Text)
	return v
}

// strongest returns the reason with the most points; the zero reason where none
// has any.
func strongest(reasons []revision.Reason) (top revision.Reason) {
	for _, r := range reasons {
		if r.Points > top.Points {
			top = r
		}
	}
	return top
}

// tellsHeadline reports whether the excerpt of a change whose headline changed
// is that headline, before and after: then nothing else need say what it was.
func tellsHeadline(c *tracker.Change) bool {
	var before, after strings.Builder
	for _, s := range c.Excerpt {
		before.WriteString(s.Old())
		after.WriteString(s.New())
	}
	alike := func(a, b string) bool {
		return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
	}
	return alike(before.String(), c.OldHeadline) && alike(after.String(), c.NewHeadline)
}

func articlePath(id int64) string { return fmt.Sprintf("/articles/%d", id) }

func versionPath(id int64, n int) string { return fmt.Sprintf("/articles/%d/versions/%d", id, n) }

func changePath(id int64, a, b int) string {
	return fmt.Sprintf("/articles/%d/changes/%d..%d", id, a, b)
}

func changesOfOutlet(outlet string) string { return "/?" + url.Values{"outlet": {outlet}}.Encode() }
