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

// furniture returns those of the version's blocks, which neither look shows, that
// are furniture: where they stood the looks show unsteady blocks of the same kind
// and path. In a place where both looks agree on a text as well, that holds
// between the same steady neighbours alone, for no more blocks than are unsteady
// there, and for the shortest.
func (s *settling) furniture(gone []int) (loose []int) {
	type spot struct {
		kind extract.BlockKind
		path string
		gap  int // -1: anywhere
	}
	counts := func(story *extract.Story, unsteady func(int) bool, anchor func(int) bool) map[spot]int {
		n, gap := map[spot]int{}, 0
		for i, block := range story.Blocks {
			if anchor(i) {
				gap++
			}
			if unsteady(i) {
				n[spot{block.Kind, block.Path, gap}]++
				n[spot{block.Kind, block.Path, -1}]++
			}
		}
		return n
	}
	inFirst := counts(s.first, s.alone, func(i int) bool { return s.bc[i] >= 0 && s.ba[i] >= 0 })
	inSecond := counts(s.second, s.aloneInSecond, func(k int) bool { return s.cb[k] >= 0 && s.ba[s.cb[k]] >= 0 })
	gapOf, gap := make([]int, len(s.a)), 0
	for j := range s.a {
		if i := s.ab[j]; i >= 0 && s.bc[i] >= 0 {
			gap++
		}
		gapOf[j] = gap
	}
	shortest := slices.Clone(gone)
	slices.SortStableFunc(shortest, func(i, j int) int {
		return cmp.Compare(len(s.before.Blocks[i].Text), len(s.before.Blocks[j].Text))
	})
	taken := map[spot]int{}
	for _, j := range shortest {
		block := &s.before.Blocks[j]
		at := spot{block.Kind, block.Path, -1}
		if s.steadyAt[block.Path] || block.Path == "" {
			at.gap = gapOf[j]
		}
		n := max(inFirst[at], inSecond[at])
		if at.gap >= 0 && taken[at] >= n || n == 0 {
			continue
		}
		taken[at]++
		loose = append(loose, j)
	}
	return loose
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
