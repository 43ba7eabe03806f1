package message

import (
	"fmt"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/alert"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// marks says how a text shows what went and came.
const marks = "Words that went stand in [-…-], those that came in {+…+}."

// change draws one change.
func (d *Drawer) change(it alert.Item, drawn *diffview.Diff) alert.Message {
	return alert.Message{
		Subject:  subject(&it),
		Text:     d.changeText(&it, drawn),
		HTML:     d.changeHTML(&it, drawn),
		Chat:     d.changeChat(&it, drawn),
		Markdown: d.changeMarkdown(&it, drawn),
		JSON:     d.changeJSON("change", &it, drawn),
	}
}

func (d *Drawer) changeText(it *alert.Item, drawn *diffview.Diff) string {
	c := it.Change
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s, %s\n\n", headline(it, 300), diffview.OneLine(it.Article.Outlet), seen(c))
	fmt.Fprintf(&b, "%s\n%s\n", diffview.OneLine(c.Summary), verdict(c))
	for _, r := range c.Reasons {
		fmt.Fprintf(&b, "%+4d  %s\n", r.Points, diffview.OneLine(r.Text))
	}
	if c.Proof != "" {
		fmt.Fprintf(&b, "%s: %s\n", c.Disclosure, diffview.OneLine(c.Proof))
	}
	text, cut := cutLines(textOf(drawn, 76), maxText)
	fmt.Fprintf(&b, "\n%s\n\n%s", marks, text)
	if cut {
		b.WriteString("… and more.\n")
	}
	b.WriteString("\n" + d.foot(it))
	return b.String()
}

// foot says where to read on, and why the message came.
func (d *Drawer) foot(it *alert.Item) string {
	var b strings.Builder
	link := d.articleLink(it.Article.ID)
	if it.Change != nil {
		link = d.changeLink(it.Change)
	}
	if link != "" {
		fmt.Fprintf(&b, "In the report: %s\n", link)
	}
	fmt.Fprintf(&b, "The article: %s\n", diffview.OneLine(it.Article.URL))
	fmt.Fprintf(&b, "Chosen by %s.\n", chosenBy(it.Rules))
	return b.String()
}

// textOf draws a diff without a heading; width 0: unwrapped.
func textOf(drawn *diffview.Diff, width int) string {
	var b strings.Builder
	diffview.Text(&b, drawn, diffview.Options{Bare: true, Width: width}) // a Builder takes all
	return b.String()
}

// cutLines returns the first lines of a text, at most limit bytes of them.
func cutLines(text string, limit int) (first string, cut bool) {
	if len(text) <= limit {
		return text, false
	}
	end := strings.LastIndexByte(text[:limit], '\n') + 1
	return text[:end], true
}

// brief is a diff of nothing but the most telling sentence of a change.
func brief(c *tracker.Change) *diffview.Diff {
	return &diffview.Diff{Revision: &revision.Revision{
		Kinds:  c.Kinds,
		Blocks: []revision.Block{{Op: worddiff.RowChanged, Kind: extract.Paragraph, Spans: c.Excerpt}},
	}}
}

// short draws a diff whole where that is short, and else its most telling
// sentence alone.
func short(c *tracker.Change, drawn *diffview.Diff, draw func(*diffview.Diff) string) string {
	text := draw(drawn)
	if len([]rune(text)) <= maxChat {
		return strings.TrimSpace(text)
	}
	text = strings.TrimSpace(draw(brief(c)))
	if len([]rune(text)) > 2*maxChat || text == "" {
		return "(The change is too long to be shown here.)"
	}
	return text
}

func (d *Drawer) changeChat(it *alert.Item, drawn *diffview.Diff) string {
	said := short(it.Change, drawn, func(x *diffview.Diff) string { return textOf(x, 0) })
	out := verdict(it.Change) + "\n" + seen(it.Change) + "\n\n" + said
	return out + "\n\n" + d.chatLink(d.changeLink(it.Change), it)
}

func (d *Drawer) changeMarkdown(it *alert.Item, drawn *diffview.Diff) string {
	said := short(it.Change, drawn, markdownOf)
	out := diffview.MarkdownText(verdict(it.Change)) + "\n" + diffview.MarkdownText(seen(it.Change)) + "\n\n" + said
	return out + "\n\n" + d.chatLink(d.changeLink(it.Change), it)
}

func markdownOf(drawn *diffview.Diff) string {
	var b strings.Builder
	diffview.Markdown(&b, drawn, diffview.Options{Bare: true})
	return b.String()
}

// chatLink returns where to read on: the report, or the article where no address
// of that is known. What Markdown or a chat service could read in an address is
// percent-encoded.
func (d *Drawer) chatLink(link string, it *alert.Item) string {
	if link == "" {
		link = it.Article.URL
	}
	var b strings.Builder
	for _, c := range []byte(link) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("*~|`<>()[]\\@\"'!", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Sample draws a change that nobody made, for trying channels out.
func (d *Drawer) Sample(at time.Time) alert.Message {
	before, after := sampleStory(31, "The council said that it would keep the night boats."), sampleStory(13, "")
	rev := revision.Compare(before, after)
	a := tracker.Article{ID: 1, URL: "https://news.example/ferry", Outlet: "news.example", Title: after.Headline, State: tracker.Active, Versions: 2, AddedAt: at.Add(-time.Hour)}
	c := tracker.Change{
		ArticleID: a.ID, From: 1, To: 2, SeenAfter: at.Add(-15 * time.Minute), SeenBy: at,
		Kinds: rev.Kinds, Disclosure: rev.Disclosure, Proof: rev.Proof, NoteSpeaks: rev.NoteSpeaks, Significance: rev.Significance, Reasons: rev.Reasons,
		WordsAdded: rev.WordsAdded, WordsRemoved: rev.WordsRemoved, Summary: rev.Summary, Excerpt: rev.Excerpt,
		URL: a.URL, Outlet: a.Outlet, OldHeadline: before.Headline, NewHeadline: after.Headline, Lang: "en",
	}
	it := alert.Item{Rules: []string{"a test"}, Article: a, Change: &c}
	drawn := &diffview.Diff{
		Old: diffview.Side{Source: "version 1", Headline: before.Headline, Words: revision.Words(before), CapturedAt: c.SeenAfter},
		New: diffview.Side{Source: "version 2", Headline: after.Headline, Words: revision.Words(after), CapturedAt: at}, Revision: rev,
	}
	m := d.change(it, drawn)
	m.JSON = d.changeJSON("test", &it, drawn)
	m.Subject = "Test of storydiff: " + m.Subject
	return m
}

func sampleStory(years int, promise string) *extract.Story {
	s := &extract.Story{Headline: "Ferry to Eastbank to close", Lang: "en"}
	for _, text := range []string{
		fmt.Sprintf("The ferry to Eastbank will close after %d years, the council decided on Tuesday.", years),
		"Twelve people work on it, and they have been offered other posts in the harbour office.",
		promise,
	} {
		if text != "" {
			s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: text, End: "\n\n"})
		}
	}
	return s
}
