package worddiff

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

const (
	minAnchor = 8    // least bulk of a run of words that is taken for granted
	maxDepth  = 16   // how often a box is cut at anchors
	maxPairs  = 64   // pairs of tokens of a box up to which all are looked at for an equal one
	maxSteps  = 1024 // edits after which a box too large for go-diff counts as rewritten
)

// A wordDiffer finds the words that two stretches have in common.
type wordDiffer struct {
	bulk  []int32      // by id
	seen  []occurrence // by id, zero between calls
	local map[int32]rune
	runs  []run
}

// An occurrence counts a token in a box and says where it stands.
type occurrence struct{ inA, inB, atA, atB int32 }

// compare returns the runs that x and y have in common, in order, as offsets into
// the two.
func (w *wordDiffer) compare(x, y []tok) []run {
	w.runs = nil
	w.box(x, y, 0, 0, maxDepth)
	return w.runs
}

// common records n tokens as common, going on with the run before where it can.
func (w *wordDiffer) common(a, b, n int) {
	if n == 0 {
		return
	}
	if k := len(w.runs); k > 0 && w.runs[k-1].a+w.runs[k-1].n == a && w.runs[k-1].b+w.runs[k-1].n == b {
		w.runs[k-1].n += n
		return
	}
	w.runs = append(w.runs, run{a, b, n})
}

// box compares x, which stands at a, and y, which stands at b: first the ends,
// then what hangs between heavy runs that stand once in either, then the rest.
func (w *wordDiffer) box(x, y []tok, a, b, depth int) {
	head := 0
	for head < len(x) && head < len(y) && x[head].id == y[head].id {
		head++
	}
	w.common(a, b, head)
	x, y, a, b = x[head:], y[head:], a+head, b+head
	tail := 0
	for tail < len(x) && tail < len(y) && x[len(x)-1-tail].id == y[len(y)-1-tail].id {
		tail++
	}
	x, y = x[:len(x)-tail], y[:len(y)-tail]
	if len(x) > 0 && len(y) > 0 {
		w.middle(x, y, a, b, depth)
	}
	w.common(a+len(x), b+len(y), tail)
}

func (w *wordDiffer) middle(x, y []tok, a, b, depth int) {
	var anchors []run
	if depth > 0 {
		anchors = w.anchors(x, y)
	}
	if len(anchors) == 0 {
		w.leaf(x, y, a, b)
		return
	}
	fromA, fromB := 0, 0
	for _, r := range anchors {
		w.box(x[fromA:r.a], y[fromB:r.b], a+fromA, b+fromB, depth-1)
		w.common(a+r.a, b+r.b, r.n)
		fromA, fromB = r.a+r.n, r.b+r.n
	}
	w.box(x[fromA:], y[fromB:], a+fromA, b+fromB, depth-1)
}

// anchors returns the heaviest chain of common runs that hold a token which
// stands once in x and once in y.
func (w *wordDiffer) anchors(x, y []tok) []run {
	if len(x) < 4 || len(y) < 4 {
		return nil
	}
	if w.seen == nil {
		w.seen = make([]occurrence, len(w.bulk))
	}
	for i := range x {
		o := &w.seen[x[i].id]
		o.inA++
		o.atA = int32(i)
	}
	for i := range y {
		o := &w.seen[y[i].id]
		o.inB++
		o.atB = int32(i)
	}
	found := w.uniqueRuns(x, y)
	for i := range x {
		w.seen[x[i].id] = occurrence{}
	}
	for i := range y {
		w.seen[y[i].id] = occurrence{}
	}
	return heaviest(found, len(y))
}

// uniqueRuns stretches each token that stands once in x and in y to the run
// around it; light runs are left out.
func (w *wordDiffer) uniqueRuns(x, y []tok) []candidateRun {
	var found []candidateRun
	for i := 0; i < len(x); i++ {
		o := w.seen[x[i].id]
		if o.inA != 1 || o.inB != 1 {
			continue
		}
		j := int(o.atB)
		lo := 0
		for lo < i && lo < j && x[i-lo-1].id == y[j-lo-1].id {
			lo++
		}
		hi := 1
		for i+hi < len(x) && j+hi < len(y) && x[i+hi].id == y[j+hi].id {
			hi++
		}
		r := candidateRun{run: run{i - lo, j - lo, lo + hi}}
		for _, t := range x[r.a : r.a+r.n] {
			r.bulk += int(w.bulk[t.id])
		}
		if r.bulk >= minAnchor {
			found = append(found, r)
		}
		i += hi - 1
	}
	return found
}

type candidateRun struct {
	run
	bulk int
}

// heaviest returns the runs that together weigh most and follow one another in
// both texts. Where two overlap the later one is shortened.
func heaviest(found []candidateRun, n int) []run {
	cands := make([]candidate, len(found))
	for i, f := range found {
		cands[i] = candidate{i, f.b, 0, f.bulk * f.bulk}
	}
	var out []run
	endA, endB := 0, 0
	for _, c := range chain(cands, 0, n) {
		r := found[c.a].run
		if over := max(endA-r.a, endB-r.b, 0); over > 0 {
			r = run{r.a + over, r.b + over, r.n - over}
		}
		if r.n > 0 {
			out = append(out, r)
			endA, endB = r.a+r.n, r.b+r.n
		}
	}
	return out
}

// leaf compares two stretches without anchors by go-diff, or, where they are too
// large for it, by as many edits as are worth looking for.
func (w *wordDiffer) leaf(x, y []tok, a, b int) {
	if len(x)*len(y) > maxCells {
		for _, r := range nearlyEqual(x, y) {
			w.common(a+r.a, b+r.b, r.n)
		}
		return
	}
	if len(x)*len(y) <= maxPairs && disjoint(x, y) {
		return
	}
	clear(w.local)
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // a wall clock would make the answer depend on the load
	for _, op := range dmp.DiffMainRunes(w.runes(x), w.runes(y), false) {
		n := utf8.RuneCountInString(op.Text)
		switch op.Type {
		case diffmatchpatch.DiffEqual:
			w.common(a, b, n)
			a, b = a+n, b+n
		case diffmatchpatch.DiffDelete:
			a += n
		case diffmatchpatch.DiffInsert:
			b += n
		}
	}
}

// disjoint reports whether x and y have no token in common.
func disjoint(x, y []tok) bool {
	for i := range x {
		for j := range y {
			if x[i].id == y[j].id {
				return false
			}
		}
	}
	return true
}

// runes writes tokens as one rune per distinct key. A box holds fewer distinct
// keys than there are runes.
func (w *wordDiffer) runes(toks []tok) []rune {
	if w.local == nil {
		w.local = map[int32]rune{}
	}
	out := make([]rune, len(toks))
	for i := range toks {
		r, ok := w.local[toks[i].id]
		if !ok {
			r = tokenRune(len(w.local))
			w.local[toks[i].id] = r
		}
		out[i] = r
	}
	return out
}

// tokenRune returns the rune of number n. Surrogates and U+FFFD are skipped: as
// runes of a string they are all one.
func tokenRune(n int) rune {
	r := rune(n + 0x100)
	if r >= 0xd800 {
		r += 0x800
	}
	if r >= utf8.RuneError {
		r++
	}
	return r
}

// nearlyEqual returns the common runs of two long stretches that differ by at
// most maxSteps tokens (Myers, "An O(ND) Difference Algorithm", the greedy one);
// none where they differ by more.
func nearlyEqual(x, y []tok) []run {
	const mid = maxSteps + 1
	ends := make([]int32, 2*mid+1) // by diagonal: the furthest offset into x
	var trail [][]int32            // a copy of what matters of it, after each step
	for step := 0; step <= maxSteps; step++ {
		for k := -step; k <= step; k += 2 {
			i := int(ends[mid+k-1]) + 1
			if k == -step || k != step && ends[mid+k-1] < ends[mid+k+1] {
				i = int(ends[mid+k+1])
			}
			for i < len(x) && i-k < len(y) && i-k >= 0 && x[i].id == y[i-k].id {
				i++
			}
			ends[mid+k] = int32(i)
			if i >= len(x) && i-k >= len(y) {
				return backtrack(x, y, trail)
			}
		}
		trail = append(trail, slices.Clone(ends[mid-step:mid+step+1]))
	}
	return nil
}

// backtrack reads the common runs off the trail of nearlyEqual.
func backtrack(x, y []tok, trail [][]int32) []run {
	var out []run
	i, j := len(x), len(y)
	for step := len(trail); step > 0; step-- {
		ends := trail[step-1]
		at := func(k int) int { return int(ends[k+step-1]) }
		k := i - j
		down := k == -step || k != step && (k-1 < -(step-1) || k+1 <= step-1 && at(k-1) < at(k+1))
		prev := k - 1
		if down {
			prev = k + 1
		}
		fromA := at(prev)
		fromB := fromA - prev
		startA, startB := fromA+1, fromB
		if down {
			startA, startB = fromA, fromB+1
		}
		if i > startA {
			out = append(out, run{startA, startB, i - startA})
		}
		i, j = fromA, fromB
	}
	if i > 0 {
		out = append(out, run{0, 0, i})
	}
	slices.SortFunc(out, func(p, q run) int { return cmp.Compare(p.a, q.a) })
	return out
}
