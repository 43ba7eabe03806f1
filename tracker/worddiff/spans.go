package worddiff

import "slices"

// spanChunk is for how many spans memory is taken at a time.
const spanChunk = 32

// A mark is what makes two stretches of text one span.
type mark struct {
	op      Op
	quiet   bool
	moved   int
	oldFrom int // where the span begins in the text it is taken from
	newFrom int
	oldTo   int
	newTo   int
}

// put writes a span, or goes on with the last one. Empty spans are left out.
func (w *writer) put(m mark) {
	if m.oldFrom == m.oldTo && m.newFrom == m.newTo {
		return
	}
	if l := &w.last; len(w.spans) > 0 && l.op == m.op && l.quiet == m.quiet && l.moved == m.moved {
		l.oldTo, l.newTo = m.oldTo, m.newTo
		w.spans[len(w.spans)-1] = w.span(l)
		return
	}
	w.last = m
	if len(w.spans) == cap(w.spans) {
		w.spans = slices.Grow(w.spans, spanChunk)
	}
	w.spans = append(w.spans, w.span(&m))
}

func (w *writer) span(m *mark) Span {
	s := Span{Op: m.op, Quiet: m.quiet, Moved: m.moved}
	if m.op == Delete {
		s.Text = w.old.text[m.oldFrom:m.oldTo]
		return s
	}
	s.Text = w.new.text[m.newFrom:m.newTo]
	if m.quiet {
		s.Was = w.old.text[m.oldFrom:m.oldTo]
	}
	return s
}

// both writes text that is in either, in the same or another form.
func (w *writer) both(a0, a1, b0, b1 int) {
	quiet := w.old.text[a0:a1] != w.new.text[b0:b1]
	w.put(mark{op: Equal, quiet: quiet, oldFrom: a0, oldTo: a1, newFrom: b0, newTo: b1})
}

// only writes the bytes [from,to) of one text, in which tokens [t0,t1) stand,
// each with the number of its move.
func (w *writer) only(s *side, op Op, from, t0, t1, to int) {
	at := from
	for t := t0; t < t1; {
		number := s.number(t)
		end := t + 1
		for end < t1 && s.number(end) == number {
			end++
		}
		stop := to
		if end < t1 {
			stop = s.toks[end].start
		}
		w.one(op, at, stop, number)
		at, t = stop, end
	}
	w.one(op, at, to, 0)
}

func (s *side) number(t int) int {
	if s.marks == nil {
		return 0
	}
	return s.marks[t]
}

func (w *writer) one(op Op, from, to, moved int) {
	if op == Delete {
		w.put(mark{op: op, moved: moved, oldFrom: from, oldTo: to})
		return
	}
	w.put(mark{op: op, moved: moved, newFrom: from, newTo: to})
}

// stretch writes the paragraphs of a row, given what they have in common.
func (w *writer) stretch(p, q []para, links []link) {
	lastA, lastB := &p[len(p)-1], &q[len(q)-1]
	c := change{a0: p[0].t0, b0: q[0].t0, oldFrom: p[0].from, newFrom: q[0].from}
	for _, l := range links {
		for _, r := range l.runs {
			c.a1, c.b1 = r.a, r.b
			c.oldTo, c.newTo = w.old.toks[r.a].start, w.new.toks[r.b].start
			w.change(&c)
			w.common(r)
			c = change{a0: r.a + r.n, b0: r.b + r.n, oldFrom: w.old.toks[r.a+r.n-1].end, newFrom: w.new.toks[r.b+r.n-1].end}
		}
	}
	c.a1, c.b1, c.oldTo, c.newTo = lastA.t1, lastB.t1, lastA.to, lastB.to
	w.change(&c)
}

// common writes a common run, up to the end of its last body.
func (w *writer) common(r run) {
	x, y := w.old.toks[r.a:r.a+r.n], w.new.toks[r.b:r.b+r.n]
	last := r.n - 1
	if w.old.text[x[0].start:x[last].end] == w.new.text[y[0].start:y[last].end] {
		w.both(x[0].start, x[last].end, y[0].start, y[last].end)
		return
	}
	for i := range x {
		w.both(x[i].start, x[i].end, y[i].start, y[i].end)
		if i < last {
			w.both(x[i].end, x[i].next, y[i].end, y[i].next)
		}
	}
}

// A change is what lies between two common runs: tokens [a0,a1) of the old text
// and [b0,b1) of the new one, with the white space around them.
type change struct {
	a0, a1, b0, b1 int
	oldFrom, oldTo int
	newFrom, newTo int
}

// change writes the change. White space that stands on the same side of it in
// both texts is common, so that a word is marked without the space behind it.
func (w *writer) change(c *change) {
	x, y := w.old.toks[c.a0:c.a1], w.new.toks[c.b0:c.b1]
	if len(x) == 0 && len(y) == 0 {
		w.both(c.oldFrom, c.oldTo, c.newFrom, c.newTo)
		return
	}
	var before, behind bool // whether that white space is written apart
	switch {
	case len(y) == 0:
		before, behind = w.around(w.old, x, c.oldFrom, c.oldTo, w.new.text[c.newFrom:c.newTo])
	case len(x) == 0:
		before, behind = w.around(w.new, y, c.newFrom, c.newTo, w.old.text[c.oldFrom:c.oldTo])
	default:
		before = x[0].start > c.oldFrom && y[0].start > c.newFrom
		behind = c.oldTo > x[len(x)-1].end && c.newTo > y[len(y)-1].end
	}
	oldA, oldB := split(x, c.oldFrom, c.oldTo, before, behind)
	newA, newB := split(y, c.newFrom, c.newTo, before, behind)
	w.both(c.oldFrom, oldA, c.newFrom, newA)
	w.only(w.old, Delete, oldA, c.a0, c.a1, oldB)
	w.only(w.new, Insert, newA, c.b0, c.b1, newB)
	w.both(oldB, c.oldTo, newB, c.newTo)
}

// around says on which side of words that are in one text only its white space
// answers to other, which stands there in the other text.
func (w *writer) around(s *side, toks []tok, from, to int, other string) (before, behind bool) {
	lead, trail := s.text[from:toks[0].start], s.text[toks[len(toks)-1].end:to]
	before = lead == other || trail != other && trail == ""
	return before, !before
}

// split returns where the words of a change begin and end, given whether the
// white space before and behind is written apart. Of a text that has no words
// there the white space is all before or all behind.
func split(toks []tok, from, to int, before, behind bool) (a, b int) {
	if len(toks) == 0 {
		if before {
			return to, to
		}
		return from, from
	}
	a, b = from, to
	if before {
		a = toks[0].start
	}
	if behind {
		b = toks[len(toks)-1].end
	}
	return a, b
}
