package tracker

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// When what is known of a line makes it furniture. The numbers were chosen on
// the newspaper of the tests (TestTrial), whose outlet repeats background
// paragraphs in a quarter of its stories and cards in all of them: from 2
// neighbours on nothing of the cards is left, and with 3 no subheading or list of
// two stories on one subject is taken for one.
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
		if !teaches(&block) || own[folded(block.Text)] || taught[key] || len(all) == maxLessons {
			continue
		}
		taught[key] = true
		all = append(all, Lesson{key, shortened(block.Text), block.Path})
	}
	return all
}

func teaches(b *extract.Block) bool {
	return b.Kind == extract.Paragraph || b.Kind == extract.Heading || b.Kind == extract.List
}

// ownWords returns the headline, the standfirst and the first paragraphs of the
// prose of stories, folded.
func ownWords(stories ...*extract.Story) map[string]bool {
	own := map[string]bool{}
	for _, s := range stories {
		own[folded(s.Headline)], own[folded(s.Standfirst)] = true, true
		prose, n := proseOf(s), 0
		for _, block := range s.Blocks {
			if block.Kind == extract.Paragraph && prose.among(block.Path) && n < openings {
				own[folded(block.Text)] = true
				n++
			}
		}
	}
	delete(own, "")
	return own
}

// A prose is where in a page an article's paragraphs stand: the elements around
// them, as paths say it.
type prose map[string]bool

// proseOf returns where at least a quarter as many words stand as in the place
// that holds most.
func proseOf(stories ...*extract.Story) prose {
	p := prose{}
	for _, s := range stories {
		words, most := map[string]int{}, 0
		for _, block := range s.Blocks {
			if block.Kind == extract.Paragraph {
				words[around(block.Path)] += worddiff.Words(block.Text)
				most = max(most, words[around(block.Path)])
			}
		}
		for place, n := range words {
			p[place] = p[place] || n*4 >= most
		}
	}
	return p
}

// around returns the elements around the one that a path ends in.
func around(path string) string {
	if i := strings.LastIndex(path, " > "); i >= 0 {
		return path[:i]
	}
	return ""
}

// among reports whether a path ends among the prose.
func (p prose) among(path string) bool { return p[around(path)] }

// A lore is what is known to an article of the lines of some stories.
type lore struct {
	outlet string
	known  map[int64]Known
}

// loreOf asks for all that the blocks of stories may be known by.
func loreOf(ctx context.Context, from Learner, a *Article, stories ...*extract.Story) (lore, error) {
	keys := map[int64]bool{}
	for _, s := range stories {
		for _, block := range s.Blocks {
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
	return without(s, func(i int) bool {
		block := &s.Blocks[i]
		if own[folded(block.Text)] {
			known := l.known[keyOf(l.outlet, Sighting{Kind: Rotates, Text: block.Text})]
			return known.Own && worddiff.Words(block.Text) < openingWords
		}
		return l.furniture(block, where.among(block.Path), shared[block.Path])
	})
}

// furniture reports whether a block is known to be furniture. In a place where
// both stories have a text in common no place is believed to rotate.
func (l lore) furniture(b *extract.Block, inProse, shared bool) bool {
	words := worddiff.Words(b.Text)
	if l.known[keyOf(l.outlet, Sighting{Kind: Rotates, Text: b.Text})].rotating() {
		return true
	}
	if b.Path != "" && !shared && words < placeWords && l.known[keyOf(l.outlet, Sighting{Kind: InPlace, Path: b.Path})].rotating() {
		return true
	}
	return teaches(b) && crowded(l.known[lineKey(l.outlet, b.Text)].Others, inProse, words)
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

// Steady returns the story of a version as it is compared: without the blocks
// that another look at it showed to be furniture. The version itself keeps them,
// for its text and hash say what was read of its capture.
func (v *Version) Steady() *extract.Story {
	return without(&v.Story, func(i int) bool { return slices.Contains(v.Loose, i) })
}

// steadyNumbers returns for each block of the steady story its number in the
// version's.
func (v *Version) steadyNumbers() (numbers []int) {
	for i, block := range v.Story.Blocks {
		if block.Kind == extract.Note || !slices.Contains(v.Loose, i) {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// doubts returns what is to be doubted of the n blocks of a version's steady
// story. Of one that was read anew nothing is where two captures agree.
func (v *Version) doubts(n int) []doubt {
	list := make([]doubt, n)
	if v.SecondID == 0 {
		for i := range list {
			list[i] = unseen
		}
		return list
	}
	if v.Extractor == extract.Revision {
		for i, number := range v.steadyNumbers() {
			if slices.Contains(v.Doubt, number) {
				list[i] = contradicted
			}
		}
	}
	return list
}

// Sides returns the stories of two versions of an article as every comparison
// that is shown compares them: without what the looks at them, and what has been
// learned since of their article and its outlet, tell to be furniture.
//
// A change that was recorded stays to be seen: where what was learned since
// leaves no difference, it is left aside.
func Sides(ctx context.Context, from Learner, a *Article, before, after *Version) (x, y *extract.Story, err error) {
	was, is := before.Steady(), after.Steady()
	l, err := loreOf(ctx, from, a, was, is)
	if err != nil {
		return nil, nil, err
	}
	if x, y = l.sides(was, is); revision.Key(x) == revision.Key(y) {
		return was, is, nil
	}
	return x, y, nil
}

// Furniture is something that was learned to be no part of an outlet's articles.
type Furniture struct {
	Why      FurnitureWhy
	Text     string    // of the line, or of one that stood in the place; shortened
	Path     string    // where it stood in the page where it was last seen
	Articles int       // in how many articles
	Since    time.Time // when it was first seen
}

// A FurnitureWhy says how something was learned to be furniture.
type FurnitureWhy string

// How furniture is learned: from neighbours, or from looks at one article.
const (
	OfNeighbours FurnitureWhy = "neighbours"
	ItRotates                 = FurnitureWhy(Rotates)
	ItTicks                   = FurnitureWhy(Ticks)
	PlaceRotates              = FurnitureWhy(InPlace)
)

// Believed reports whether some article of the outlet leaves it out. Of lines
// that several articles have, those that stand in few are no furniture yet.
func (f *Furniture) Believed() bool {
	return f.Why != OfNeighbours || crowded(f.Articles-1, false, 0)
}

// Reason is a sentence that says why it is taken for furniture, and where.
func (f *Furniture) Reason() string {
	const twice = " between two looks a moment apart, in two checks"
	everywhere := ""
	if f.Articles < learnedBy {
		everywhere = "; so far by this article alone"
	}
	switch f.Why {
	case OfNeighbours:
		return fmt.Sprintf("it stands in %d articles: left out where it stands apart from an article's text, and within it where it stands in more than %d articles and has fewer than %d words", f.Articles, proseNeighbours, longProse)
	case ItTicks:
		return "some of its words differed" + twice + ": compared as the version before had it" + everywhere
	case PlaceRotates:
		return "what stands there came and went" + twice + ": left out whatever it is" + everywhere
	}
	return "it came and went" + twice + ": left out" + everywhere
}

// lineKey is what a line is looked up by among those of an outlet's articles.
func lineKey(outlet, text string) int64 {
	print := worddiff.Fingerprint(text)
	return hashed(outlet, "line", string(print[:]))
}

// keyOf is what a sighting is looked up by: a place by its path, a line by its
// shape.
func keyOf(outlet string, s Sighting) int64 {
	if s.Kind == InPlace {
		return hashed(outlet, string(s.Kind), s.Path)
	}
	return hashed(outlet, string(s.Kind), shape(s.Text))
}

// hashed returns the first eight bytes of the SHA-256 of parts.
func hashed(parts ...string) int64 {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// shape returns a text with every run of digits, and what parts them, as one
// sign: all that a counter shows, whatever it counts.
func shape(text string) string {
	var b strings.Builder
	digits := false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			if !digits {
				b.WriteByte('#')
			}
			digits = true
		case digits && strings.ContainsRune(".,:\u00a0\u202f’'", r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
			digits = false
		default:
			b.WriteRune(unicode.ToLower(r))
			digits = false
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// folded returns the letters and digits of a text in lower case.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// maxShown is how much of a learned line is kept to be shown, in characters.
const maxShown = 120

func shortened(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	if runes := []rune(text); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return text
}
