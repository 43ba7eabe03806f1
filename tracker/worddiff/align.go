package worddiff

import (
	"cmp"
	"slices"
)

// Bounds and thresholds of lining up sentences. The thresholds were found on
// generated pairs of texts with known edits.
const (
	minAlike     = 300    // least similarity, of 1000, of a sentence and what became of it
	minMoved     = 600    // least similarity of a sentence or paragraph and its new place
	minMovedSize = 8      // fewest tokens of one that also changed
	minExactSize = 3      // fewest tokens of a sentence that moved as it was
	rareIn       = 32     // a token in more units than these tells none apart
	maxRare      = 16     // how many rare tokens of a unit are looked up
	maxLikes     = 6      // how many units one is compared with for that
	maxTwins     = 4      // how many equal units before and behind the one of the same rank
	manyUnits    = 10_000 // from here on no others than that one
	maxGap       = 400    // cells of a gap in which every unit is compared with every other
)

// A candidate is a pair of units that may have become each other.
type candidate struct {
	a, b int // units of the old and the new text
	sim  int // similarity, of 1000
	gain int // bytes in common
}

// A link says that units [a0,a1) of the old text became [b0,b1) of the new one.
type link struct {
	a0, a1, b0, b1 int
	exact          bool
	runs           []run // which of their tokens are common, in order
}

// A run is n tokens of the old text from a on that equal n of the new one from b
// on.
type run struct{ a, b, n int }

// align links what kept its order.
func (d *differ) align(head, tail int) {
	a, b := d.old.paras, d.new.paras
	a0, a1 := head, len(a)-tail
	b0, b1 := head, len(b)-tail
	for i := range head {
		d.linkUnits(a[i].u0, b[i].u0)
	}
	first := len(d.links)
	ua0, ua1 := unitRange(a, a0, a1, len(d.old.units))
	ub0, ub1 := unitRange(b, b0, b1, len(d.new.units))
	d.findCandidates(ua0, ua1, ub0, ub1)
	d.lineUp(first, ua0, ua1, ub0, ub1)
	for i := range tail {
		d.linkUnits(a[a1+i].u0, b[b1+i].u0)
	}
	d.compareLinks(0)
}

// lineUp links units [a0,a1) and [b0,b1) by the candidates there are; links from
// first on are its own.
func (d *differ) lineUp(first, a0, a1, b0, b1 int) {
	for _, c := range chain(d.cands, b0, b1) {
		d.linkUnits(c.a, c.b)
	}
	if !d.coarse {
		d.grow(first, a0, a1, b0, b1)
		d.fillGaps(first, a0, a1, b0, b1)
	}
	d.compareLinks(first)
	d.dropWeak(first)
}

// unitRange returns the units of paragraphs [from,to) of n units.
func unitRange(p []para, from, to, n int) (int, int) {
	if from >= to {
		if from < len(p) {
			n = p[from].u0
		}
		return n, n
	}
	return p[from].u0, p[to-1].u1
}

func (d *differ) linkUnits(a, b int) {
	x, y := &d.old.units[a], &d.new.units[b]
	d.links = append(d.links, link{a0: a, a1: a + 1, b0: b, b1: b + 1, exact: d.equalUnits(x, y)})
	x.linked, y.linked = true, true
}

// equalUnits reports whether the two have the same tokens.
func (d *differ) equalUnits(x, y *unit) bool {
	return x.hash == y.hash && slices.EqualFunc(d.old.stretchOf(x), d.new.stretchOf(y), func(s, t tok) bool { return s.id == t.id })
}

// findCandidates sets d.cands to the pairs that are equal or alike. A pair is
// left out where either has a far better likeness elsewhere.
func (d *differ) findCandidates(a0, a1, b0, b1 int) {
	switch {
	case (a1-a0)*(b1-b0) <= maxGap:
		d.allCandidates(a0, a1, b0, b1)
	case d.coarse:
		d.equalCandidates(a0, a1, b0, b1)
	default:
		d.equalCandidates(a0, a1, b0, b1)
		d.likeCandidates(a0, a1, b0, b1)
	}
	bestA, bestB := make([]int, a1-a0), make([]int, b1-b0)
	for _, c := range d.cands {
		bestA[c.a-a0] = max(bestA[c.a-a0], c.sim)
		bestB[c.b-b0] = max(bestB[c.b-b0], c.sim)
	}
	d.cands = slices.DeleteFunc(d.cands, func(c candidate) bool {
		return 5*c.sim < 3*max(bestA[c.a-a0], bestB[c.b-b0])
	})
	slices.SortFunc(d.cands, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(y.b, x.b))
	})
}

// allCandidates adds every pair of few units that is alike.
func (d *differ) allCandidates(a0, a1, b0, b1 int) {
	for a := a0; a < a1; a++ {
		for b := b0; b < b1; b++ {
			if d.old.units[a].hash == d.new.units[b].hash {
				d.addEqual(a, b)
			} else if !d.coarse {
				d.addLike(a, b, d.old.units[a].weight)
			}
		}
	}
}

// equalCandidates adds the pairs of equal units. Of those that stand there many
// times each is paired with the ones of about the same rank, counted from either
// end.
func (d *differ) equalCandidates(a0, a1, b0, b1 int) {
	e := newEquals(d.old.units[a0:a1], d.new.units[b0:b1])
	spread := maxTwins
	if a1-a0 > manyUnits || b1-b0 > manyUnits {
		spread = 0
	}
	for a := range a1 - a0 {
		c := e.class[a]
		if c < 0 {
			continue
		}
		found, r := e.places[e.first[c]:e.first[c+1]], e.rank[c]
		e.rank[c]++
		last := -1
		for _, mid := range sorted2(r, r+len(found)-e.total[c]) {
			for k := max(mid-spread, last+1, 0); k <= mid+spread && k < len(found); k++ {
				d.addEqual(a0+a, b0+int(found[k]))
				last = k
			}
		}
	}
}

// Equals are units of the old and the new text by their hashes, each of which is
// a class.
type equals struct {
	class  []int32 // by unit of the old text; -1 where the new one has none of it
	first  []int32 // by class: where its places begin; the next entry is where they end
	places []int32 // units of the new text
	total  []int   // by class: how many there are in the old text
	rank   []int   // by class: how many of those were seen
}

func newEquals(old, after []unit) *equals {
	classes := make(map[uint64]int32, len(after))
	of := make([]int32, len(after))
	e := &equals{class: make([]int32, len(old)), first: make([]int32, 1, len(after)+1), places: make([]int32, len(after))}
	for i := range after {
		c, ok := classes[after[i].hash]
		if !ok {
			c = int32(len(classes))
			classes[after[i].hash] = c
			e.first = append(e.first, 0)
		}
		of[i] = c
		e.first[c]++
	}
	for c := 1; c < len(e.first); c++ {
		e.first[c] += e.first[c-1]
	}
	for i := len(after) - 1; i >= 0; i-- { // the ends become beginnings
		e.first[of[i]]--
		e.places[e.first[of[i]]] = int32(i)
	}
	e.total, e.rank = make([]int, len(classes)), make([]int, len(classes))
	for i := range old {
		c, ok := classes[old[i].hash]
		if !ok {
			c = -1
		} else {
			e.total[c]++
		}
		e.class[i] = c
	}
	return e
}

func sorted2(x, y int) [2]int { return [2]int{min(x, y), max(x, y)} }

func (d *differ) addEqual(a, b int) {
	x, y := &d.old.units[a], &d.new.units[b]
	if d.equalUnits(x, y) {
		d.cands = append(d.cands, candidate{a, b, 1000, (x.bytes + y.bytes) / 2})
	}
}

// likeCandidates adds, for every unit of the old text, the units of the new one
// that are most like it of those with which it shares rare tokens.
func (d *differ) likeCandidates(a0, a1, b0, b1 int) {
	index := d.new.index(b0, b1, len(d.vocab.bulk))
	score := make([]int, b1-b0)
	var rare []rareToken
	var hits, best []int
	for a := a0; a < a1; a++ {
		x := &d.old.units[a]
		if d.old.paras[x.para].twin {
			continue
		}
		rare = d.rareTokens(rare[:0], x, index)
		hits = hits[:0]
		others := x.weight // of the tokens that are not looked up
		for _, r := range rare {
			id := r.id()
			others -= int(d.vocab.weight[id])
			for _, b := range index.units(id) {
				if score[int(b)-b0] == 0 {
					hits = append(hits, int(b))
				}
				score[int(b)-b0] += int(d.vocab.weight[id])
			}
		}
		best = bestHits(best[:0], hits, score, b0)
		for _, b := range best {
			d.addLike(a, b, others+score[b-b0])
		}
		for _, b := range hits {
			score[b-b0] = 0
		}
	}
}

// bestHits appends the units that score most, at most maxLikes, the best first and
// of equal ones the first in the text.
func bestHits(best, hits, score []int, b0 int) []int {
	for _, b := range hits {
		at := len(best)
		for at > 0 && (score[b-b0] > score[best[at-1]-b0] || score[b-b0] == score[best[at-1]-b0] && b < best[at-1]) {
			at--
		}
		if at == maxLikes {
			continue
		}
		best = slices.Insert(best[:min(len(best), maxLikes-1)], at, b)
	}
	return best
}

// addLike adds a pair, if it is alike. The two share tokens of at most the given
// weight.
func (d *differ) addLike(a, b, most int) {
	x, y := &d.old.units[a], &d.new.units[b]
	if x.hash == y.hash || 2000*most < minAlike*(x.weight+y.weight) {
		return // equal, or not alike
	}
	if sim := d.similarity(x, y); sim >= minAlike {
		d.cands = append(d.cands, candidate{a, b, sim, gain(x, y, sim)})
	}
}

// similarity returns how alike two units are, from 0 to 1000; 0 also where they
// are less alike than any threshold asks for.
func (d *differ) similarity(x, y *unit) int {
	total := x.weight + y.weight
	if 2000*min(x.weight, y.weight) < minAlike*total {
		return 0
	}
	return 2000 * d.vocab.shared(d.old.stretchOf(x), d.new.stretchOf(y)) / total
}

func gain(x, y *unit, sim int) int { return (x.bytes + y.bytes) * sim / 2000 }

// A rareToken is the id of a token below its weight, so that in order the
// weightiest come first and of equal ones the first that was met.
type rareToken int64

func (r rareToken) id() int32 { return int32(r & (1<<32 - 1)) }

// rareTokens appends the unit's tokens that few units of the new text share; the
// rarest, where it has many.
func (d *differ) rareTokens(out []rareToken, x *unit, index *postings) []rareToken {
	for _, t := range d.old.stretchOf(x) {
		if n := len(index.units(t.id)); n > 0 && n <= rareIn && len(out) < 64 {
			r := rareToken(-int64(d.vocab.weight[t.id])<<32 | int64(t.id))
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	if len(out) <= maxRare {
		return out
	}
	slices.Sort(out)
	return out[:maxRare]
}

// Postings tell in which units a token stands.
type postings struct {
	first []int32 // by id: where its units begin; the next entry is where they end
	list  []int32
}

func (p *postings) units(id int32) []int32 { return p.list[p.first[id]:p.first[id+1]] }

// index returns the postings of units [from,to), each unit once a token.
func (s *side) index(from, to, ids int) *postings {
	p := &postings{first: make([]int32, ids+1)}
	last := make([]int32, ids) // the unit that has counted the token, and 1
	for u := from; u < to; u++ {
		for _, t := range s.indexed(u) {
			if stamp := int32(u) + 1; last[t.id] != stamp {
				last[t.id] = stamp
				p.first[t.id]++
			}
		}
	}
	for id := range ids {
		p.first[id+1] += p.first[id]
	}
	p.list = make([]int32, p.first[ids])
	clear(last)
	for u := to - 1; u >= from; u-- { // the ends become beginnings
		for _, t := range s.indexed(u) {
			if stamp := int32(u) + 1; last[t.id] != stamp {
				last[t.id] = stamp
				p.first[t.id]--
				p.list[p.first[t.id]] = int32(u)
			}
		}
	}
	return p
}

// indexed returns the tokens by which unit u can be found; none of one with a
// twin.
func (s *side) indexed(u int) []tok {
	if s.paras[s.units[u].para].twin {
		return nil
	}
	return s.stretchOf(&s.units[u])
}

// chain returns the candidates that keep the order of both texts and together
// gain most: the heaviest increasing subsequence, by a Fenwick tree of the best
// chain up to each unit of the new text. The candidates are sorted by a and, within
// it, by b from the last; b is from low up to high.
func chain(cands []candidate, low, high int) []candidate {
	n := high - low
	tree := make([]int, n+1)         // best candidate that ends a chain, and 1
	total := make([]int, len(cands)) // gain of the best chain that ends there
	before := make([]int, len(cands))
	best := 0
	for i, c := range cands {
		prev := 0
		for k := c.b - low; k > 0; k -= k & -k {
			if t := tree[k]; t > 0 && (prev == 0 || total[t-1] > total[prev-1]) {
				prev = t
			}
		}
		total[i], before[i] = c.gain, prev
		if prev > 0 {
			total[i] += total[prev-1]
		}
		for k := c.b - low + 1; k <= n; k += k & -k {
			if t := tree[k]; t == 0 || total[i] > total[t-1] {
				tree[k] = i + 1
			}
		}
		if best == 0 || total[i] > total[best-1] {
			best = i + 1
		}
	}
	var out []candidate
	for i := best; i > 0; i = before[i-1] {
		out = append(out, cands[i-1])
	}
	slices.Reverse(out)
	return out
}
