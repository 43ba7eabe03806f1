package tracker

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// When what is known of a line makes it furniture.
//
// The tests measure it: of a line new to all pages of an outlet as many articles
// make an edit as boxNeighbours says, and all of them if nothing is learned
// (TestCampaignOfTheOutlet: 3 of 12, and 12). Two would do there, but two stories
// on one subject share subheadings and lists. What rotates at every view is told
// by two looks: on that the numbers have no influence (TestTrial is the same with
// 2 and 3, 3 and 5, and without neighbours), nor on edits of background, which is
// long.
const (
	// boxNeighbours is in how many other articles of the outlet a line must stand
	// that stands apart from the article's prose.
	boxNeighbours = 3
	// proseNeighbours is the same for a line among the prose, where an outlet's
	// reporters repeat each other.
	proseNeighbours = 5
	// longProse is how many words a line among the prose may have to be taken for
	// furniture at all: a longer one is background, and an edit of it an edit.
	longProse = 20
	// learnedBy is how many other articles must have found a line or a place
	// unsteady for the whole outlet to believe it.
	learnedBy = 2
	// placeWords is how many words a text may have to be passed over for the place
	// it stands in. A longer one is worth a second look.
	placeWords = 40
	// openings is how many first paragraphs are always the article's own: the
	// cards in other articles repeat them.
	openings = 3
	// openingWords is how many words make a first paragraph so telling that nothing
	// takes it for furniture.
	openingWords = 12
	// maxLessons bounds what a version teaches.
	maxLessons = 2000
)

// Known is what an outlet's articles have taught of a line or a place.
type Known struct {
	Others int  // other articles of the outlet in whose text the line stands
	Own    bool // looks at the article itself found it unsteady in two checks
	Outlet int  // other articles whose looks did
}

// rotating reports whether looks found it unsteady often enough.
func (k Known) rotating() bool { return k.Own || k.Outlet >= learnedBy }

// A Learner knows what articles have taught.
type Learner interface {
	// Learned returns what is known of keys to an article; a key of which nothing
	// is known is left out.
	Learned(ctx context.Context, articleID int64, keys []int64) (map[int64]Known, error)
}

// A Lesson is a line of an article's text that other articles of its outlet may
// have too.
type Lesson struct {
	Key  int64
	Text string // shortened
	Path string
}

// lessons returns what a story teaches: its paragraphs, headings and list items
// that are not its own words. Captions, quotations and tables are left out, for
// articles on one subject share them and an edit of one is an edit; so are notes.
func lessons(outlet string, s *extract.Story) []Lesson {
	own := ownWords(s)
	var all []Lesson
	taught := map[int64]bool{}
	for _, block := range s.Blocks {
		key := lineKey(outlet, block.Text)
		if !teaches(&block) || own[extract.Folded(block.Text)] || taught[key] || len(all) == maxLessons {
			continue
		}
		taught[key] = true
		all = append(all, Lesson{key, shortened(block.Text), block.Path})
	}
	return all
}

// repeated returns the lines of a story that enough other articles have: it has
// them too, and says so although it makes no version of them.
func (l lore) repeated(s *extract.Story) []Lesson {
	return slices.DeleteFunc(lessons(l.outlet, s), func(at Lesson) bool { return l.known[at.Key].Others < boxNeighbours })
}

func teaches(b *extract.Block) bool {
	return b.Kind == extract.Paragraph || b.Kind == extract.Heading || b.Kind == extract.List
}

// A lore is what is known to an article of the lines of some stories.
type lore struct {
	outlet string
	known  map[int64]Known
}

// loreOf asks for all that the blocks of stories may be known by.
func loreOf(ctx context.Context, from Learner, a *Article, stories ...*extract.Story) (lore, error) {
	keys := map[int64]bool{}
	asked := map[[2]string]bool{} // path and text: most blocks stand in both of two stories
	for _, s := range stories {
		for _, block := range s.Blocks {
			at := [2]string{block.Path, block.Text}
			if asked[at] {
				continue
			}
			asked[at] = true
			keys[lineKey(a.Outlet, block.Text)] = true
			for _, kind := range []SightingKind{Rotates, Ticks, InPlace} {
				keys[keyOf(a.Outlet, Sighting{Kind: kind, Path: block.Path, Text: block.Text})] = true
			}
		}
	}
	known, err := from.Learned(ctx, a.ID, slices.Sorted(maps.Keys(keys)))
	if err != nil {
		return lore{}, fmt.Errorf("asking what is furniture of %s: %w", a.Outlet, err)
	}
	return lore{a.Outlet, known}, nil
}

// sides returns two stories of one article as they are compared: both without
// what is known to be furniture. Notes never are, and the article's own words,
// which are the headline, the standfirst and the first paragraphs of either
// story, not by what other articles teach; nor long ones of them by what looks at
// the article taught, for they are repeated on its own page too.
func (l lore) sides(before, after *extract.Story) (x, y *extract.Story) {
	if len(l.known) == 0 {
		return before, after
	}
	own, where, shared := ownWords(before, after), proseOf(before, after), sharedPaths(before, after)
	x, y = l.without(before, own, where, shared), l.without(after, own, where, shared)
	return x, l.untick(x, y)
}

func (l lore) without(s *extract.Story, own map[string]bool, where prose, shared map[string]bool) *extract.Story {
	return without(s, func(i int) bool { return l.why(&s.Blocks[i], own, where, shared) != "" })
}

// why says how a block is known to be furniture; empty: it is not. In a place
// where both stories have a text in common no place is believed to rotate.
func (l lore) why(b *extract.Block, own map[string]bool, where prose, shared map[string]bool) FurnitureWhy {
	words := worddiff.Words(b.Text)
	line := l.known[keyOf(l.outlet, Sighting{Kind: Rotates, Text: b.Text})]
	if own[extract.Folded(b.Text)] {
		if line.Own && words < openingWords {
			return ItRotates
		}
		return ""
	}
	switch {
	case line.rotating():
		return ItRotates
	case b.Path != "" && !shared[b.Path] && words < placeWords && l.known[keyOf(l.outlet, Sighting{Kind: InPlace, Path: b.Path})].rotating():
		return PlaceRotates
	case teaches(b) && crowded(l.known[lineKey(l.outlet, b.Text)].Others, where.among(b.Path), words):
		return OfNeighbours
	}
	return ""
}

// crowded reports whether a line that stands in so many other articles of its
// outlet is the outlet's furniture.
func crowded(others int, inProse bool, words int) bool {
	if inProse {
		return words < longProse && others >= proseNeighbours
	}
	return others >= boxNeighbours
}

// untick returns y with the lines that are known to tick as x has them, where x
// has as many of each.
func (l lore) untick(x, y *extract.Story) *extract.Story {
	ticking := func(s *extract.Story) map[int64][]int {
		at := map[int64][]int{}
		for i, block := range s.Blocks {
			key := keyOf(l.outlet, Sighting{Kind: Ticks, Text: block.Text})
			if block.Kind != extract.Note && l.known[key].rotating() {
				at[key] = append(at[key], i)
			}
		}
		return at
	}
	was, is := ticking(x), ticking(y)
	still := *y
	still.Blocks = slices.Clone(y.Blocks)
	for key, list := range is {
		if len(was[key]) != len(list) {
			continue
		}
		for n, i := range list {
			end := still.Blocks[i].End
			still.Blocks[i] = x.Blocks[was[key][n]]
			still.Blocks[i].End = end
		}
	}
	return &still
}

// sharedPaths returns the places in which two stories have a text in common.
func sharedPaths(x, y *extract.Story) map[string]bool {
	ids := idsOf(x)
	match, _ := matched(ids, idsOf(y))
	paths := map[string]bool{}
	for i, j := range match {
		if j >= 0 && x.Blocks[i].Kind != extract.Note && x.Blocks[i].Path == y.Blocks[j].Path {
			paths[x.Blocks[i].Path] = true
		}
	}
	return paths
}

// Sides returns the stories of two versions of an article as every comparison
// that is shown compares them: without what the looks at them, and what has been
// learned since of their article and its outlet, tell to be furniture.
//
// A change that was recorded stays to be seen: where what was learned since
// leaves no difference, it is left aside.
func Sides(ctx context.Context, from Learner, a *Article, before, after *Version) (x, y *extract.Story, err error) {
	was, is := before.Steady(), after.Steady()
	x, y, alone, err := bared(ctx, from, a, was, is)
	if err != nil || alone {
		return was, is, err
	}
	return x, y, nil
}

// bared returns two stories of an article without what has been learned to be
// furniture; alone says that nothing else is left between them.
func bared(ctx context.Context, from Learner, a *Article, was, is *extract.Story) (x, y *extract.Story, alone bool, err error) {
	l, err := loreOf(ctx, from, a, was, is)
	if err != nil {
		return nil, nil, false, err
	}
	x, y = l.sides(was, is)
	return x, y, revision.Key(x) == revision.Key(y), nil
}
