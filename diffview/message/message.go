// Package message draws what alerts say: a change, an event of an article's
// life, or a digest of several, in all forms that channels take.
//
// What it draws was written by strangers. In text, HTML and Markdown it stands
// for itself, as diffview has it; the addresses that are made links are those of
// the report and of the article.
package message

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// Bounds of a message.
const (
	maxPassages = 60      // of one change
	maxText     = 40_000  // bytes of its text
	maxJSON     = 100_000 // bytes of the spans in its JSON
	maxChat     = 1_200   // characters of a diff in a chat; longer ones are told by their most telling sentence
	maxEntries  = 100     // things that a digest tells
	maxLines    = 10      // of these in a chat
)

// A Source has what is drawn; a store is one.
type Source interface {
	tracker.CaptureSource
	tracker.Learner
	Version(ctx context.Context, articleID int64, n int) (tracker.Version, error)
}

// A Drawer draws messages.
type Drawer struct {
	Source Source
	Rules  *extract.Rules // site rules by which pages are read, beside those shipped; nil: none
	Report string         // public address of the report, to which links lead; empty: there are no links
}

// CheckReport refuses what cannot be the public address of a report.
func CheckReport(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("want the address of the report as its readers see it, such as https://news.example.org/edits")
	}
	return nil
}

// Draw makes the message of a parcel; it is an alert.Draw.
func (d *Drawer) Draw(ctx context.Context, p alert.Parcel) (alert.Message, error) {
	if p.Digest != "" {
		return d.digest(p), nil
	}
	if len(p.Items) != 1 {
		return alert.Message{}, fmt.Errorf("a message of %d things is a digest's", len(p.Items))
	}
	it := p.Items[0]
	if it.Change == nil {
		return d.event(it), nil
	}
	drawn, err := d.compared(ctx, it)
	if err != nil {
		return alert.Message{}, err
	}
	return d.change(it, drawn), nil
}

// compared returns the diff of a change as the report shows it.
func (d *Drawer) compared(ctx context.Context, it alert.Item) (*diffview.Diff, error) {
	var sides [2]tracker.Version
	for i, n := range []int{it.Change.From, it.Change.To} {
		v, err := d.Source.Version(ctx, it.Article.ID, n)
		if err != nil {
			return nil, fmt.Errorf("reading version %d of article %d: %w", n, it.Article.ID, err)
		}
		sides[i] = v
	}
	before, after, err := tracker.Reader{Source: d.Source, Rules: d.Rules}.Both(ctx, it.Article.URL, sides[0], sides[1])
	if err != nil {
		return nil, err
	}
	x, y, err := tracker.Sides(ctx, d.Source, &it.Article, &before, &after)
	if err != nil {
		return nil, err
	}
	x, _ = tracker.PagedOut(x, y)
	return &diffview.Diff{Old: side(&before), New: side(&after), Revision: revision.Compare(x, y)}, nil
}

func side(v *tracker.Version) diffview.Side {
	return diffview.Side{
		Source: fmt.Sprintf("version %d", v.N), Headline: v.Story.Headline, Words: v.Words, SHA256: v.SHA256,
		Article: v.ArticleID, Version: v.N, CapturedAt: v.CapturedAt,
	}
}

// changeLink returns the address of a change in the report; empty: there is none.
func (d *Drawer) changeLink(c *tracker.Change) string {
	return d.link(fmt.Sprintf("/articles/%d/changes/%d..%d", c.ArticleID, c.From, c.To))
}

func (d *Drawer) articleLink(id int64) string { return d.link(fmt.Sprintf("/articles/%d", id)) }

func (d *Drawer) link(path string) string {
	if d.Report == "" {
		return ""
	}
	return strings.TrimRight(d.Report, "/") + path
}

// headline returns what an article is called, at most limit characters of it.
func headline(it *alert.Item, limit int) string {
	title := it.Article.Title
	if it.Change != nil && it.Change.NewHeadline != "" {
		title = it.Change.NewHeadline
	}
	if title = diffview.OneLine(title); title == "" {
		title = diffview.OneLine(it.Article.URL)
	}
	return clip(title, limit)
}

func clip(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return text
}

// subject says outlet, headline and what changed.
func subject(it *alert.Item) string {
	outlet := clip(diffview.OneLine(it.Article.Outlet), 60)
	if it.Change == nil {
		return fmt.Sprintf("%s: “%s” %s", outlet, headline(it, 90), happened(it.Event))
	}
	return fmt.Sprintf("%s: “%s”: %s", outlet, headline(it, 90), clip(diffview.OneLine(it.Change.Summary), 90))
}

// happened says what an event is, behind the name of its article.
func happened(e *tracker.Event) string {
	switch e.Kind {
	case tracker.EventGone:
		return "is gone"
	case tracker.EventRestored:
		return "is back"
	case tracker.EventBlocked:
		return "is blocked to us"
	case tracker.EventMissing:
		return "was not found"
	case tracker.EventMoved:
		return "moved"
	case tracker.EventMerged:
		return "is the same as another article"
	}
	return diffview.OneLine(string(e.Kind))
}

// verdict says in a few words what to make of a change.
func verdict(c *tracker.Change) string {
	return fmt.Sprintf("%s, %d of 100; %s; %s; %s", revision.LevelOf(c.Significance), c.Significance,
		diffview.KindsText(c.Kinds, ", "), c.Disclosure, diffview.WordsChanged(c.WordsAdded, c.WordsRemoved))
}

// seen says when a change was made, as far as two looks can tell.
func seen(c *tracker.Change) string {
	return diffview.NewInterval(c.SeenAfter, c.SeenBy, diffview.InWords).String()
}

// chosenBy says which rules chose a thing.
func chosenBy(rules []string) string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = "“" + diffview.OneLine(r) + "”"
	}
	noun := "rule "
	if len(out) > 1 {
		noun = "rules "
	}
	return noun + strings.Join(out, ", ")
}
