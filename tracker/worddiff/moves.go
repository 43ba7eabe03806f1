package worddiff

import (
	"cmp"
	"slices"
)

// movable reports whether two units of the given similarity that do not keep
// their order are one that moved.
func movable(x, y *unit, sim int) bool {
	return sim == 1000 && x.words >= minExactSize || sim >= minMoved && min(x.words, y.words) >= minMovedSize
}

// move finds what stands elsewhere in the new text: whole paragraphs first, then
// sentences.
func (d *differ) move() {
	d.groupLinks()
	d.moveParagraphs()
	d.moveSentences()
}

// A group is a stretch of paragraphs of either text that belong to one row.
type group struct {
	a0, a1, b0, b1 int    // paragraphs
	links          []link // in order
}

// extend takes up a link, if it shares a paragraph with the group.
func (g *group) extend(a0, a1, b0, b1 int) bool {
	if a0 >= g.a1 && b0 >= g.b1 {
		return false
	}
	g.a1, g.b1 = max(g.a1, a1), max(g.b1, b1)
	return true
}

// groupLinks sets d.kept to the rows that keep their order: paragraphs are in one
// row where a link, or a chain of links, connects them.
func (d *differ) groupLinks() {
	d.kept = make([]group, 0, min(len(d.links), len(d.old.paras)))
	from := 0
	for i := range d.links {
		l := &d.links[i]
		a0, a1 := d.old.units[l.a0].para, d.old.units[l.a1-1].para+1
		b0, b1 := d.new.units[l.b0].para, d.new.units[l.b1-1].para+1
		if n := len(d.kept); n == 0 || !d.kept[n-1].extend(a0, a1, b0, b1) {
			d.kept = append(d.kept, group{a0: a0, a1: a1, b0: b0, b1: b1})
			from = i
		}
		d.kept[len(d.kept)-1].links = d.links[from : i+1]
	}
	for _, g := range d.kept {
		hold(d.old.paras[g.a0:g.a1], true)
		hold(d.new.paras[g.b0:g.b1], true)
	}
}

func hold(paras []para, held bool) {
	for i := range paras {
		paras[i].held = held
	}
}

// moveParagraphs finds paragraphs that are in no row yet and much alike, the
// heaviest first.
func (d *differ) moveParagraphs() {
	for _, c := range d.movedParagraphs() {
		p, q := &d.old.paras[c.a], &d.new.paras[c.b]
		if p.held || q.held {
			continue
		}
		g := group{a0: c.a, a1: c.a + 1, b0: c.b, b1: c.b + 1}
		p.held, q.held = true, true
		for n := 0; n < maxGrown && d.growMove(&g); n++ {
		}
		if d.linkMove(&g); len(g.links) > 0 {
			d.moved = append(d.moved, g)
			continue
		}
		hold(d.old.paras[g.a0:g.a1], false) // the same words, but in no order
		hold(d.new.paras[g.b0:g.b1], false)
	}
}

// movedParagraphs returns the pairs of free paragraphs that are alike enough.
func (d *differ) movedParagraphs() []candidate {
	var found []candidate
	seen := map[[2]int]bool{}
	for _, c := range d.cands {
		a, b := d.old.units[c.a].para, d.new.units[c.b].para
		p, q := &d.old.paras[a], &d.new.paras[b]
		if p.held || q.held || seen[[2]int{a, b}] {
			continue
		}
		seen[[2]int{a, b}] = true
		sim := 1000
		if !p.twin || !q.twin {
			sim = d.vocab.similarity(d.old.stretch(p), d.new.stretch(q))
		}
		if sim == 1000 || sim >= minMoved && min(p.t1-p.t0, q.t1-q.t0) >= minMovedSize {
			found = append(found, candidate{a, b, sim, (p.end - p.start + q.end - q.start) * sim / 2000})
		}
	}
	slices.SortStableFunc(found, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.gain, x.gain), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return found
}

// growMove stretches a moved row over a free paragraph next to it that holds what
// the row misses: a paragraph split or merged as it moved.
func (d *differ) growMove(g *group) bool {
	x := d.old.toks[d.old.paras[g.a0].t0:d.old.paras[g.a1-1].t1]
	y := d.new.toks[d.new.paras[g.b0].t0:d.new.paras[g.b1-1].t1]
	switch {
	case d.takes(x, y, d.new, g.b1):
		g.b1++
	case d.takes(x, y, d.new, g.b0-1):
		g.b0--
	case d.takes(y, x, d.old, g.a1):
		g.a1++
	case d.takes(y, x, d.old, g.a0-1):
		g.a0--
	default:
		return false
	}
	return true
}

// takes holds paragraph i of s where it is free and enough of it is among the
// tokens of from that to does not have.
func (d *differ) takes(from, to []tok, s *side, i int) bool {
	if i < 0 || i >= len(s.paras) || s.paras[i].held || s.paras[i].twin {
		return false
	}
	p := &s.paras[i]
	p.held = d.vocab.covered(s.stretch(p), from, to) >= minGrown
	return p.held
}

// linkMove lines up the sentences of a moved row.
func (d *differ) linkMove(g *group) {
	inner := differ{vocab: d.vocab, old: d.old, new: d.new, words: d.words, coarse: d.coarse}
	a0, a1 := d.old.paras[g.a0].u0, d.old.paras[g.a1-1].u1
	b0, b1 := d.new.paras[g.b0].u0, d.new.paras[g.b1-1].u1
	inner.findCandidates(a0, a1, b0, b1)
	inner.lineUp(0, a0, a1, b0, b1)
	g.links = inner.links
}

// moveSentences finds the sentences that are left over in both texts and much
// alike, the heaviest first, and marks their common words with a number.
func (d *differ) moveSentences() {
	var left []candidate
	for _, c := range d.cands {
		if x, y := &d.old.units[c.a], &d.new.units[c.b]; !x.linked && !y.linked && movable(x, y, c.sim) {
			left = append(left, c)
		}
	}
	slices.SortStableFunc(left, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.gain, x.gain), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	var moves []link
	for _, c := range left {
		x, y := &d.old.units[c.a], &d.new.units[c.b]
		if x.linked || y.linked {
			continue
		}
		l := link{a0: c.a, a1: c.a + 1, b0: c.b, b1: c.b + 1}
		if d.compareLink(&l, minMoved) {
			x.linked, y.linked = true, true
			moves = append(moves, l)
		}
	}
	slices.SortFunc(moves, func(x, y link) int { return cmp.Compare(x.b0, y.b0) })
	for i, l := range moves {
		d.mark(l.runs, i+1)
	}
}

// mark gives the words that a moved sentence kept its number.
func (d *differ) mark(runs []run, number int) {
	if d.old.marks == nil {
		d.old.marks = make([]int, len(d.old.toks))
		d.new.marks = make([]int, len(d.new.toks))
	}
	for _, r := range runs {
		for k := range r.n {
			d.old.marks[r.a+k] = number
			d.new.marks[r.b+k] = number
		}
	}
}
