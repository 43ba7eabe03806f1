package tracker

import (
	"slices"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// counterWords is how many words a counter shows at most, as in "12 hours ago".
const counterWords = 3

// A blockID tells the content of blocks apart: two share it where they differ
// in typography alone and their links lead to the same places.
type blockID [32]byte

func idsOf(s *extract.Story) []blockID {
	ids := make([]blockID, len(s.Blocks))
	for i, block := range s.Blocks {
		ids[i] = revision.Key(&extract.Story{Blocks: []extract.Block{{Text: block.Text, Links: block.Links}}})
	}
	return ids
}

// matched returns for each block of one story where it stands in the other, and
// the reverse; -1: nowhere. Of a block that stands there several times the first
// is matched with the first, the second with the second.
func matched(a, b []blockID) (ab, ba []int) {
	ab, ba = make([]int, len(a)), make([]int, len(b))
	places := map[blockID][]int{}
	for i, id := range b {
		ba[i] = -1
		places[id] = append(places[id], i)
	}
	for j, id := range a {
		ab[j] = -1
		if at := places[id]; len(at) > 0 {
			ab[j], ba[at[0]] = at[0], j
			places[id] = at[1:]
		}
	}
	return ab, ba
}

// longestIncreasing marks one of the longest runs of numbers that grow from left
// to right; numbers below 0 are passed over.
func longestIncreasing(list []int) []bool {
	var ends []int // the index of the least number that a run of each length ends in
	previous := make([]int, len(list))
	for i, n := range list {
		if n < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(ends, n, func(end, n int) int { return list[end] - n })
		previous[i] = -1
		if at > 0 {
			previous[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	in := make([]bool, len(list))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = previous[i] {
			in[i] = true
		}
	}
	return in
}

// A pairing says which blocks of two stories are alike.
type pairing struct {
	ofOld, ofNew map[int]*pair
}

// A pair is some blocks of a story and what they are in another one.
type pair struct{ old, new []int }

// old returns the blocks of the old story that block i of the new one is a form
// of; none where it is of none.
func (p pairing) old(i int) []int {
	if at := p.ofNew[i]; at != nil {
		return at.old
	}
	return nil
}

// new is the reverse of old.
func (p pairing) new(j int) []int {
	if at := p.ofOld[j]; at != nil {
		return at.new
	}
	return nil
}

// paired finds the blocks that are alike among those that the other story does
// not have as they are, by worddiff's opinion. Notes are like nothing, and no
// block is like one in another place of the page where places bear their names in
// both stories.
func paired(a, b *extract.Story, ab, ba []int) pairing {
	restA, textsA := rest(a, ab)
	restB, textsB := rest(b, ba)
	p := pairing{map[int]*pair{}, map[int]*pair{}}
	if len(restA) == 0 || len(restB) == 0 {
		return p
	}
	named := placesHold(a, b, ab)
	for _, row := range worddiff.Diff(textsA, textsB) {
		if row.Old == 0 || row.New == 0 || named && a.Blocks[restA[row.Old-1]].Path != b.Blocks[restB[row.New-1]].Path {
			continue
		}
		one := &pair{restA[row.Old-1 : row.Old-1+row.OldN], restB[row.New-1 : row.New-1+row.NewN]}
		for _, j := range one.old {
			p.ofOld[j] = one
		}
		for _, i := range one.new {
			p.ofNew[i] = one
		}
	}
	return p
}

// placesHold reports whether at least half of the blocks that two stories share
// stand in a place of the same name: some sites name their boxes anew at every
// view, and all do when they are redesigned.
func placesHold(a, b *extract.Story, ab []int) bool {
	shared, moved := 0, 0
	for j, i := range ab {
		if i >= 0 {
			shared++
			if a.Blocks[j].Path != b.Blocks[i].Path {
				moved++
			}
		}
	}
	return 2*moved <= shared
}

// rest returns the blocks that have no match, and their texts.
func rest(s *extract.Story, match []int) (numbers []int, texts []string) {
	for i, block := range s.Blocks {
		if match[i] < 0 && block.Kind != extract.Note {
			numbers = append(numbers, i)
			texts = append(texts, block.Text+"\n\n")
		}
	}
	return numbers, texts
}

// joined returns the text of some blocks of a story.
func joined(s *extract.Story, blocks []int) string {
	texts := make([]string, len(blocks))
	for n, i := range blocks {
		texts[n] = s.Blocks[i].Text
	}
	return strings.Join(texts, "\n")
}

// A cut is a run of bytes of a text, from from up to to.
type cut struct{ from, to int }

// A hunk is one place in which two texts differ.
type hunk struct{ old, new []cut }

// compared returns the places in which two texts differ, and what they share, as
// cuts of the old text.
func compared(before, after string) (hunks []hunk, shared []cut) {
	o, n := 0, 0
	open := false
	for _, row := range worddiff.Diff([]string{before}, []string{after}) {
		for _, span := range row.Spans {
			if span.Op == worddiff.Equal {
				shared = append(shared, cut{o, o + len(span.Old())})
				o, n, open = o+len(span.Old()), n+len(span.New()), false
				continue
			}
			if !open {
				hunks, open = append(hunks, hunk{}), true
			}
			at := &hunks[len(hunks)-1]
			if span.Op == worddiff.Delete {
				at.old = append(at.old, cut{o, o + len(span.Text)})
				o += len(span.Text)
			} else {
				at.new = append(at.new, cut{n, n + len(span.Text)})
				n += len(span.Text)
			}
		}
	}
	return hunks, shared
}

// agreed reports whether two looks show an edit of a text in common: that both
// brought words, beside no more than a counter's or at least as many as they do
// not agree on in that place; or that both took three times as many as the first
// puts in their place, or more than the few of a counter.
func agreed(before, first, second string) bool {
	hunks, _ := compared(before, first)
	_, stay := compared(first, second)
	later, _ := compared(before, second)
	var took []cut
	for _, h := range later {
		took = append(took, h.old...)
	}
	for _, h := range hunks {
		brought, both := tokens(overlap(first, h.new, []cut{{0, len(first)}})), tokens(overlap(first, h.new, stay))
		if both > 0 && (brought-both <= counterWords || 2*both >= brought) {
			return true
		}
		if gone := tokens(overlap(before, h.old, took)); gone > brought && (brought <= counterWords || gone >= 3*brought) {
			return true
		}
	}
	return false
}

// overlap returns the bytes of text that lie in both lists of cuts, which are in
// order; between two pieces stands a space.
func overlap(text string, a, b []cut) string {
	var out strings.Builder
	for len(a) > 0 && len(b) > 0 {
		from, to := max(a[0].from, b[0].from), min(a[0].to, b[0].to)
		if from < to {
			out.WriteString(text[from:to] + " ")
		}
		if a[0].to < b[0].to {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out.String()
}

// tokens counts words; where there are none, whether there is anything.
func tokens(text string) int {
	n := worddiff.Words(text)
	if n == 0 && strings.TrimSpace(text) != "" {
		return 1
	}
	return n
}

// common counts the words that two texts share in their order.
func common(a, b string) int {
	_, shared := compared(a, b)
	return worddiff.Words(overlap(a, shared, []cut{{0, len(a)}}))
}
