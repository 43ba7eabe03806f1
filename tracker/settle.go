package tracker

import (
	"slices"

	"storydiff/tracker/extract"
)

// Bounds of what two looks are asked to tell apart.
const (
	// commonWords is how many words of a block must stand in both looks for it to be
	// claimed, or believed, although something in it ticks. The lines that sites deal out
	// anew at every view ("You have 3 free articles left this month, subscribe for
	// less") stay below it, paragraphs of articles are seldom so short.
	commonWords = 20
	// maxSightings is how many unsteady lines one check remembers.
	maxSightings = 60
)

// A doubt says how sure it is that a block of a version is the article's.
type doubt int

// The doubts about a block.
const (
	noDoubt      doubt = iota // two looks agreed on it
	unseen                    // one look alone was ever taken
	contradicted              // one of two looks had it, the other had not
)

// A settlement is what two looks at a page, a moment apart, agree on.
type settlement struct {
	before   *extract.Story // the version as it is compared: without what is loose
	story    *extract.Story // what is compared with it, and stored
	twice    bool           // the looks tell which blocks of the version are furniture
	loose    []int          // those blocks, from 0
	doubt    []int          // those that one look alone shows, and none agreed on before
	later    []int          // the same in the settled story
	unsteady []Sighting     // what differed between the two looks
}

// settle returns what the first of two looks at a page shows of the article,
// given the version before and what the second look shows. Doubts says of the
// blocks of the version whether they may be furniture; it may be shorter than the
// list, and the rest is in no doubt.
//
// An edit that both looks show is always part of the settled story. The fields
// and the notes are those of the first look, whatever the second shows: they are
// never furniture. Of the other blocks
//   - those that both looks show in the same place of the page stay, and those
//     that the version has and one of the looks stay as the version has them;
//   - those that one look alone shows are left out. If one was an edit, the next
//     check finds it standing still;
//   - those that are alike in both looks but for some words, a counter say, stay
//     as the version has them, unless both looks show another edit in them;
//   - those of the version that neither look shows are gone, unless they are
//     loose: they were in doubt, and where they stood the looks show unsteady
//     blocks; see [settling.furniture].
//
// So the settled story holds blocks of the version and of the first look alone.
func settle(before, first, second *extract.Story, doubts []doubt) settlement {
	s := newSettling(before, first, second)
	copy(s.open, doubts)
	s.sortFirst()
	s.sortBefore()
	return s.result()
}

// A settling is a settlement under way. What it says of a block it says by the
// number of the block in its story.
type settling struct {
	before, first, second *extract.Story
	a, b, c               []blockID // of the three

	ab, ba         []int // where a block stands in the other story; -1: nowhere
	bc, cb, ac, ca []int

	pairAB, pairBC, pairAC pairing // of blocks that are alike
	fates                  map[*pair]fate

	keepA, keepB []bool  // what is part of the settled story
	open         []doubt // about the blocks of the version, before
	doubted      []bool  // blocks of the version that one look alone has
	edited       []bool  // blocks of the version that the settled story has in another form
	ticks        []bool  // blocks of the first look of which the second shows another form
	loose        []bool  // blocks of the version
	steadyAt     map[string]bool
}

func newSettling(before, first, second *extract.Story) *settling {
	s := &settling{before: before, first: first, second: second, a: idsOf(before), b: idsOf(first), c: idsOf(second)}
	s.keepA, s.edited, s.doubted, s.loose = make([]bool, len(s.a)), make([]bool, len(s.a)), make([]bool, len(s.a)), make([]bool, len(s.a))
	s.open = make([]doubt, len(s.a))
	s.keepB, s.ticks = make([]bool, len(s.b)), make([]bool, len(s.b))
	s.bc, s.cb = matched(s.b, s.c)
	s.dropElsewhere()
	s.dropDisordered()
	s.ab, s.ba = matched(s.a, s.b)
	s.ac, s.ca = matched(s.a, s.c)
	for i, j := range s.ba {
		// One look alone has it there: it stays where the version has it.
		if j >= 0 && s.bc[i] < 0 && first.Blocks[i].Kind != extract.Note {
			s.ba[i], s.ab[j], s.doubted[j] = -1, -1, true
		}
	}
	s.pairAB = paired(before, first, s.ab, s.ba)
	s.pairBC = paired(first, second, s.bc, s.cb)
	s.pairAC = paired(before, second, s.ac, s.ca)
	s.fates, s.steadyAt = map[*pair]fate{}, map[string]bool{}
	for i, j := range s.bc {
		if j >= 0 && first.Blocks[i].Kind != extract.Note {
			s.steadyAt[first.Blocks[i].Path] = true
		}
	}
	return s
}

// dropElsewhere parts the blocks that the second look shows in another place of
// the page.
func (s *settling) dropElsewhere() {
	if !placesHold(s.first, s.second, s.bc) {
		return
	}
	for i, j := range s.bc {
		if j >= 0 && s.first.Blocks[i].Kind != extract.Note && s.first.Blocks[i].Path != s.second.Blocks[j].Path {
			s.bc[i], s.cb[j] = -1, -1
		}
	}
}

// dropDisordered parts the blocks that keep no order between the two looks.
func (s *settling) dropDisordered() {
	inOrder := longestIncreasing(s.bc)
	for i, j := range s.bc {
		if j >= 0 && !inOrder[i] && s.first.Blocks[i].Kind != extract.Note {
			s.bc[i], s.cb[j] = -1, -1
		}
	}
}

// sortFirst decides on the blocks of the first look, and on those of the
// version that they are forms of.
func (s *settling) sortFirst() {
	for i := range s.first.Blocks {
		switch {
		case s.first.Blocks[i].Kind == extract.Note, s.bc[i] >= 0, s.ba[i] >= 0:
			s.keepB[i] = true
			for _, j := range s.pairAB.old(i) {
				s.edited[j] = true
			}
		default:
			s.sortUnsteady(i)
		}
	}
}

// sortUnsteady decides on a block that the first look alone shows as it is.
func (s *settling) sortUnsteady(i int) {
	turned := s.pairBC.new(i)
	s.ticks[i] = len(turned) > 0
	p := s.pairAB.ofNew[i]
	if p == nil {
		s.keepB[i] = len(turned) > 0 && common(joined(s.first, []int{i}), joined(s.second, turned)) >= commonWords
		return
	}
	s.keepB[i] = s.fateOf(p) == becomes
}

// A fate is what becomes of blocks of the version that the first look alone shows
// in another form.
type fate int

const (
	stays   fate = iota + 1 // the edit is not claimed
	becomes                 // it is
)

// fateOf decides once on the blocks of a pair. They stay where the second look
// shows what the version has, nothing of the kind, or forms that do not agree
// with the first's.
func (s *settling) fateOf(p *pair) fate {
	if f := s.fates[p]; f != 0 {
		return f
	}
	s.fates[p] = stays
	if slices.ContainsFunc(p.old, func(j int) bool { return s.ac[j] >= 0 }) {
		return stays
	}
	var turned []int
	for _, i := range p.new {
		for _, k := range s.pairBC.new(i) {
			if !slices.Contains(turned[max(0, len(turned)-1):], k) {
				turned = append(turned, k)
			}
		}
	}
	was, is := joined(s.before, p.old), joined(s.first, p.new)
	if len(turned) > 0 && agreed(was, is, joined(s.second, turned)) {
		s.fates[p] = becomes
		for _, j := range p.old {
			s.edited[j] = true
		}
		return becomes
	}
	firm := len(turned) > 0 && common(was, is) >= commonWords
	for _, j := range p.old {
		s.keepA[j] = true
		s.doubted[j] = s.doubted[j] || !firm
	}
	return stays
}

// sortBefore decides on the blocks of the version that the first look lacks.
func (s *settling) sortBefore() {
	var gone []int
	for j := range s.before.Blocks {
		switch {
		case s.ab[j] >= 0:
		case s.ac[j] >= 0 || s.doubted[j]:
			s.keepA[j], s.doubted[j] = true, true
		case s.edited[j]:
			s.keepA[j] = false
		case s.keepA[j]:
		case s.before.Blocks[j].Kind == extract.Note:
		case len(s.pairAC.new(j)) > 0 && !s.shown(s.pairAC.new(j)):
			s.keepA[j], s.doubted[j] = true, true
		case s.open[j] != noDoubt:
			gone = append(gone, j)
		}
	}
	for _, j := range s.furniture(gone) {
		s.loose[j] = true
	}
}

// shown reports whether the first look has one of those blocks of the second.
func (s *settling) shown(second []int) bool {
	return slices.ContainsFunc(second, func(k int) bool { return s.cb[k] >= 0 })
}

// result puts the settled story together: the blocks of the first look in their
// order, and those of the version behind the one that they follow there.
func (s *settling) result() settlement {
	story, before := *s.first, *s.before
	behind := make([][]int, len(s.b)+1) // of the version, by what they follow
	at := 0
	before.Blocks, story.Blocks = nil, nil
	out := settlement{before: &before, story: &story, twice: true, unsteady: s.sightings()}
	for j, block := range s.before.Blocks {
		if s.ab[j] >= 0 {
			at = s.ab[j] + 1
		} else if s.keepA[j] {
			behind[at] = append(behind[at], j)
		}
		if s.loose[j] {
			out.loose = append(out.loose, j)
			continue
		}
		if s.doubted[j] && s.open[j] != noDoubt {
			out.doubt = append(out.doubt, j)
		}
		before.Blocks = append(before.Blocks, block)
	}
	for i := range behind {
		if i > 0 && s.keepB[i-1] {
			story.Blocks = append(story.Blocks, s.first.Blocks[i-1])
		}
		for _, j := range behind[i] {
			if s.doubted[j] && s.open[j] != noDoubt {
				out.later = append(out.later, len(story.Blocks))
			}
			story.Blocks = append(story.Blocks, s.before.Blocks[j])
		}
	}
	if len(out.loose) > 0 {
		before.Blocks = extract.Ended(before.Blocks)
	}
	if slices.Contains(s.keepB, false) || slices.Contains(s.keepA, true) {
		story.Blocks = extract.Ended(story.Blocks)
	}
	return out
}

// disagreeing returns the blocks of the first of two looks, from 0, that the
// second does not show in any form; none is a note.
func disagreeing(first, second *extract.Story) (loose []int) {
	bc, cb := matched(idsOf(first), idsOf(second))
	forms := paired(first, second, bc, cb)
	for i, block := range first.Blocks {
		if block.Kind != extract.Note && bc[i] < 0 && len(forms.new(i)) == 0 {
			loose = append(loose, i)
		}
	}
	return loose
}

// without returns a story without the blocks that drop names, notes excepted;
// the story itself where there are none.
func without(s *extract.Story, drop func(int) bool) *extract.Story {
	var kept []extract.Block
	for i, block := range s.Blocks {
		if block.Kind == extract.Note || !drop(i) {
			kept = append(kept, block)
		}
	}
	if len(kept) == len(s.Blocks) {
		return s
	}
	less := *s
	less.Blocks = extract.Ended(kept)
	return &less
}
