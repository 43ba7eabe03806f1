package revision

import (
	"fmt"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// lead is how many paragraphs at the start of a story count as its lead: what
// most readers read.
const lead = 2

// A place is where in a story an edit was made.
type place struct {
	field   string // empty for the text
	kind    extract.BlockKind
	n       int  // which paragraph of the text, from 1; 0 where it is none
	lead    bool // in the headline, the standfirst or the first paragraphs
	counter bool // in a line that counts views or says how long ago
}

// String returns the place as it stands in a sentence: "the first paragraph".
func (p place) String() string {
	switch {
	case p.field == "published":
		return "the date of publication"
	case p.field != "":
		return "the " + p.field
	case p.kind == extract.Heading:
		return "a heading"
	case p.kind == extract.List:
		return "a list"
	case p.kind == extract.Caption:
		return "a caption"
	case p.kind == extract.Table:
		return "a table"
	case p.kind == extract.Note:
		return "a note"
	case p.n == 0:
		return "the text"
	case p.n <= 10:
		return "the " + ordinal(p.n) + " paragraph"
	}
	return fmt.Sprintf("paragraph %d", p.n)
}

// whole returns what a block is that came or went whole: "the first paragraph",
// "an item of a list".
func (p place) whole() string {
	switch p.kind {
	case extract.List:
		return "an item of a list"
	case extract.Table:
		return "a row of a table"
	}
	return p.String()
}

func ordinal(n int) string {
	return strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth")[n-1]
}

// places returns the place of every row, in the new text, or in the old one for
// what was removed.
func places(before, after *extract.Story, rows []worddiff.Row) []place {
	old, now := numbered(before), numbered(after)
	out := make([]place, len(rows))
	for i, row := range rows {
		switch {
		case row.New > 0 && row.New <= len(now):
			out[i] = now[row.New-1]
		case row.Old > 0 && row.Old <= len(old):
			out[i] = old[row.Old-1]
		}
	}
	return out
}

// numbered returns the place of every block of a story.
func numbered(s *extract.Story) []place {
	out := make([]place, len(s.Blocks))
	n := 0
	for i, b := range s.Blocks {
		out[i].kind = b.Kind
		out[i].counter = isCounter(b.Text)
		if (b.Kind == extract.Paragraph || b.Kind == extract.Quote) && strings.TrimSpace(b.Text) != "" {
			n++
			out[i].n, out[i].lead = n, n <= lead
		}
	}
	return out
}

// isCounter reports whether a line of at most four words counts views or
// comments, or says how long ago: furniture that a page may carry in its text.
func isCounter(text string) bool {
	if len(text) > 60 {
		return false
	}
	words := scan(text)
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	numbers := 0
	for _, w := range words {
		if w.isNumber() {
			numbers++
		}
	}
	switch words[len(words)-1].key {
	case "views", "view", "comments", "comment", "shares", "share", "likes", "reads", "ago", "reactions", "retweets":
		return numbers > 0
	}
	return false
}
