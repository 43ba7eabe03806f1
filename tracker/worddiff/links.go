package worddiff

import "slices"

const (
	minKept  = 250 // least part of a link, of 1000, that must be common in order; less is a sentence rewritten whole
	minShare = 200 // least part of one of two paragraphs, of 1000, that must be linked for them to be one row
)

// compareLinks finds the common words of every link from first on, and drops
// those that turn out to have too few.
func (d *differ) compareLinks(first int) {
	kept := d.links[:first]
	for _, l := range d.links[first:] {
		switch {
		case l.runs != nil:
		case l.exact:
			x := &d.old.units[l.a0]
			d.whole = append(d.whole, run{x.t0, d.new.units[l.b0].t0, x.t1 - x.t0})
			n := len(d.whole)
			l.runs = d.whole[n-1 : n : n]
		default:
			if !d.compareLink(&l, minKept) {
				d.unlink(&l)
				continue
			}
		}
		kept = append(kept, l)
	}
	d.links = kept
}

// compareLink sets the runs of l, and reports whether least of 1000 is common.
func (d *differ) compareLink(l *link, least int) bool {
	x, y := d.linkTokens(l)
	l.runs = d.compareTokens(x, y, d.old.units[l.a0].t0, d.new.units[l.b0].t0)
	have := 0
	for _, r := range l.runs {
		have += d.vocab.sum(d.old.toks[r.a : r.a+r.n])
	}
	return 2000*have >= least*(d.vocab.sum(x)+d.vocab.sum(y))
}

// compareTokens returns the common runs of x and y, made readable, as tokens of
// the texts; x and y begin with tokens a and b.
func (d *differ) compareTokens(x, y []tok, a, b int) []run {
	d.words.bulk = d.vocab.bulk
	p := pair{d.old, d.new, x, y, d.vocab.bulk, d.vocab.word}
	runs := p.tidy(d.words.compare(x, y))
	for i := range runs {
		runs[i].a += a
		runs[i].b += b
	}
	return runs
}

// unlink frees the units of a link.
func (d *differ) unlink(l *link) {
	for u := l.a0; u < l.a1; u++ {
		d.old.units[u].linked = false
	}
	for u := l.b0; u < l.b1; u++ {
		d.new.units[u].linked = false
	}
}

// dropWeak frees the links, from first on, between two paragraphs that have too
// little in common to stand side by side.
func (d *differ) dropWeak(first int) {
	links := d.links[first:]
	for i := 0; i < len(links); {
		n, common := 1, d.linkedBytes(&links[i])
		a, b, whole := d.parasOf(&links[i])
		for i+n < len(links) {
			a2, b2, whole2 := d.parasOf(&links[i+n])
			if a2 != a || b2 != b {
				break
			}
			whole = whole && whole2
			common += d.linkedBytes(&links[i+n])
			n++
		}
		p, q := &d.old.paras[a], &d.new.paras[b]
		if whole && 1000*common < minShare*min(p.end-p.start, q.end-q.start) {
			for k := i; k < i+n; k++ {
				d.unlink(&links[k])
				links[k].a1 = links[k].a0
			}
		}
		i += n
	}
	d.links = slices.DeleteFunc(d.links, func(l link) bool { return l.a0 == l.a1 })
}

// parasOf returns the paragraphs in which a link begins, and whether it ends
// there too.
func (d *differ) parasOf(l *link) (a, b int, whole bool) {
	a, b = d.old.units[l.a0].para, d.new.units[l.b0].para
	return a, b, d.old.units[l.a1-1].para == a && d.new.units[l.b1-1].para == b
}

// linkedBytes returns how many bytes of the old text are common in a link.
func (d *differ) linkedBytes(l *link) int {
	n := 0
	for _, r := range l.runs {
		n += d.old.toks[r.a+r.n-1].end - d.old.toks[r.a].start
	}
	return n
}
