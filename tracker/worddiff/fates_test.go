package worddiff_test

import (
	"strings"

	"storydiff/tracker/worddiff"
)

// A place is a token where it stands.
type place struct {
	from, to  int // bytes
	text, key string
	para      int
	word      bool // holds a letter or digit
}

// A page is a text cut into tokens.
type page struct {
	text   string
	paras  []string
	places []place
}

func newPage(paras []string) *page {
	p := &page{text: strings.Join(paras, ""), paras: paras}
	at, para, end := 0, 0, 0
	for _, t := range worddiff.Tokens(p.text) {
		for para < len(paras) && at >= end+len(paras[para]) {
			end += len(paras[para])
			para++
		}
		if t.Text != "" {
			p.places = append(p.places, place{at, at + len(t.Text), t.Text, t.Key, para, worddiff.Words(t.Text) > 0})
		}
		at += len(t.Text) + len(t.Space)
	}
	return p
}

// lines returns the tokens with a space between them, a line each paragraph.
func (p *page) lines() string {
	var b strings.Builder
	for i, t := range p.places {
		switch {
		case i == 0:
		case p.places[i-1].para != t.para:
			b.WriteString("\n")
		default:
			b.WriteString(" ")
		}
		b.WriteString(t.text)
	}
	return b.String() + "\n"
}

// A fate is what an engine says of a token, or what is true of it.
type fate struct {
	changed bool // in one text only; not so where it moved
	moved   bool
	pair    int // the token of the other text that it is; -1 where it is changed
}

// A verdict is the fate of every token of two texts.
type verdict struct {
	old, new []fate
	exact    bool // both texts can be had back from the answer
}

func newVerdict(before, after *page) *verdict {
	v := &verdict{make([]fate, len(before.places)), make([]fate, len(after.places)), true}
	for _, side := range [][]fate{v.old, v.new} {
		for i := range side {
			side[i] = fate{changed: true, pair: -1}
		}
	}
	return v
}

func (v *verdict) match(a, b int, moved bool) {
	v.old[a], v.new[b] = fate{false, moved, b}, fate{false, moved, a}
}

// truthOf tells what became of every word of an edited story.
func truthOf(e *edited) *verdict {
	before, after := e.before.words(), e.after.words()
	at := map[*word]int{}
	for i, w := range before {
		at[w] = i
	}
	v := &verdict{make([]fate, len(before)), make([]fate, len(after)), true}
	for i := range v.old {
		v.old[i] = fate{changed: true, pair: -1}
	}
	for i, w := range after {
		v.new[i] = fate{changed: true, pair: -1}
		if a, ok := at[w]; ok {
			v.match(a, i, false)
		}
	}
	return v
}

// byBytes returns the verdict of an engine that gives each byte of the old text
// its place in the new one, or -1. A token is common where all of it is one of
// the other text.
func byBytes(before, after *page, to []int) *verdict {
	v := newVerdict(before, after)
	begins := map[int]int{}
	for j, t := range after.places {
		begins[t.from] = j
	}
	for i, t := range before.places {
		j, ok := begins[to[t.from]]
		if !ok || after.places[j].to-after.places[j].from != t.to-t.from {
			continue
		}
		whole := true
		for k := t.from; k < t.to; k++ {
			whole = whole && to[k] == after.places[j].from+k-t.from
		}
		if whole {
			v.match(i, j, false)
		}
	}
	return v
}

// hunks counts the changes of a verdict: runs of changed tokens, what went and
// what came at one place being one.
func (v *verdict) hunks() int {
	seen := map[int]bool{} // by the new token before the change, which is kept
	last := -1
	for i, f := range v.old {
		if f.changed && (i == 0 || !v.old[i-1].changed) {
			seen[last] = true
		}
		if !f.changed {
			last = f.pair
		}
	}
	last = -1
	for j, f := range v.new {
		if f.changed && (j == 0 || !v.new[j-1].changed) {
			seen[last] = true
		}
		if !f.changed {
			last = j
		}
	}
	return len(seen)
}

// confetti counts the runs of one or two common tokens that stand between two
// changes of a paragraph.
func (v *verdict) confetti(after *page) int {
	n := 0
	for j := 0; j < len(v.new); {
		if v.new[j].changed {
			j++
			continue
		}
		end := j + 1
		for end < len(v.new) && !v.new[end].changed && v.new[end].pair == v.new[end-1].pair+1 && after.places[end].para == after.places[j].para {
			end++
		}
		if end-j <= 2 && v.changeBefore(j, after) && v.changeBehind(end-1, after) {
			n++
		}
		j = end
	}
	return n
}

func (v *verdict) changeBefore(j int, after *page) bool {
	a := v.new[j].pair
	within := j > 0 && after.places[j-1].para == after.places[j].para
	return within && (v.new[j-1].changed || a > 0 && v.old[a-1].changed)
}

func (v *verdict) changeBehind(j int, after *page) bool {
	a := v.new[j].pair
	within := j+1 < len(v.new) && after.places[j+1].para == after.places[j].para
	return within && (v.new[j+1].changed || a+1 < len(v.old) && v.old[a+1].changed)
}

// changed counts the tokens of both texts that are changed.
func (v *verdict) changed() int {
	n := 0
	for _, side := range [][]fate{v.old, v.new} {
		for _, f := range side {
			if f.changed {
				n++
			}
		}
	}
	return n
}
