package diffview

import (
	"cmp"
	"fmt"
	"slices"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// Numbers are how a reader counts: the paragraphs of either text, by the place
// of their block. Captions, headings, lists, tables and notes have none, so that
// the numbers are those of which the reasons of a revision speak.
type numbers struct{ old, new map[int]int }

func numbersOf(blocks []revision.Block) numbers {
	return numbers{
		old: count(blocks, func(b revision.Block) int { return b.Old }),
		new: count(blocks, func(b revision.Block) int { return b.New }),
	}
}

// count numbers the paragraphs of one text, in which place says where a block
// stands. A row of several paragraphs takes as many numbers.
func count(blocks []revision.Block, place func(revision.Block) int) map[int]int {
	var there []revision.Block
	for _, b := range blocks {
		if place(b) > 0 {
			there = append(there, b)
		}
	}
	slices.SortStableFunc(there, func(a, b revision.Block) int { return cmp.Compare(place(a), place(b)) })
	out, n := map[int]int{}, 0
	for i, b := range there {
		if b.Kind != extract.Paragraph && b.Kind != extract.Quote {
			continue
		}
		out[place(b)] = n + 1
		n++
		if i+1 < len(there) {
			n += place(there[i+1]) - place(b) - 1
		}
	}
	return out
}

// of is the number of a block in the new text, or in the old where it is there
// no more; empty where it has none.
func (n numbers) of(b *revision.Block) string {
	number := n.old[b.Old]
	if b.New > 0 {
		number = n.new[b.New]
	}
	if number == 0 {
		return ""
	}
	return fmt.Sprint(number)
}

// known returns the numbers that places have.
func known(numbers map[int]int, places []int) []int {
	var out []int
	for _, place := range places {
		if n := numbers[place]; n > 0 {
			out = append(out, n)
		}
	}
	return out
}
