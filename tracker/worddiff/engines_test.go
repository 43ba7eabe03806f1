package worddiff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sergi/go-diff/diffmatchpatch"

	"storydiff/tracker/worddiff"
)

// An engine is a way to compare two texts.
type engine struct {
	name    string
	compare func(before, after *page) (*verdict, error)
	run     func(before, after *page) error // the same for its time alone
	empty   func() error                    // a run of its program over nothing; nil where there is no program
}

func ownEngines() []engine {
	return []engine{
		{"ours", compareOurs, func(a, b *page) error { worddiff.Diff(a.paras, b.paras); return nil }, nil},
		{"go-diff words", compareGoWords, func(a, b *page) error { goWords(keysOf(a.paras), keysOf(b.paras)); return nil }, nil},
		{"go-diff chars", compareGoChars, func(a, b *page) error { goChars(a.text, b.text); return nil }, nil},
	}
}

func compareOurs(before, after *page) (*verdict, error) {
	return verdictOf(before, after, worddiff.Diff(before.paras, after.paras)), nil
}

// verdictOf reads rows.
func verdictOf(before, after *page, rows []worddiff.Row) *verdict {
	v := newVerdict(before, after)
	v.exact = problem(before.paras, after.paras, rows) == ""
	starts := oldStarts(rows)
	moved := map[int][2][]int{}
	newAt := 0
	for i, r := range rows {
		oldAt := starts[i]
		for _, s := range r.Spans {
			a, b := within(before, oldAt, oldAt+len(s.Old())), within(after, newAt, newAt+len(s.New()))
			switch {
			case s.Op == worddiff.Equal:
				for k := range min(len(a), len(b)) {
					v.match(a[k], b[k], r.Op == worddiff.RowMoved)
				}
			case s.Moved > 0:
				m := moved[s.Moved]
				moved[s.Moved] = [2][]int{append(m[0], a...), append(m[1], b...)}
			}
			oldAt, newAt = oldAt+len(s.Old()), newAt+len(s.New())
		}
	}
	for _, m := range moved {
		for k := range min(len(m[0]), len(m[1])) {
			v.match(m[0][k], m[1][k], true)
		}
	}
	return v
}

// oldStarts returns where in the old text each row begins.
func oldStarts(rows []worddiff.Row) []int {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return rows[x].Old - rows[y].Old })
	starts := make([]int, len(rows))
	at := 0
	for _, i := range order {
		starts[i] = at
		for _, s := range rows[i].Spans {
			at += len(s.Old())
		}
	}
	return starts
}

// within returns the tokens that begin in text[from:to].
func within(p *page, from, to int) []int {
	i, _ := slices.BinarySearchFunc(p.places, from, func(t place, at int) int { return t.from - at })
	var out []int
	for ; i < len(p.places) && p.places[i].from < to; i++ {
		out = append(out, i)
	}
	return out
}

// keysOf cuts a text into our tokens, as a user of go-diff has to before it can
// compare words. Its time counts as that engine's.
func keysOf(paras []string) []string { return worddiff.Keys(strings.Join(paras, "")) }

// goWords is go-diff on our tokens, one rune each, without a time-out.
func goWords(before, after []string) []diffmatchpatch.Diff {
	ids := map[string]rune{}
	encode := func(keys []string) []rune {
		var out []rune
		for _, key := range keys {
			r, ok := ids[key]
			if !ok {
				if r = rune(0x100 + len(ids)); r >= 0xd800 {
					r += 0x3000 // beyond surrogates and U+FFFD
				}
				ids[key] = r
			}
			out = append(out, r)
		}
		return out
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0
	return d.DiffMainRunes(encode(before), encode(after), false)
}

func compareGoWords(before, after *page) (*verdict, error) {
	v := newVerdict(before, after)
	a, b := 0, 0
	for _, op := range goWords(keysOf(before.paras), keysOf(after.paras)) {
		n := len([]rune(op.Text))
		switch op.Type {
		case diffmatchpatch.DiffEqual:
			for k := range n {
				v.match(a+k, b+k, false)
			}
			a, b = a+n, b+n
		case diffmatchpatch.DiffDelete:
			a += n
		case diffmatchpatch.DiffInsert:
			b += n
		}
	}
	v.exact = a == len(v.old) && b == len(v.new)
	return v, nil
}

// goChars is go-diff as its manual says: on characters, with a time-out of one
// second and the semantic cleanup.
func goChars(before, after string) []diffmatchpatch.Diff {
	d := diffmatchpatch.New()
	return d.DiffCleanupSemantic(d.DiffMain(before, after, false))
}

func compareGoChars(before, after *page) (*verdict, error) {
	to := unmapped(len(before.text))
	a, b := 0, 0
	ops := goChars(before.text, after.text)
	for _, op := range ops {
		n := len(op.Text)
		switch op.Type {
		case diffmatchpatch.DiffEqual:
			for k := range n {
				to[a+k] = b + k
			}
			a, b = a+n, b+n
		case diffmatchpatch.DiffDelete:
			a += n
		case diffmatchpatch.DiffInsert:
			b += n
		}
	}
	d := diffmatchpatch.New()
	v := &verdict{}
	if a == len(before.text) && b == len(after.text) {
		v = byBytes(before, after, to)
	}
	v.exact = d.DiffText1(ops) == before.text && d.DiffText2(ops) == after.text
	return v, nil
}

func unmapped(n int) []int {
	to := make([]int, n)
	for i := range to {
		to[i] = -1
	}
	return to
}

// minimum returns how many tokens the least difference without moves changes.
func minimum(t *testing.T, before, after *page) int {
	v, err := compareGoWords(before, after)
	if err != nil {
		t.Fatal(err)
	}
	return v.changed()
}
