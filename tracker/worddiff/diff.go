package worddiff

import "math/bits"

// Bounds of the work on one pair of texts.
const (
	// maxTokens is the length of a text, in tokens (a paragraph that both texts
	// have is one), up to which sentences and words are compared; of longer ones
	// only whole paragraphs are.
	maxTokens = 500_000
	// maxCells bounds the boxes that are searched for their least difference.
	maxCells = 1 << 20
)

// Diff compares two texts, each given as its paragraphs with the line breaks
// that follow them.
//
// Rows stand in the order of the new text, removed ones where they were. The
// Equal and Insert spans of all rows as they stand are the new text to the
// byte; the Equal and Delete spans of the rows sorted by Old are the old one.
// This holds for any bytes. Every paragraph belongs to one row, and the
// paragraphs of a row follow one another in either text; a paragraph without a
// word or mark goes with the one before it.
//
// The answer depends on the two texts alone. Time and memory grow little more
// than in proportion to the texts. Where one is longer than half a million
// tokens whole paragraphs are told apart and no words within.
func Diff(before, after []string) []Row {
	m := scratches.Get().(*scratch)
	v := &m.vocab
	v.reset(roomFor(before) + roomFor(after))
	d := &differ{vocab: v, old: newSide(before, v, m.old), new: newSide(after, v, m.new), cands: m.cands, words: &wordDiffer{}}
	rows := d.compare()
	m.release(d)
	return rows
}

// compare lines the two texts up and returns the rows.
func (d *differ) compare() []Row {
	if d.old.empty() || d.new.empty() {
		return d.oneSided()
	}
	head, tail := d.commonEnds()
	if mayBeSame(d.old.inner(head, tail), d.new.inner(head, tail)) && d.same(head, tail) {
		return d.sameRows(head, tail)
	}
	d.findTwins()
	d.old.tokenise(d.vocab)
	d.new.tokenise(d.vocab)
	d.coarse = len(d.old.toks) > maxTokens || len(d.new.toks) > maxTokens
	d.vocab.weigh(d.old, d.new)
	d.old.cutUnits(d.coarse, d.vocab)
	d.new.cutUnits(d.coarse, d.vocab)
	n := min(len(d.old.units), len(d.new.units))
	d.links, d.whole = make([]link, 0, n), make([]run, 0, n)
	d.align(head, tail)
	d.move()
	return d.rows()
}

// roomFor returns about how many keys a text holds for which room is made at the
// start.
func roomFor(paragraphs []string) int {
	n := 0
	for _, p := range paragraphs {
		n += len(p)
	}
	return len(paragraphs) + min(n/64, 1<<12)
}

// A differ is one comparison under way.
type differ struct {
	vocab    *vocabulary
	old, new *side
	coarse   bool
	whole    []run       // those of links between equal units
	links    []link      // what keeps its order, in that order
	cands    []candidate // pairs of units that are alike
	kept     []group     // rows that keep their order, in that order
	moved    []group     // rows that stand elsewhere
	words    *wordDiffer
}

// commonEnds returns how many paragraphs at the beginning and at the end are the
// same but for white space around them.
func (d *differ) commonEnds() (head, tail int) {
	a, b := d.old.paras, d.new.paras
	for head < len(a) && head < len(b) && a[head].body == b[head].body {
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail].body == b[len(b)-1-tail].body {
		tail++
	}
	return head, tail
}

// inner returns the text less head paragraphs at its beginning and tail ones at
// its end.
func (s *side) inner(head, tail int) string {
	if head+tail >= len(s.paras) {
		return ""
	}
	return s.text[s.paras[head].from:s.paras[len(s.paras)-1-tail].to]
}

// mayBeSame tells most texts apart that differ in more than typography, without
// cutting them into tokens, by the first of their ASCII letters and digits that
// differs. Typography leaves those alone, unless accents are written as
// characters of their own: where one stands in the chunk or before it that might
// be such, it cannot tell.
func mayBeSame(a, b string) bool {
	for i, j := 0, 0; ; i, j = i+1, j+1 {
		var sureA, sureB bool
		i, sureA = nextLetter(a, i)
		j, sureB = nextLetter(b, j)
		switch {
		case !sureA || !sureB, i == len(a) && j == len(b):
			return true
		case i == len(a) || j == len(b) || a[i] != b[j]:
			return !sureOfChunk(a, i) || !sureOfChunk(b, j)
		}
	}
}

// nextLetter returns where the next ASCII letter or digit stands in s[i:], or
// the length of s. It is sure of it where all before is Latin-1 or general
// punctuation.
func nextLetter(s string, i int) (at int, sure bool) {
	for i < len(s) {
		switch c := s[i]; {
		case asciiLetter(c) || asciiDigit(c):
			return i, true
		case c < 0x80:
			i++
		case (c == 0xC2 || c == 0xC3) && i+1 < len(s):
			i += 2
		case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80:
			i += 3
		default:
			return i, false
		}
	}
	return i, true
}

// sureOfChunk reports whether nextLetter is sure of all letters of s[i:] up to
// white space.
func sureOfChunk(s string, i int) bool {
	for sure := true; i < len(s) && s[i] != ' ' && s[i] != '\n'; i++ {
		if i, sure = nextLetter(s, i); !sure {
			return false
		}
	}
	return true
}

// same reports whether the texts differ in typography alone, given that they do
// so in head and tail paragraphs at the ends.
func (d *differ) same(head, tail int) bool {
	return d.old.digest(head, tail) == d.new.digest(head, tail)
}

// digest returns a hash of the keys of the text less head paragraphs at its
// beginning and tail ones at its end.
func (s *side) digest(head, tail int) [32]byte {
	p := newPrinter()
	for i := head; i < len(s.paras)-tail; i++ {
		p.scan(s.text, s.paras[i].from, s.paras[i].to)
	}
	return p.sum()
}

// findTwins marks the paragraphs whose text stands in both texts as often. Of one
// that stands there less often now, another may be what became of the rest.
func (d *differ) findTwins() {
	more := make([]int, len(d.vocab.bulk)) // by body: how many more there are in the new text
	for i := range d.old.paras {
		more[d.old.paras[i].body]--
	}
	for i := range d.new.paras {
		more[d.new.paras[i].body]++
	}
	for i := range d.old.paras {
		p := &d.old.paras[i]
		p.twin = more[p.body] == 0
	}
	for i := range d.new.paras {
		p := &d.new.paras[i]
		p.twin = more[p.body] == 0
	}
}

// cutUnits cuts paragraphs into sentences; where coarse, it leaves them whole.
func (s *side) cutUnits(coarse bool, v *vocabulary) {
	s.units = emptied(s.units, len(s.paras)+len(s.toks)/8)
	var cut sentenceCutter
	for i := range s.paras {
		p := &s.paras[i]
		p.u0 = len(s.units)
		from := p.t0
		if !p.twin && !coarse {
			t := p.t0
			for _, end := range cut.ends(s.text[p.start:p.end]) {
				at := p.start + end
				for t < p.t1 && s.toks[t].start < at {
					t++
				}
				if t > from && t < p.t1 {
					s.addUnit(i, from, t, v)
					from = t
				}
			}
		}
		s.addUnit(i, from, p.t1, v)
		p.u1 = len(s.units)
	}
}

func (s *side) addUnit(para, from, to int, v *vocabulary) {
	u := unit{para: para, t0: from, t1: to, bytes: 1, words: to - from, hash: uint64(to - from)}
	for i := from; i < to; i++ {
		t := &s.toks[i]
		u.bytes += t.end - t.start
		u.weight += int(v.weight[t.id])
		u.hash = bits.RotateLeft64((u.hash^uint64(t.id))*0x9E3779B97F4A7C15, 29)
	}
	if s.paras[para].twin {
		u.words = 1 + u.bytes/6
	}
	s.units = append(s.units, u)
}
