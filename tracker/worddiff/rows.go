package worddiff

import (
	"cmp"
	"slices"
)

// rows writes the rows: those of the new text in their order, and each removed
// one behind the row that stood before it.
func (d *differ) rows() []Row {
	w := writer{old: d.old, new: d.new, rows: make([]Row, 0, max(len(d.old.paras), len(d.new.paras)))}
	slices.SortFunc(d.moved, func(x, y group) int { return cmp.Compare(x.b0, y.b0) })
	moved := d.moved
	a, b := 0, 0
	for i := 0; i <= len(d.kept); i++ {
		g := group{a0: len(d.old.paras), b0: len(d.new.paras)}
		if i < len(d.kept) {
			g = d.kept[i]
		}
		for ; a < g.a0; a++ {
			if !d.old.paras[a].held {
				w.removed(a)
			}
		}
		for b < g.b0 {
			if len(moved) > 0 && moved[0].b0 == b {
				w.row(RowMoved, &moved[0])
				b, moved = moved[0].b1, moved[1:]
				continue
			}
			w.added(b)
			b++
		}
		if i < len(d.kept) {
			w.row(RowEqual, &g)
			a, b = g.a1, g.b1
		}
	}
	return w.rows
}

// sameRows writes the rows of two texts that differ in typography alone, and in
// head paragraphs at the beginning and tail ones at the end not even in that.
func (d *differ) sameRows(head, tail int) []Row {
	d.old.keepWhole(head, tail)
	d.new.keepWhole(head, tail)
	d.old.tokenise(d.vocab)
	d.new.tokenise(d.vocab)
	w := writer{old: d.old, new: d.new}
	p, q := d.old.paras, d.new.paras
	for a, b := 0, 0; a < len(p); {
		g := group{a0: a, a1: a + 1, b0: b, b1: b + 1}
		for x, y := p[a].t1, q[b].t1; x != y; x, y = p[g.a1-1].t1, q[g.b1-1].t1 {
			if x < y {
				g.a1++
			} else {
				g.b1++
			}
		}
		g.links = []link{{runs: []run{{p[a].t0, q[b].t0, p[g.a1-1].t1 - p[a].t0}}}}
		w.row(RowEqual, &g)
		a, b = g.a1, g.b1
	}
	return w.rows
}

// keepWhole makes one token of each paragraph at the ends.
func (s *side) keepWhole(head, tail int) {
	for i := range s.paras {
		s.paras[i].twin = i < head || i >= len(s.paras)-tail
	}
}

// oneSided writes the rows where a text holds no word or mark. Its paragraphs, if
// it has any, are no change: they make a row that is equal.
func (d *differ) oneSided() []Row {
	w := writer{old: d.old, new: d.new}
	d.old.tokenise(d.vocab)
	d.new.tokenise(d.vocab)
	var blank Row
	if s := d.old; s.empty() && len(s.paras) > 0 {
		blank.Op, blank.Old, blank.OldN = RowEqual, 1, s.paras[0].n
	}
	if s := d.new; s.empty() && len(s.paras) > 0 {
		blank.Op, blank.New, blank.NewN = RowEqual, 1, s.paras[0].n
	}
	if blank.Op != "" {
		w.both(0, blankBytes(d.old), 0, blankBytes(d.new))
		w.finish(blank)
	}
	for i := range d.old.paras {
		if !d.old.empty() {
			w.removed(i)
		}
	}
	for i := range d.new.paras {
		if !d.new.empty() {
			w.added(i)
		}
	}
	return w.rows
}

// blankBytes returns the length of a text without tokens, and 0 for another one.
func blankBytes(s *side) int {
	if s.empty() {
		return len(s.text)
	}
	return 0
}

// A writer writes rows and their spans.
type writer struct {
	old, new *side
	rows     []Row
	spans    []Span // of the row at hand, with room for those of the next ones
	last     mark   // what the last span is made of
}

// removed writes the row of paragraph a of the old text.
func (w *writer) removed(a int) {
	p := &w.old.paras[a]
	w.all(w.old, p, Delete)
	w.finish(Row{Op: RowRemoved, Old: p.first + 1, OldN: p.n})
}

// added writes the row of paragraph b of the new text.
func (w *writer) added(b int) {
	p := &w.new.paras[b]
	w.all(w.new, p, Insert)
	w.finish(Row{Op: RowAdded, New: p.first + 1, NewN: p.n})
}

// all writes a whole paragraph that is in one text only.
func (w *writer) all(s *side, p *para, op Op) {
	w.only(s, op, p.from, p.t0, p.t1, p.to)
}

// row writes the row of a group. An equal one in which something differs is a
// changed one.
func (w *writer) row(op RowOp, g *group) {
	p, q := w.old.paras[g.a0:g.a1], w.new.paras[g.b0:g.b1]
	last, end := &p[len(p)-1], &q[len(q)-1]
	w.stretch(p, q, g.links)
	row := Row{Op: op, Old: p[0].first + 1, New: q[0].first + 1, OldN: last.first + last.n - p[0].first, NewN: end.first + end.n - q[0].first}
	if op == RowEqual && slices.ContainsFunc(w.spans, func(s Span) bool { return s.Op != Equal }) {
		row.Op = RowChanged
	}
	w.finish(row)
}

func (w *writer) finish(row Row) {
	if n := len(w.spans); n > 0 {
		row.Spans = w.spans[:n:n]
		w.spans = w.spans[n:]
	}
	w.rows = append(w.rows, row)
	w.last = mark{}
}
