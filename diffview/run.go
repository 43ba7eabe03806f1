package diffview

import (
	"strings"

	"storydiff/tracker/worddiff"
)

// A face is which of the two texts of a paragraph is drawn.
type face uint8

const (
	both   face = iota // what went and what came, marked
	before             // the old text
	after              // the new text
)

// A run is a stretch of a paragraph with one fate.
type run struct {
	Op     worddiff.Op
	Moved  int    // the number of the moved sentence it stands in; 0: none
	Inner  bool   // it stands in a moved sentence, and is what differs there
	Space  bool   // it is white space from the end of a mark, drawn beside it
	First  bool   // a moved sentence begins with it
	Last   bool   // a moved sentence ends with it
	ID     string // of the moved sentence's end, on a page that has one; else empty
	Target string // ID of its other end
	Title  string // where the other end is
	Parts  []part
}

// Del and Ins ask for the fate, as templates do.
func (r run) Del() bool { return r.Op == worddiff.Delete }
func (r run) Ins() bool { return r.Op == worddiff.Insert }

// Stays reports whether the words of the run are only elsewhere, not gone or new.
func (r run) Stays() bool { return r.Moved > 0 && !r.Inner }

// draw returns one face of a paragraph. Line breaks at its ends are left out,
// and so are runs without anything to show.
func draw(spans []worddiff.Span, f face) []run {
	joined := false
	for _, s := range spans {
		joined = joined || joins(s.Text) || joins(s.Was)
	}
	var runs []run
	for _, s := range trim(pick(spans, f)) {
		lead, s, tail := peel(s)
		runs = append(runs, space(lead)...)
		runs = append(runs, run{Op: s.Op, Moved: s.Moved, Parts: parts(s, joined)})
		runs = append(runs, space(tail)...)
	}
	groupMoves(runs)
	return runs
}

// pick returns the spans that a face shows. The typography of before is the old one.
func pick(spans []worddiff.Span, f face) []worddiff.Span {
	out := make([]worddiff.Span, 0, len(spans))
	for _, s := range spans {
		if f == before && s.Op == worddiff.Insert || f == after && s.Op == worddiff.Delete {
			continue
		}
		if f == before {
			s.Text, s.Was, s.Quiet = s.Old(), "", false
		}
		if s.Text != "" || s.Was != "" {
			out = append(out, s)
		}
	}
	return out
}

// peel takes the spaces off the ends of what went or came, so that marks
// enclose words. White space that is all there is stays.
func peel(s worddiff.Span) (lead string, inner worddiff.Span, tail string) {
	words := strings.Trim(s.Text, " ")
	if s.Op == worddiff.Equal || strings.TrimSpace(words) == "" {
		return "", s, ""
	}
	at := strings.Index(s.Text, words)
	lead, tail = s.Text[:at], s.Text[at+len(words):]
	s.Text = words
	return lead, s, tail
}

// space returns white space as a run, or none.
func space(text string) []run {
	if text == "" {
		return nil
	}
	return []run{{Op: worddiff.Equal, Space: true, Parts: []part{{Text: text}}}}
}

const breaks = "\r\n"

// trim takes the line breaks off both ends: where a paragraph ends is shown by
// the layout.
func trim(spans []worddiff.Span) []worddiff.Span {
	blank := func(s worddiff.Span) bool {
		return strings.Trim(s.Text, breaks) == "" && strings.Trim(s.Was, breaks) == ""
	}
	for len(spans) > 0 && blank(spans[len(spans)-1]) {
		spans = spans[:len(spans)-1]
	}
	for len(spans) > 0 && blank(spans[0]) {
		spans = spans[1:]
	}
	if len(spans) == 0 {
		return nil
	}
	spans[0].Text, spans[0].Was = strings.TrimLeft(spans[0].Text, breaks), strings.TrimLeft(spans[0].Was, breaks)
	for i := len(spans) - 1; i >= 0; i-- {
		s := &spans[i]
		s.Text, s.Was = strings.TrimRight(s.Text, breaks), strings.TrimRight(s.Was, breaks)
		// A deletion at the end may stand before an insertion at the end: both end their text.
		if s.Op == worddiff.Equal || i == 0 || spans[i-1].Op == worddiff.Equal || spans[i-1].Op == s.Op {
			break
		}
	}
	return spans
}

// parts returns what is shown of a span.
func parts(s worddiff.Span, joined bool) []part {
	shown := reveal(s.Text, joined)
	was, is := strings.Contains(s.Was, "\n"), strings.Contains(s.Text, "\n")
	switch {
	case s.Quiet && was && !is:
		return append(shown, part{Kind: mark, Text: "¶", Title: "two paragraphs were joined here"})
	case s.Quiet && is && !was:
		return append([]part{{Kind: mark, Text: "¶", Title: "the paragraph was split here"}}, shown...)
	case s.Quiet:
		return quieten(shown, s.Was)
	case s.Op != worddiff.Equal && strings.TrimSpace(s.Text) == "":
		return blankParts(s, shown)
	}
	return shown
}

// quieten marks what is plain as differing in typography from was.
func quieten(shown []part, was string) []part {
	title := "was: " + clip(flat(was), 80)
	if strings.TrimSpace(was) == "" {
		title = "the typography differs"
	}
	for i, p := range shown {
		if p.Kind == plain {
			shown[i].Kind, shown[i].Title = quiet, title
		}
	}
	return shown
}

// blankParts makes white space that went or came visible.
func blankParts(s worddiff.Span, shown []part) []part {
	if !strings.Contains(s.Text, "\n") {
		return []part{{Kind: mark, Text: "␣", Title: "a space"}}
	}
	sign := part{Kind: mark, Text: "¶", Title: "a line break"}
	if s.Op == worddiff.Delete {
		return []part{sign}
	}
	return append([]part{sign}, shown...)
}

// clip returns at most n characters of text.
func clip(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i] + "…"
		}
		n--
	}
	return text
}

// groupMoves finds the ends of moved sentences. The words that differ inside
// one stand between its numbered runs and bear no number themselves.
func groupMoves(runs []run) {
	for i := 0; i < len(runs); i++ {
		n := runs[i].Moved
		if n == 0 {
			continue
		}
		last := i
		for j := i + 1; j < len(runs) && (runs[j].Space || runs[j].Op == runs[i].Op && (runs[j].Moved == n || runs[j].Moved == 0)); j++ {
			if runs[j].Moved == n {
				last = j
			}
		}
		for j := i; j <= last; j++ {
			runs[j].Inner = runs[j].Moved == 0
			runs[j].Moved = n
		}
		runs[i].First, runs[last].Last = true, true
		i = last
	}
}
