package worddiff

import (
	"cmp"
	"slices"
)

// minGrown is the least part of a sentence, of 1000, that must be found among
// the leftovers of a link for the link to grow over it.
const minGrown = 400

// maxGrown is how many units a link may take up.
const maxGrown = 24

// grow stretches links over the unlinked units next to them that hold what the
// link misses: sentences that were split or merged.
func (d *differ) grow(first, a0, a1, b0, b1 int) {
	for i := first; i < len(d.links); i++ {
		l := &d.links[i]
		if l.exact {
			continue
		}
		for n := 0; n < maxGrown && d.growOnce(l, a0, a1, b0, b1); n++ {
		}
	}
}

func (d *differ) growOnce(l *link, a0, a1, b0, b1 int) bool {
	x, y := d.linkTokens(l)
	switch {
	case l.b1 < b1 && d.covers(x, y, d.new, l.b1):
		l.b1++
	case l.b0 > b0 && d.covers(x, y, d.new, l.b0-1):
		l.b0--
	case l.a1 < a1 && d.covers(y, x, d.old, l.a1):
		l.a1++
	case l.a0 > a0 && d.covers(y, x, d.old, l.a0-1):
		l.a0--
	default:
		return false
	}
	return true
}

// linkTokens returns the tokens at both ends of a link.
func (d *differ) linkTokens(l *link) (x, y []tok) {
	return d.old.toks[d.old.units[l.a0].t0:d.old.units[l.a1-1].t1], d.new.toks[d.new.units[l.b0].t0:d.new.units[l.b1-1].t1]
}

// covers reports whether unit u of s is free and enough of it is among the tokens
// of from that to does not have; if so, it takes the unit.
func (d *differ) covers(from, to []tok, s *side, u int) bool {
	next := &s.units[u]
	if next.linked || s.paras[next.para].twin {
		return false
	}
	next.linked = d.vocab.covered(s.stretchOf(next), from, to) >= minGrown
	return next.linked
}

// fillGaps links what is alike between two links, or between a link and the end
// of the text, however common its words are; but no unit that has moved away.
func (d *differ) fillGaps(first, a0, a1, b0, b1 int) {
	d.markElsewhere(a0, a1, b0, b1)
	n := len(d.links)
	a, b := a0, b0
	for i := first; i <= n; i++ {
		toA, toB := a1, b1
		if i < n {
			toA, toB = d.links[i].a0, d.links[i].b0
		}
		if m := (toA - a) * (toB - b); m > 0 && m <= maxGap {
			d.fillGap(a, toA, b, toB)
		}
		if i < n {
			a, b = d.links[i].a1, d.links[i].b1
		}
	}
	slices.SortFunc(d.links[first:], func(x, y link) int { return cmp.Compare(x.a0, y.a0) })
}

// markElsewhere marks the units that will be found to have moved.
func (d *differ) markElsewhere(a0, a1, b0, b1 int) {
	for i := a0; i < a1; i++ {
		d.old.units[i].elsewhere = false
	}
	for i := b0; i < b1; i++ {
		d.new.units[i].elsewhere = false
	}
	for _, c := range d.cands {
		x, y := &d.old.units[c.a], &d.new.units[c.b]
		if !x.linked && !y.linked && movable(x, y, c.sim) {
			x.elsewhere, y.elsewhere = true, true
		}
	}
}

// fillGap links units [a0,a1) and [b0,b1) so that the sum of what they gain is
// the most.
func (d *differ) fillGap(a0, a1, b0, b1 int) {
	w := b1 - b0 + 1
	best := make([]int, (a1-a0+1)*w)
	gains := make([]int, len(best))
	for a := a1 - 1; a >= a0; a-- {
		for b := b1 - 1; b >= b0; b-- {
			i := (a-a0)*w + b - b0
			gains[i] = d.gapGain(a, b)
			best[i] = max(best[i+w], best[i+1])
			if gains[i] > 0 {
				best[i] = max(best[i], gains[i]+best[i+w+1])
			}
		}
	}
	for a, b := a0, b0; a < a1 && b < b1; {
		switch i := (a-a0)*w + b - b0; {
		case gains[i] > 0 && best[i] == gains[i]+best[i+w+1]:
			d.linkUnits(a, b)
			a, b = a+1, b+1
		case best[i] == best[i+w]:
			a++
		default:
			b++
		}
	}
}

func (d *differ) gapGain(a, b int) int {
	x, y := &d.old.units[a], &d.new.units[b]
	if x.elsewhere || y.elsewhere {
		return 0
	}
	sim := d.similarity(x, y)
	if sim < minAlike {
		return 0
	}
	return gain(x, y, sim)
}
