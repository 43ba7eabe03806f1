package report

import (
	"fmt"
	"net/url"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/worddiff"
)

// A share is what others learn of a page that is linked to from theirs: Open
// Graph, and where its oEmbed answer is. Addresses are whole ones but for that.
type share struct {
	Title    string
	Text     string // a sentence
	Address  string // of the page
	Picture  string // 1200 by 630 pixels
	Alt      string // what the picture says
	OEmbed   string // path of what says how to embed it
	Embed    string // a view of the page to be framed
	EmbedTag string // the element that frames it
}

// newShare returns what others learn of a change in the report at base.
func newShare(base string, c tracker.Change) *share {
	path := changePath(c.ArticleID, c.From, c.To)
	e := newEntry(c)
	s := &share{
		Title:   e.Headline,
		Text:    cutEnd(sentence(diffview.OneLine(c.Summary)), 300),
		Address: base + path,
		Picture: base + path + cardSuffix,
		Alt:     cardAlt(c),
		Embed:   base + path + embedSuffix,
	}
	s.OEmbed = withQuery("/oembed", url.Values{"url": {s.Address}}.Encode())
	s.EmbedTag = embedTag(s.Embed, e.Headline, embedWidth, embedHeight)
	return s
}

// altLimit is how much of what went, and of what came, a picture's text says, in runes.
const altLimit = 200

// cardAlt says in words what the card of a change shows.
func cardAlt(c tracker.Change) string {
	e := newEntry(c)
	parts := []string{
		fmt.Sprintf("%s: %s", e.Outlet, e.Headline),
		"Changed " + diffview.NewInterval(c.SeenAfter, c.SeenBy, diffview.InWords).String(),
		fmt.Sprintf("%s, significance %d of 100 (%s)", e.Disclosure, e.Score, e.Level),
	}
	for _, side := range []struct {
		op   worddiff.Op
		said string
	}{{worddiff.Delete, "Removed"}, {worddiff.Insert, "Added"}} {
		var words []string
		for _, span := range c.Excerpt {
			if text := strings.TrimSpace(span.Text); span.Op == side.op && text != "" {
				words = append(words, text)
			}
		}
		if len(words) > 0 {
			parts = append(parts, side.said+": "+diffview.OneLine(cutEnd(strings.Join(words, " … "), altLimit)))
		}
	}
	return strings.Join(parts, ". ") + "."
}
