package tracker

import (
	"cmp"
	"slices"

	"storydiff/tracker/extract"
)

// A Sighting is a line of a page that two looks, a moment apart, did not agree
// on. What one check sees means little, since an edit can fall between two
// looks; what two checks see is learned. See [Known].
type Sighting struct {
	Kind   SightingKind
	Path   string // where it stood in the page; see [extract.Block]
	Text   string // of the line, or of one that stood in the place; shortened
	Key    int64  // what it is looked up by; see [keysOf]
	Steady bool   // of a place: both looks show the same text there too, so it is none of furniture
}

// A SightingKind says how a line was unsteady.
type SightingKind string

// The kinds of sighting.
const (
	Rotates SightingKind = "rotates" // it came or went
	Ticks   SightingKind = "ticks"   // some of its words were others
	InPlace SightingKind = "place"   // its place in the page: whatever stands there rotates
)

// A spot is a place of a page between two blocks that the version and both looks
// have.
type spot struct {
	kind extract.BlockKind // empty: of any kind
	path string            // empty with kind
	gap  int               // how many such blocks come before; anywhere: all of them together
}

const anywhere = -1

// furniture returns those of the version's blocks, which were in doubt and neither
// look shows, that are furniture:
//   - where a look shows unsteady blocks of the same kind and path, and both agree
//     on no text of that path: nothing but furniture stands there;
//   - likewise where one look of two had the block before;
//   - where the path is that of steady text too, as many as one of the looks shows
//     unsteady between the same neighbours, the shortest first;
//   - paragraphs and headings of a path that neither look shows, where they show
//     something else unsteady between the same neighbours.
func (s *settling) furniture(gone []int) (loose []int) {
	inFirst := spots(s.first, s.alone, func(i int) bool { return s.bc[i] >= 0 && s.ba[i] >= 0 })
	inSecond := spots(s.second, s.aloneInSecond, func(k int) bool { return s.cb[k] >= 0 && s.ba[s.cb[k]] >= 0 })
	unsteady := func(at spot) int { return max(inFirst[at], inSecond[at]) }
	gaps := s.gaps()
	shortest := slices.Clone(gone)
	slices.SortStableFunc(shortest, func(i, j int) int {
		return cmp.Compare(len(s.before.Blocks[i].Text), len(s.before.Blocks[j].Text))
	})
	taken := map[spot]int{}
	for _, j := range shortest {
		block := &s.before.Blocks[j]
		steady := s.steadyAt[block.Path] || block.Path == ""
		here := spot{block.Kind, block.Path, gaps[j]}
		text := block.Kind == extract.Paragraph || block.Kind == extract.Heading
		switch {
		case unsteady(spot{block.Kind, block.Path, anywhere}) > 0 && (!steady || s.open[j] == contradicted):
		case steady && taken[here] < unsteady(here):
			taken[here]++
		case !steady && text && unsteady(spot{gap: gaps[j]}) > 0:
		default:
			continue
		}
		loose = append(loose, j)
	}
	return loose
}

// spots counts the unsteady blocks of a look by where they stand.
func spots(story *extract.Story, unsteady, anchor func(int) bool) map[spot]int {
	n, gap := map[spot]int{}, 0
	for i, block := range story.Blocks {
		if anchor(i) {
			gap++
		}
		if unsteady(i) {
			n[spot{block.Kind, block.Path, gap}]++
			n[spot{block.Kind, block.Path, anywhere}]++
			n[spot{gap: gap}]++
		}
	}
	return n
}

// gaps returns for each block of the version how many come before it that both
// looks have as well.
func (s *settling) gaps() []int {
	list, gap := make([]int, len(s.a)), 0
	for j := range s.a {
		if i := s.ab[j]; i >= 0 && s.bc[i] >= 0 {
			gap++
		}
		list[j] = gap
	}
	return list
}

// alone reports whether the first look alone shows a block, in any form.
func (s *settling) alone(i int) bool {
	return s.bc[i] < 0 && s.ba[i] < 0 && len(s.pairAB.old(i)) == 0 && s.first.Blocks[i].Kind != extract.Note
}

// aloneInSecond is alone for the second look.
func (s *settling) aloneInSecond(k int) bool {
	return s.cb[k] < 0 && s.ca[k] < 0 && len(s.pairAC.old(k)) == 0 && s.second.Blocks[k].Kind != extract.Note
}

// sightings returns what the two looks did not agree on, each line and each
// place once, in the order of the page.
func (s *settling) sightings() []Sighting {
	var all []Sighting
	seen := map[Sighting]bool{}
	add := func(x Sighting) {
		id := x
		id.Text = ""
		if x.Kind != InPlace {
			id = Sighting{Kind: x.Kind, Text: shape(x.Text)}
		}
		if !seen[id] && len(all) < maxSightings {
			seen[id] = true
			x.Text = shortened(x.Text)
			all = append(all, x)
		}
	}
	note := func(kind SightingKind, block *extract.Block) {
		if block.Kind == extract.Note {
			return
		}
		add(Sighting{Kind: kind, Path: block.Path, Text: block.Text})
		if kind == Rotates && block.Path != "" {
			add(Sighting{Kind: InPlace, Path: block.Path, Text: block.Text, Steady: s.steadyAt[block.Path]})
		}
	}
	for i := range s.b {
		switch {
		case s.ticks[i]:
			note(Ticks, &s.first.Blocks[i])
		case s.bc[i] < 0:
			note(Rotates, &s.first.Blocks[i])
		}
	}
	for k := range s.c {
		if s.cb[k] < 0 && len(s.pairBC.old(k)) == 0 {
			note(Rotates, &s.second.Blocks[k])
		}
	}
	for j := range s.a {
		if s.loose[j] {
			note(Rotates, &s.before.Blocks[j])
		}
	}
	return all
}
