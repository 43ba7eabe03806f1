package revision

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

const (
	pointsLinkChanged = 8
	pointsLinkAdded   = 3
	pointsLinkRemoved = 5

	maxShownURL = 200 // bytes of an address in an excerpt
)

// targets returns where the links of a story lead, in order.
func targets(s *extract.Story) []string {
	var out []string
	for _, link := range s.Links() {
		out = append(out, target(link.URL))
	}
	return out
}

// An anchor is a link where it stands in a row.
//
// What stayed of a row's words is one line on which both sides can be laid: an
// anchor holds the stretch of that line that its words are, an empty one where
// all of its words came or went.
type anchor struct {
	extract.Link
	target string
	kept   extent // bytes of what stayed of the row
	stayed bool   // a word of it did
	moved  int    // the number of the moved sentence it stands in
	taken  bool   // it has its counterpart
}

// links tells of the links that lead elsewhere, and of those put on or taken off
// words that stayed. A link that came or went with its words is part of what the
// words' own kinds tell.
func (c *comparison) links(rows []worddiff.Row) {
	if len(c.before.Links()) == 0 && len(c.after.Links()) == 0 {
		return
	}
	before, after := make([][]anchor, len(rows)), make([][]anchor, len(rows))
	for i, row := range rows {
		before[i] = anchors(c.before.Blocks, row.Old, row.OldN, row.Spans, true)
		after[i] = anchors(c.after.Blocks, row.New, row.NewN, row.Spans, false)
		if len(before[i]) > 0 || len(after[i]) > 0 {
			c.rowLinks(i, row, before[i], after[i])
		}
	}
	c.movedLinks(before, after)
	if len(c.edits) == 0 {
		c.swappedLinks(before, after)
	}
	if slices.ContainsFunc(c.edits, func(e edit) bool { return e.Kind == Link }) {
		c.rev.Fields = append(c.rev.Fields, Field{"links", linkSpans(c.before.Links(), c.after.Links())})
	}
}

// anchors returns the links of n blocks from the first on, which is counted from
// 1, where they stand in the old or the new text of a row.
func anchors(blocks []extract.Block, first, n int, spans []worddiff.Span, old bool) []anchor {
	var out []anchor
	at := 0 // where the block begins in the row
	for i := first - 1; i >= 0 && i < first-1+n && i < len(blocks); i++ {
		b := blocks[i]
		from := 0
		for _, link := range b.Links {
			from += position(b.Text[from:], link.Text)
			to := min(from+len(link.Text), len(b.Text))
			a := anchor{Link: link, target: target(link.URL)}
			a.lay(spans, extent{at + from, at + to}, old)
			out = append(out, a)
			from = to
		}
		at += len(b.Text) + len(b.End)
	}
	return out
}

// position returns where a link's text stands in the text: as words of their own,
// or else at all.
func position(text, words string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			break
		}
		i += from
		if !wordEnds(text[:i], words) && !wordEnds(words, text[i+len(words):]) {
			return i
		}
		from = i + max(1, len(words))
		if from > len(text) {
			break
		}
	}
	return max(0, strings.Index(text, words))
}

// wordEnds reports whether a word goes on from the end of a text into the next.
func wordEnds(text, next string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	first, _ := utf8.DecodeRuneInString(next)
	return isWordRune(last) && isWordRune(first)
}

// lay finds what stayed of an anchor that takes the bytes e of a row's old or new
// text.
func (a *anchor) lay(spans []worddiff.Span, e extent, old bool) {
	at, kept := 0, 0
	laid := false
	marks := !strings.ContainsFunc(a.Text, isWordRune)
	for _, s := range spans {
		text := s.New()
		if old {
			text = s.Old()
		}
		if from, to := max(e.from, at), min(e.to, at+len(text)); from < to {
			stretch := stretchOf(s, extent{from - at, to - at}, kept)
			if !laid {
				a.kept, laid = stretch, true
			}
			a.kept.to = stretch.to
			a.stayed = a.stayed || s.Op == worddiff.Equal && (marks || strings.ContainsFunc(text[from-at:to-at], isWordRune))
			a.moved = max(a.moved, s.Moved)
		}
		at += len(text)
		if s.Op == worddiff.Equal {
			kept += len(s.Text)
		}
	}
}

// stretchOf returns the bytes e of a span as bytes of what stayed of the row, of
// which so many stand before the span.
func stretchOf(s worddiff.Span, e extent, kept int) extent {
	switch {
	case s.Op != worddiff.Equal:
		return extent{kept, kept}
	case s.Quiet:
		return extent{kept, kept + len(s.Text)}
	}
	return extent{kept + e.from, kept + e.to}
}

// meets reports whether two anchors of a row stand on words that are the same.
func (a *anchor) meets(b *anchor) bool {
	return max(a.kept.from, b.kept.from) < min(a.kept.to, b.kept.to)
}

// rowLinks compares the links of one row.
func (c *comparison) rowLinks(i int, row worddiff.Row, before, after []anchor) {
	pair := func(match func(a, b *anchor) bool, said func(a, b *anchor)) {
		for k := range before {
			for l := range after {
				if a, b := &before[k], &after[l]; !a.taken && !b.taken && match(a, b) {
					a.taken, b.taken = true, true
					said(a, b)
				}
			}
		}
	}
	nothing := func(*anchor, *anchor) {}
	elsewhere := func(a, b *anchor) { c.linkEdit(i, a, b) }
	pair(func(a, b *anchor) bool { return a.meets(b) && a.target == b.target }, nothing)
	pair(func(a, b *anchor) bool { return a.meets(b) }, elsewhere)
	pair(func(a, b *anchor) bool { return a.target == b.target }, nothing)
	pair(func(a, b *anchor) bool { return reworded(a, b, row.Spans) }, elsewhere)
	for k := range before {
		if a := &before[k]; !a.taken && a.stayed {
			a.taken = true
			c.linkEdit(i, a, nil)
		}
	}
	for l := range after {
		if b := &after[l]; !b.taken && b.stayed {
			b.taken = true
			c.linkEdit(i, nil, b)
		}
	}
}

// reworded reports whether one link took the place of another with all of its
// words, and those are most of the words that changed there.
func reworded(a, b *anchor, spans []worddiff.Span) bool {
	if a.stayed || b.stayed || a.moved > 0 || b.moved > 0 || a.kept != b.kept {
		return false
	}
	went, came, kept := 0, 0, 0
	for _, s := range spans {
		switch {
		case s.Op == worddiff.Equal:
			kept += len(s.Text)
		case kept < a.kept.from || kept > a.kept.to || s.Moved > 0:
		case s.Op == worddiff.Delete:
			went += len(s.Text)
		default:
			came += len(s.Text)
		}
	}
	return 2*len(a.Text) >= went && 2*len(b.Text) >= came
}

// movedLinks compares the links of sentences that stand elsewhere.
func (c *comparison) movedLinks(before, after [][]anchor) {
	left := map[int][]*anchor{}
	for i := range before {
		for k := range before[i] {
			if a := &before[i][k]; !a.taken && a.moved > 0 {
				left[a.moved] = append(left[a.moved], a)
			}
		}
	}
	for i := range after {
		for k := range after[i] {
			b := &after[i][k]
			if b.taken || b.moved == 0 {
				continue
			}
			words := worddiff.Fingerprint(b.Text)
			at := slices.IndexFunc(left[b.moved], func(a *anchor) bool { return !a.taken && worddiff.Fingerprint(a.Text) == words })
			if at < 0 {
				continue
			}
			a := left[b.moved][at]
			a.taken, b.taken = true, true
			if a.target != b.target {
				c.linkEdit(i, a, b)
			}
		}
	}
}

// swappedLinks tells of links that differ where no row shows it: the same ones
// stand in another order on the same words.
func (c *comparison) swappedLinks(before, after [][]anchor) {
	for i := range before {
		if a, b := before[i], after[i]; len(a) > 0 && len(b) > 0 &&
			!slices.EqualFunc(a, b, func(a, b anchor) bool { return a.target == b.target }) {
			c.linkEdit(i, &a[0], &b[0])
			return
		}
	}
}

// linkEdit tells of a link of row i; a or b is nil where there is none.
func (c *comparison) linkEdit(i int, a, b *anchor) {
	e := edit{Edit: Edit{Kind: Link}, slight: true}
	switch {
	case a == nil:
		e.After, e.anchor, e.nature, e.points = b.URL, b.Text, added, pointsLinkAdded
	case b == nil:
		e.Before, e.anchor, e.nature, e.points = a.URL, a.Text, removed, pointsLinkRemoved
	default:
		e.Before, e.After, e.anchor, e.points = a.URL, b.URL, b.Text, pointsLinkChanged
	}
	e.anchor = strings.Join(strings.Fields(e.anchor), " ")
	e.spans = []worddiff.Span{{Op: worddiff.Equal, Text: clip(e.anchor, maxShownURL) + " "}}
	if e.Before != "" {
		e.spans = append(e.spans, worddiff.Span{Op: worddiff.Delete, Text: "<" + clip(e.Before, maxShownURL) + ">"})
	}
	if e.After != "" {
		e.spans = append(e.spans, worddiff.Span{Op: worddiff.Insert, Text: "<" + clip(e.After, maxShownURL) + ">"})
	}
	c.add(i, e)
}

// linkSentence tells of an edit of a link in a sentence.
func linkSentence(e edit) string {
	words := brief(e.anchor)
	switch e.nature {
	case added:
		return fmt.Sprintf("A link to %s was put on “%s” in %s.", brief(e.After), words, e.place)
	case removed:
		return fmt.Sprintf("The link to %s was taken off “%s” in %s.", brief(e.Before), words, e.place)
	}
	return fmt.Sprintf("The link on “%s” in %s now leads to %s; it led to %s.", words, e.place, brief(e.After), brief(e.Before))
}

// linkPart returns what a summary says of links: of one its words, of more how
// many there are.
func (c *comparison) linkPart(e edit, counted bool) string {
	_, n := c.best(Link)
	switch {
	case counted:
		return ""
	case n > 1:
		return fmt.Sprintf("%d links changed", n)
	}
	return fmt.Sprintf("link on “%s” %s", clip(e.anchor, 40), verb(e.nature))
}
