package worddiff

import (
	"strings"
	"unicode/utf8"
)

// maxIsland is the most words of a common run that is given up between two
// changes.
const maxIsland = 3

// maxPasses bounds how often what became one change is joined with the next.
const maxPasses = 8

// A pair is the two stretches of a link, with what is needed to judge how a
// change between them reads.
type pair struct {
	old, new *side
	x, y     []tok // from token a of old and token b of new
	bulk     []int32
	word     []bool // by id: whether it is a word or number
}

// tidy makes the common runs of a pair readable: changes with next to nothing
// between them become one, and those that could stand in several places stand
// where a sentence, a clause or at least a word begins.
func (p *pair) tidy(runs []run) []run {
	runs = p.slide(runs)
	runs = p.join(runs)
	return p.slide(runs)
}

// join gives up common runs that weigh less than the changes on both sides. A
// change weighs what the heavier of its sides does.
func (p *pair) join(runs []run) []run {
	if len(runs) < 2 {
		return runs
	}
	old, after := p.sums(p.x), p.sums(p.y)
	change := func(a0, a1, b0, b1 int) int { return max(old[a1]-old[a0], after[b1]-after[b0]) }
	for range maxPasses {
		kept := make([]run, 0, len(runs))
		endA, endB := 0, 0
		for i, r := range runs {
			nextA, nextB := len(p.x), len(p.y)
			if i+1 < len(runs) {
				nextA, nextB = runs[i+1].a, runs[i+1].b
			}
			if p.island(r, change(endA, r.a, endB, r.b), change(r.a+r.n, nextA, r.b+r.n, nextB)) {
				continue
			}
			kept = append(kept, r)
			endA, endB = r.a+r.n, r.b+r.n
		}
		if len(kept) == len(runs) {
			break
		}
		runs = kept
	}
	return runs
}

// sums returns the bulk of the tokens before each.
func (p *pair) sums(toks []tok) []int {
	out := make([]int, len(toks)+1)
	for i := range toks {
		out[i+1] = out[i] + int(p.bulk[toks[i].id])
	}
	return out
}

// island reports whether the common run r, between changes of the given bulk, is
// too slight to be told apart from them.
func (p *pair) island(r run, left, right int) bool {
	if left == 0 || right == 0 || r.n > 2*maxIsland {
		return false
	}
	words, weight, factor := 0, 0, 2
	for _, t := range p.x[r.a : r.a+r.n] {
		if p.word[t.id] {
			words++
		}
		weight += int(p.bulk[t.id])
		if p.bulk[t.id] > 2 {
			factor = 4 // more than an article or preposition
		}
	}
	if words == 0 { // marks: those of "Mr. Lind" are no more than its first word
		return factor*weight <= min(left, right)
	}
	return words <= maxIsland && factor*weight < min(left, right)
}

// slide moves each pure insertion or deletion to the place where its edges read
// best.
func (p *pair) slide(runs []run) []run {
	for i := 0; i+1 < len(runs); i++ {
		l, r := &runs[i], &runs[i+1]
		gapA, gapB := r.a-l.a-l.n, r.b-l.b-l.n
		switch {
		case gapA == 0 && gapB > 0:
			p.slideOne(p.new, p.y, l.b+l.n, gapB, l, r, i == 0)
		case gapB == 0 && gapA > 0:
			p.slideOne(p.old, p.x, l.a+l.n, gapA, l, r, i == 0)
		}
	}
	out := runs[:0]
	for _, r := range runs {
		if r.n > 0 {
			out = append(out, r)
		}
	}
	return out
}

// slideOne moves the stretch of n tokens at, between the runs l and r.
func (p *pair) slideOne(s *side, toks []tok, at, n int, l, r *run, first bool) {
	low, high := 0, 0
	for -low < l.n && toks[at+low-1].id == toks[at+low+n-1].id {
		low--
	}
	if !first && -low == l.n {
		low++ // a run between two changes is not used up
	}
	for high < r.n-1 && toks[at+high].id == toks[at+high+n].id {
		high++
	}
	best, score := 0, -1
	for k := low; k <= high; k++ {
		if sc := edge(s, toks, at+k) + edge(s, toks, at+k+n); sc > score || sc == score && k == 0 {
			best, score = k, sc
		}
	}
	l.n += best
	r.a, r.b, r.n = r.a+best, r.b+best, r.n-best
}

// edge returns how well a change may begin or end before token i: at a
// paragraph, a sentence, a clause, a word, or within one.
func edge(s *side, toks []tok, i int) int {
	if i == 0 || i == len(toks) {
		return 6
	}
	t := &toks[i-1]
	space := s.text[t.end:t.next]
	last, _ := utf8.DecodeRuneInString(s.text[t.start:t.end])
	after, _ := utf8.DecodeRuneInString(s.text[toks[i].start:toks[i].end])
	switch {
	case strings.ContainsAny(space, "\n\r"):
		return 6
	case strings.ContainsRune(".!?…。！？؟۔।", last):
		return 5
	case strings.ContainsRune(",;:，；：、،؛", last):
		return 4
	case strings.ContainsRune(closers, last) && space != "" || foldRune(last) == foldedDash && space != "":
		return 3
	case strings.ContainsRune(openers, after) && space != "":
		return 3
	case strings.ContainsRune("(（「『“‘«", last):
		return 0 // behind an opening mark
	case space != "":
		return 2
	case strings.ContainsRune(".,;:!?)", after):
		return 1
	}
	return 0
}
