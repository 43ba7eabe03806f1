package diffview

import (
	"fmt"
	"slices"
	"strings"

	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// An item is one thing below another in the text: a block, a fold, or the place
// that a moved block left.
type item struct {
	Block  *revision.Block  // nil: it is none
	Index  int              // of Block, from 0
	Labels []string         // what is said of Block beside its text
	Folded []revision.Block // unchanged blocks that are not in view
	Left   string           // a sentence on what stood here, up to where it went; empty: nothing did
	Went   []destination    // that is where it went
	Hole   int              // the number of the place that was left: here, or by Block; 0: none
}

// A destination is where moved blocks stand now.
type destination struct {
	Text  string // the numbers of their paragraphs: "7–9"
	Index int    // of the first of them, from 0
}

// left returns the whole sentence on what stood here.
func (it item) left() string {
	said := make([]string, len(it.Went))
	for i, to := range it.Went {
		said[i] = to.Text
	}
	return it.Left + " " + strings.Join(said, ", ")
}

// layout returns what is shown of the blocks, in order, with context unchanged
// blocks around each change.
func layout(blocks []revision.Block, context int) []item {
	holes := holesOf(blocks)
	keep := inView(blocks, holes, context)
	num := numbersOf(blocks)
	ends := sentenceEnds(blocks, num)
	from := map[int]int{} // index of a moved block → number of the hole it left
	for _, s := range holes {
		for _, i := range s.blocks {
			from[i] = s.number
		}
	}
	var items []item
	for i := range blocks {
		if s := holes[i]; s != nil {
			items = append(items, s.item(num))
		}
		b := &blocks[i]
		if keep[i] {
			items = append(items, item{Block: b, Index: i, Labels: labels(b, ends, num), Hole: from[i]})
			continue
		}
		if n := len(items); n == 0 || items[n-1].Folded == nil {
			items = append(items, item{})
		}
		last := &items[len(items)-1]
		last.Folded = append(last.Folded, *b)
	}
	if s := holes[len(blocks)]; s != nil {
		items = append(items, s.item(num))
	}
	return items
}

// inView reports of each block whether it is shown.
func inView(blocks []revision.Block, holes map[int]*hole, context int) []bool {
	keep := make([]bool, len(blocks))
	if context < 0 || context > len(blocks) {
		context = len(blocks)
	}
	show := func(from, to int) {
		for i := max(from, 0); i < min(to, len(blocks)); i++ {
			keep[i] = true
		}
	}
	shown := 0 // where the last stretch ended, so that each block is shown once
	near := func(from, to int) {
		show(max(from-context, shown), to+context)
		shown = max(shown, min(to+context, len(blocks)))
	}
	for i, b := range blocks {
		if holes[i] != nil {
			near(i, i)
		}
		if b.Op != worddiff.RowEqual || len(b.Kinds) > 0 {
			near(i, i+1)
		}
	}
	if holes[len(blocks)] != nil || context == len(blocks) {
		near(len(blocks), len(blocks))
	}
	return keep
}

// A hole is where moved blocks stood.
type hole struct {
	number     int   // from 1, in the order of the old text
	olds, news []int // places of the blocks
	blocks     []int // their indices
}

func (h *hole) item(num numbers) item {
	olds, news := known(num.old, h.olds), known(num.new, h.news)
	if len(olds) != len(h.olds) || len(news) != len(h.news) {
		return item{Hole: h.number, Left: "what stood here moved", Went: []destination{{"elsewhere", h.blocks[0]}}}
	}
	it := item{Hole: h.number, Left: "paragraph " + places(olds) + " moved to"}
	if len(olds) > 1 {
		it.Left = "paragraphs " + places(olds) + " moved to"
	}
	for i := 0; i < len(news); {
		j := i + 1
		for j < len(news) && news[j] == news[j-1]+1 {
			j++
		}
		it.Went = append(it.Went, destination{places(news[i:j]), h.blocks[i]})
		i = j
	}
	return it
}

// holesOf returns, by the index of the block that follows, where moved blocks
// stood: behind the last block that stayed and stood before them.
func holesOf(blocks []revision.Block) map[int]*hole {
	holes := map[int]*hole{}
	stayed := make([]int, highest(blocks)+2) // old place → index behind the block that stayed there
	moved := make([]int, len(stayed))        // old place → index behind the block that moved from there
	for i := range blocks {
		switch b := &blocks[i]; {
		case b.Old <= 0 || b.Old >= len(stayed):
		case b.Op == worddiff.RowMoved:
			moved[b.Old] = i + 1
		default:
			stayed[b.Old] = i + 1
		}
	}
	at := 0
	for old, behind := range moved {
		at = max(at, stayed[old])
		if behind == 0 {
			continue
		}
		if holes[at] == nil {
			holes[at] = &hole{number: len(holes) + 1}
		}
		h, b := holes[at], blocks[behind-1]
		h.olds, h.news, h.blocks = append(h.olds, b.Old), append(h.news, b.New), append(h.blocks, behind-1)
	}
	return holes
}

// highest returns the highest old place. There cannot be more than blocks and
// the paragraphs they took in, so a wild number is cut off.
func highest(blocks []revision.Block) int {
	top := 0
	for _, b := range blocks {
		top = max(top, b.Old)
	}
	return min(top, 1<<22)
}

// places writes numbers in words' order: "7", "7–9", "3, 7–9".
func places(ns []int) string {
	var out []string
	for i := 0; i < len(ns); {
		j := i
		for j+1 < len(ns) && ns[j+1] == ns[j]+1 {
			j++
		}
		if j > i {
			out = append(out, fmt.Sprintf("%d–%d", ns[i], ns[j]))
		} else {
			out = append(out, fmt.Sprint(ns[i]))
		}
		i = j + 1
	}
	return strings.Join(out, ", ")
}

// labels returns what is said of a block beside its text, the loudest first.
func labels(b *revision.Block, ends map[int]ends, num numbers) []string {
	var out []string
	switch was := num.old[b.Old]; {
	case b.Op != worddiff.RowMoved:
	case was > 0:
		out = append(out, fmt.Sprintf("moved from paragraph %d", was))
	default:
		out = append(out, "moved from elsewhere")
	}
	if b.Op != worddiff.RowAdded && b.Op != worddiff.RowRemoved {
		out = append(out, division(b.Spans)...)
	}
	if slices.Contains(b.Kinds, revision.Link) {
		out = append(out, "its links changed")
	}
	seen := map[int]bool{}
	for _, s := range b.Spans {
		if s.Moved > 0 && !seen[s.Moved] {
			seen[s.Moved] = true
			out = append(out, ends[s.Moved].label(s.Moved, s.Op))
		}
	}
	return out
}

// division says whether a block was split or joined of several.
func division(spans []worddiff.Span) []string {
	var was, is strings.Builder
	for _, s := range spans {
		was.WriteString(s.Old())
		is.WriteString(s.New())
	}
	switch m, n := pieces(was.String()), pieces(is.String()); {
	case m < n && m > 0:
		return []string{fmt.Sprintf("split into %d paragraphs", n)}
	case m > n && n > 0:
		return []string{fmt.Sprintf("joined from %d paragraphs", m)}
	}
	return nil
}

// pieces returns the number of lines in text that are not blank.
func pieces(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

// ends are the two paragraphs of a moved sentence.
type ends struct {
	old, new int // places from 1; 0: not known
	same     bool
}

func (e ends) label(n int, op worddiff.Op) string {
	switch {
	case e.same:
		return fmt.Sprintf("sentence %d moved within the paragraph", n)
	case op == worddiff.Delete && e.new > 0:
		return fmt.Sprintf("sentence %d moved to paragraph %d", n, e.new)
	case op == worddiff.Insert && e.old > 0:
		return fmt.Sprintf("sentence %d moved from paragraph %d", n, e.old)
	}
	return fmt.Sprintf("sentence %d moved", n)
}

// sentenceEnds returns where each moved sentence left and came to, by its number.
func sentenceEnds(blocks []revision.Block, num numbers) map[int]ends {
	out := map[int]ends{}
	from, to := map[int]int{}, map[int]int{}
	for i, b := range blocks {
		for _, s := range b.Spans {
			if s.Moved == 0 {
				continue
			}
			e := out[s.Moved]
			if s.Op == worddiff.Delete {
				e.old, from[s.Moved] = num.old[b.Old], i
			} else {
				e.new, to[s.Moved] = num.new[b.New], i
			}
			out[s.Moved] = e
		}
	}
	for n, e := range out {
		i, left := from[n]
		j, came := to[n]
		e.same = left && came && i == j
		out[n] = e
	}
	return out
}

// spaced reports whether an empty line follows a block in its text.
func spaced(b *revision.Block) bool {
	lines := 0
	for i := len(b.Spans) - 1; i >= 0; i-- {
		text := b.Spans[i].New()
		if b.Op == worddiff.RowRemoved {
			text = b.Spans[i].Old()
		}
		words := strings.TrimRight(text, breaks)
		lines += strings.Count(text[len(words):], "\n")
		if words != "" {
			break
		}
	}
	return lines > 1
}

// foldedText says how many paragraphs are not in view.
func foldedText(n int) string { return Count(n, "unchanged paragraph") }
