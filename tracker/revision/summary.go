package revision

import (
	"fmt"
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// maxParts is how many edits a summary names.
const maxParts = 4

// ranked returns the edits, weightiest first, those in the lead first among
// equals.
func (c *comparison) ranked() []edit {
	out := slices.Clone(c.edits)
	slices.SortStableFunc(out, func(a, b edit) int {
		if a.points != b.points {
			return b.points - a.points
		}
		if a.place.lead != b.place.lead {
			if a.place.lead {
				return -1
			}
			return 1
		}
		return 0
	})
	return out
}

// summarize returns one line that names the weightiest edits.
func (c *comparison) summarize(ranked []edit) string {
	var parts []string
	seen := map[Kind]bool{}
	told := map[Edit]bool{}
	left := 0
	for _, e := range ranked {
		same := Edit{Field: e.Field, Block: e.Block, Before: e.Before, After: e.After}
		if told[same] {
			continue
		}
		told[same] = true
		part := c.part(e, seen)
		switch {
		case part == "" || slices.Contains(parts, part):
		case len(parts) < maxParts:
			parts = append(parts, part)
		default:
			left++
		}
	}
	line := strings.Join(parts, "; ")
	if left > 0 {
		line += fmt.Sprintf("; and %d more", left)
	}
	return line
}

// part returns what the summary says of an edit; empty where it was said.
func (c *comparison) part(e edit, seen map[Kind]bool) string {
	counted := seen[e.Kind]
	seen[e.Kind] = true
	switch e.Kind {
	case Headline, Standfirst, Byline:
		return string(e.Kind) + " " + verb(e.nature)
	case Correction:
		return "correction " + verb(e.nature)
	case ParagraphAdded, ParagraphRemoved, ParagraphMoved:
		if counted {
			return ""
		}
		_, n := c.best(e.Kind)
		what, did := "paragraph", strings.TrimPrefix(string(e.Kind), "paragraph-")
		if e.Kind == ParagraphMoved {
			what = "passage" // a paragraph or a sentence
		}
		if posts := c.wholePosts(e.Kind); posts > 0 {
			return several(posts, "post") + " " + did
		}
		if e.Kind != ParagraphMoved && c.lines(e.Kind) > 0 {
			return c.blocksSaid(e.Kind, n) + " " + did
		}
		return several(n, what) + " " + did
	case Caption:
		return "caption " + verb(e.nature)
	case Link:
		return c.linkPart(e, counted)
	}
	if e.place.field == "published" {
		return "date of publication changed"
	}
	const short = 40
	before, after := clip(e.Before, short), clip(e.After, short)
	switch {
	case before != "" && after != "":
		return fmt.Sprintf("%s → %s in %s", before, after, e.place)
	case after != "":
		return fmt.Sprintf("“%s” added in %s", after, e.place)
	case before != "":
		return fmt.Sprintf("“%s” removed in %s", before, e.place)
	}
	return string(e.Kind) + " in " + e.place.String()
}

// lines returns how many of the blocks that came, or went, are no paragraphs but
// headings, items of lists and rows of tables.
func (c *comparison) lines(k Kind) (n int) {
	for _, e := range c.edits {
		if e.Kind == k && (e.place.kind == extract.Heading || e.place.kind == extract.List || e.place.kind == extract.Table) {
			n++
		}
	}
	return n
}

// wholePosts returns how many posts of a live blog came, or went, where that is all
// that came, or went, of the text; else 0.
func (c *comparison) wholePosts(k Kind) int {
	posts := map[string]bool{}
	for _, e := range c.edits {
		if e.Kind != k {
			continue
		}
		post := c.postOf(e.Block)
		if post == "" {
			return 0
		}
		posts[post] = true
	}
	other := c.before
	if k == ParagraphRemoved {
		other = c.after
	}
	for i := range other.Blocks {
		if k == ParagraphMoved || posts[other.Blocks[i].Post] {
			return 0
		}
	}
	return len(posts)
}

// postOf returns the post of a live blog that a row stands in; empty: none.
func (c *comparison) postOf(row int) string {
	switch b := c.rev.Blocks[row]; {
	case b.New > 0:
		return c.after.Blocks[b.New-1].Post
	case b.Old > 0:
		return c.before.Blocks[b.Old-1].Post
	}
	return ""
}

// blocksSaid counts the blocks that came, or went, all in all n, paragraphs and
// others.
func (c *comparison) blocksSaid(k Kind, n int) string {
	lines := c.lines(k)
	if lines < n {
		return several(n-lines, "paragraph") + " and " + several(lines, "other line")
	}
	best, _ := c.best(k)
	if lines == 1 {
		return best.place.whole()
	}
	return several(lines, "line")
}

// several counts things.
func several(n int, what string) string {
	switch {
	case n == 1 && strings.HasPrefix(what, "other "):
		return "an" + what
	case n == 1:
		return "a " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func verb(n nature) string {
	switch n {
	case added:
		return "added"
	case removed:
		return "removed"
	case altered:
		return "altered"
	}
	return "changed"
}

// excerpt returns the spans of the weightiest edit's sentence, cut to about
// sixty words around what changed.
func (c *comparison) excerpt(ranked []edit) []worddiff.Span {
	for _, e := range ranked {
		if len(e.spans) > 0 {
			return cutSpans(e.spans)
		}
	}
	return nil
}

const (
	maxExcerpt = 60 // words
	context    = 20 // words of them on either side of the change
)

// cutSpans shortens spans to the first changes among them and what stands
// around. Cut ends are marked by an ellipsis.
func cutSpans(spans []worddiff.Span) []worddiff.Span {
	var out []worddiff.Span
	first := slices.IndexFunc(spans, func(s worddiff.Span) bool { return s.Op != worddiff.Equal })
	room := maxExcerpt
	for i, s := range spans {
		switch {
		case i < first:
			if i+1 < first {
				continue
			}
			s = cutSpan(s, context, true)
		case i > first && s.Op == worddiff.Equal && i == len(spans)-1:
			s = cutSpan(s, min(room, context), false)
		default:
			s = cutSpan(s, room, false)
		}
		out = append(out, s)
		if room -= worddiff.Words(s.Text); room <= 0 {
			break
		}
	}
	return trimEnds(out)
}

// cutSpan keeps the first n words of a span, or the last.
func cutSpan(s worddiff.Span, n int, last bool) worddiff.Span {
	words := scan(s.Text)
	if len(words) <= n || n <= 0 {
		return s
	}
	s.Quiet, s.Was = false, ""
	if last {
		s.Text = "… " + s.Text[words[len(words)-n].start:]
	} else {
		s.Text = s.Text[:words[n-1].end] + " …"
	}
	return s
}

// trimEnds drops the space at both ends.
func trimEnds(spans []worddiff.Span) []worddiff.Span {
	if len(spans) == 0 {
		return nil
	}
	first, last := &spans[0], &spans[len(spans)-1]
	if !first.Quiet {
		first.Text = strings.TrimLeft(first.Text, " \t\r\n")
	}
	if !last.Quiet {
		last.Text = strings.TrimRight(last.Text, " \t\r\n")
	}
	return spans
}
