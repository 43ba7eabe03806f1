package revision

import (
	"sort"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// An Origin says of a sentence which of several stories, the states of one
// article, it came with. They are named by their place in the list, from 0.
type Origin struct {
	Text  string // the sentence as it stands, with the white space behind it
	Came  int    // the story with which it came, in whatever words
	Since int    // the first story that had it in these words
	Back  int    // the story in which these words were back, having been away; 0: they never were
	Edits int    // how often its words changed from Came to Since
}

// Placed returns the story that put the sentence where it is in these words:
// Back, or else Since.
func (o Origin) Placed() int { return max(o.Back, o.Since) }

// Origins are those of the last of several stories.
type Origins struct {
	Headline, Standfirst, Byline Origin     // each as one; without Text where there is none
	Blocks                       [][]Origin // the sentences of each block
}

// TraceOrigins returns where the sentences of the last story came from. Stories
// are the states of one article, the oldest first.
//
// A sentence keeps its origin for as long as its words stay, wherever it stands;
// typography is no word. Where its words changed it is the same sentence, edited,
// if it lies between the same others and half of it was kept, as worddiff lines
// sentences up. Words that stood in an earlier story and were away have the
// origin that they had then, and say in which story they were back; for very
// short sentences, which stories share by chance, that is not looked for.
//
// The time goes with the length of all texts; each pair of stories that differ is
// compared once.
func TraceOrigins(stories []*extract.Story) *Origins {
	t := &originTracer{prints: map[string][32]byte{}, past: map[pieceKey]Origin{}}
	for i, s := range stories {
		t.step(i, s)
	}
	return t.origins()
}

// leastReturn is how many words a sentence of the text must have to be known
// again after it was away: "He declined." comes again by itself.
const leastReturn = 3

// The slots of a story: sentences are looked for within their own alone.
const (
	inText = iota
	inHeadline
	inStandfirst
	inByline
)

// A pieceKey tells the sentences of a slot apart by their words.
type pieceKey struct {
	slot  int
	print [32]byte
}

// A piece is a sentence of a story.
type piece struct {
	Origin
	key        pieceKey
	block      int // of the story; -1 in a field
	start, end int // in the text of all blocks with what ends each
	fresh      bool
}

// An originTracer follows sentences from story to story.
type originTracer struct {
	story  *extract.Story
	pieces []piece             // of story: those of the text in their order, then the fields
	text   int                 // how many of them are of the text
	prints map[string][32]byte // of sentences, by their text
	past   map[pieceKey]Origin // of words that stand in story no longer
}

// step goes on to story i.
func (t *originTracer) step(i int, s *extract.Story) {
	before, beforeText, beforeStory := t.pieces, t.text, t.story
	t.cut(s)
	stood := map[pieceKey][]int{}
	for n := range before {
		stood[before[n].key] = append(stood[before[n].key], n)
	}
	anew := false
	for n := range t.pieces {
		p := &t.pieces[n]
		from := stood[p.key]
		if len(from) == 0 {
			p.fresh, anew = true, anew || p.key.slot == inText
			continue
		}
		text := p.Text
		p.Origin, p.Text = before[from[0]].Origin, text
		stood[p.key] = from[1:]
	}
	var parents map[int]int
	if anew && beforeStory != nil {
		a := aligner{old: before[:beforeText], new: t.pieces[:t.text], share: map[[2]int]int{}}
		parents = a.parents(beforeStory, s)
	}
	for n := range t.pieces {
		if t.pieces[n].fresh {
			t.begin(i, n, before, parents)
		}
	}
	for key, left := range stood {
		if len(left) > 0 {
			t.past[key] = before[left[0]].Origin
		}
	}
}

// begin gives a sentence that the story before had not in these words its origin.
func (t *originTracer) begin(i, n int, before []piece, parents map[int]int) {
	p := &t.pieces[n]
	text := p.Text
	was, known := t.past[p.key]
	if known && (p.key.slot != inText || worddiff.Words(text) >= leastReturn) {
		p.Origin, p.Text, p.Back = was, text, i
		return
	}
	p.Came, p.Since = i, i
	parent, edited := parents[n]
	if p.key.slot != inText {
		parent, edited = fieldOf(before, p.key.slot)
	}
	if edited {
		p.Came, p.Edits = before[parent].Came, before[parent].Edits+1
	}
}

// fieldOf returns which piece is a field that is not empty.
func fieldOf(pieces []piece, slot int) (n int, ok bool) {
	for n := len(pieces) - 1; n >= 0 && pieces[n].block < 0; n-- {
		if pieces[n].key.slot == slot {
			return n, strings.TrimSpace(pieces[n].Text) != ""
		}
	}
	return 0, false
}

// cut sets t.pieces to the sentences of s.
func (t *originTracer) cut(s *extract.Story) {
	t.story = s
	t.pieces = make([]piece, 0, len(t.pieces)+8)
	at := 0
	add := func(slot, block int, text string) {
		p := piece{Origin: Origin{Text: text}, key: pieceKey{slot, t.print(text)}, block: block, start: at, end: at + len(text)}
		t.pieces = append(t.pieces, p)
		at = p.end
	}
	for i := range s.Blocks {
		for _, sentence := range worddiff.Sentences(s.Blocks[i].Text) {
			add(inText, i, sentence)
		}
		at += len(s.Blocks[i].End)
	}
	t.text = len(t.pieces)
	add(inHeadline, -1, s.Headline)
	add(inStandfirst, -1, s.Standfirst)
	add(inByline, -1, s.Byline)
}

// print is the fingerprint of a sentence.
func (t *originTracer) print(text string) [32]byte {
	sum, ok := t.prints[text]
	if !ok {
		sum = worddiff.Fingerprint(text)
		t.prints[text] = sum
	}
	return sum
}

// origins are those of the story that was reached.
func (t *originTracer) origins() *Origins {
	o := &Origins{}
	if t.story == nil {
		return o
	}
	o.Blocks = make([][]Origin, len(t.story.Blocks))
	for _, p := range t.pieces {
		switch p.key.slot {
		case inText:
			o.Blocks[p.block] = append(o.Blocks[p.block], p.Origin)
		case inHeadline:
			o.Headline = p.Origin
		case inStandfirst:
			o.Standfirst = p.Origin
		case inByline:
			o.Byline = p.Origin
		}
	}
	return o
}

// An aligner finds what the fresh sentences of a text were before.
type aligner struct {
	old, new []piece
	share    map[[2]int]int // by new and old piece: how many bytes of the one are of the other
}

// parents returns for fresh pieces of the new text which old one each was, where
// half of the shorter one was kept.
func (a *aligner) parents(before, after *extract.Story) map[int]int {
	rows := worddiff.Diff(paragraphs(before), paragraphs(after))
	oldAt, newAt := starts(before), starts(after)
	left := map[int][]stretch{} // of moved sentences, by their number: where they stood
	for _, row := range rows {
		if row.Old == 0 {
			continue
		}
		at := oldAt[row.Old-1]
		for _, s := range row.Spans {
			if s.Op == worddiff.Delete && s.Moved > 0 {
				left[s.Moved] = append(left[s.Moved], stretch{at, len(s.Text)})
			}
			at += len(s.Old())
		}
	}
	for _, row := range rows {
		if row.New == 0 {
			continue
		}
		at, from := newAt[row.New-1], 0
		if row.Old > 0 {
			from = oldAt[row.Old-1]
		}
		for _, s := range row.Spans {
			now := stretch{at, len(s.New())}
			switch {
			case s.Op == worddiff.Equal:
				a.kept(stretch{from, len(s.Old())}, now)
			case s.Op == worddiff.Insert && s.Moved > 0 && len(left[s.Moved]) > 0:
				a.kept(left[s.Moved][0], now)
				left[s.Moved] = left[s.Moved][1:]
			}
			at, from = at+len(s.New()), from+len(s.Old())
		}
	}
	return a.best()
}

// A stretch is a run of bytes of a text.
type stretch struct{ at, n int }

// starts returns where each block begins in the text of all.
func starts(s *extract.Story) []int {
	out := make([]int, len(s.Blocks))
	at := 0
	for i := range s.Blocks {
		out[i] = at
		at += len(s.Blocks[i].Text) + len(s.Blocks[i].End)
	}
	return out
}

// kept counts a stretch of the old text that the new one has.
func (a *aligner) kept(was, is stretch) {
	if was.n == 0 || is.n == 0 {
		return
	}
	end := is.at + is.n
	for n := pieceAt(a.new, is.at); n < len(a.new) && a.new[n].start < end; n++ {
		if !a.new[n].fresh {
			continue
		}
		from, to := max(is.at, a.new[n].start), min(end, a.new[n].end)
		if from >= to {
			continue
		}
		middle := was.at + ((from+to)/2-is.at)*was.n/is.n
		if o := pieceAt(a.old, middle); o < len(a.old) {
			a.share[[2]int{n, o}] += to - from
		}
	}
}

// pieceAt returns which piece of a text ends behind at.
func pieceAt(pieces []piece, at int) int {
	return sort.Search(len(pieces), func(i int) bool { return pieces[i].end > at })
}

// best chooses for each new piece the old one that most of it is of.
func (a *aligner) best() map[int]int {
	parents := map[int]int{}
	for pair, n := range a.share {
		p, q := &a.new[pair[0]], &a.old[pair[1]]
		if 2*n < min(p.end-p.start, q.end-q.start) {
			continue
		}
		other, taken := parents[pair[0]]
		if most := a.share[[2]int{pair[0], other}]; !taken || n > most || n == most && pair[1] < other {
			parents[pair[0]] = pair[1]
		}
	}
	return parents
}
