package revision

import (
	"slices"
	"strings"
	"unicode"

	"storydiff/tracker/worddiff"
)

// A moved sentence, put together from its two places.
type movedSentence struct {
	old, new strings.Builder
	row      int // where it stands now; where it stood, if it stands nowhere
	from     int // where it stood
}

// moves tells of the sentences that stand elsewhere, compares the words inside
// each with those at its old place, and leaves in c.inner what else changed in
// the rows they were taken from.
func (c *comparison) moves(rows []worddiff.Row) {
	found := map[int]*movedSentence{}
	var inOrder []*movedSentence
	for i, row := range rows {
		if !slices.ContainsFunc(row.Spans, func(s worddiff.Span) bool { return s.Moved > 0 }) {
			continue
		}
		owner := owners(row.Spans)
		var rest []worddiff.Span
		for j, s := range row.Spans {
			if owner[j] == 0 {
				rest = append(rest, s)
				continue
			}
			m := found[owner[j]]
			if m == nil {
				m = &movedSentence{row: i, from: i}
				found[owner[j]] = m
				inOrder = append(inOrder, m)
			}
			if s.Op == worddiff.Insert {
				m.new.WriteString(s.Text)
				m.row = i
			} else {
				m.old.WriteString(s.Text)
				m.from = i
			}
			// The text around it keeps its place and its quotation marks.
			s.Moved = owner[j]
			rest = append(rest, s)
		}
		c.inner[i] = rest
	}
	for _, m := range inOrder {
		c.moved(m)
	}
}

func (c *comparison) moved(m *movedSentence) {
	before, after := m.old.String(), m.new.String()
	spans := fieldSpans(before, after)
	c.add(m.row, edit{Edit: Edit{Kind: ParagraphMoved, Before: before, After: after}, spans: spans, points: pointsMoved, slight: true})
	c.rev.Blocks[m.from].Kinds = addKind(c.rev.Blocks[m.from].Kinds, ParagraphMoved)
	if before == "" || after == "" || worddiff.Fingerprint(before) == worddiff.Fingerprint(after) {
		return
	}
	for _, p := range passages(spans) {
		for _, e := range c.classify(p, c.rev.Blocks[m.row].Kind) {
			c.add(m.row, e)
		}
	}
}

// owners returns for each span the number of the moved sentence that it belongs
// to, 0 for none: those with a number, and the changed words between or beside
// them that are part of the same sentence.
func owners(spans []worddiff.Span) []int {
	out := make([]int, len(spans))
	for _, op := range []worddiff.Op{worddiff.Delete, worddiff.Insert} {
		var run []int // indexes of spans of this op with nothing equal between
		flush := func() {
			claim(spans, run, out)
			run = nil
		}
		for i, s := range spans {
			switch s.Op {
			case worddiff.Equal:
				flush()
			case op:
				run = append(run, i)
			}
		}
		flush()
	}
	return out
}

// claim gives each unnumbered span of a run to the moved sentence around it, or
// to the one beside it where no sentence ends between them.
func claim(spans []worddiff.Span, run []int, out []int) {
	for k, i := range run {
		if out[i] = spans[i].Moved; out[i] > 0 {
			continue
		}
		last, next := 0, 0
		for j := k - 1; j >= 0 && last == 0; j-- {
			last = spans[run[j]].Moved
		}
		for j := k + 1; j < len(run) && next == 0; j++ {
			next = spans[run[j]].Moved
		}
		switch {
		case last > 0 && last == next:
			out[i] = last
		case k > 0 && spans[run[k-1]].Moved > 0 && !endsSentence(spans[run[k-1]].Text):
			out[i] = spans[run[k-1]].Moved
		case k+1 < len(run) && spans[run[k+1]].Moved > 0 && !endsSentence(spans[i].Text):
			out[i] = spans[run[k+1]].Moved
		}
	}
}

// endsSentence reports whether the last mark of text ends a sentence.
func endsSentence(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'”’»)]", r) })
	return text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") ||
		strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, "？") || strings.HasSuffix(text, "…")
}
