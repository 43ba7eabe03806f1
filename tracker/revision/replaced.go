package revision

import (
	"strings"

	"storydiff/tracker/extract"
)

// oneSided reports whether the passage came or went whole.
func (f *finding) oneSided() bool {
	o, n := overlap(f.p.old.words, f.p.oldBytes).len(), overlap(f.p.new.words, f.p.newBytes).len()
	return f.p.pure() && (o == 0 || n == 0)
}

// rewritten reports whether less than a fifth of the words of content stayed, of
// five at least, or none of three: what one word became is then a matter of
// chance.
func (f *finding) rewritten() bool {
	count := func(words []word) int {
		n := 0
		for _, w := range words {
			if f.c.lex.isContent(w) {
				n++
			}
		}
		return n
	}
	o, n := overlap(f.p.old.words, f.p.oldBytes), overlap(f.p.new.words, f.p.newBytes)
	all := min(count(f.p.old.words[o.from:o.to]), count(f.p.new.words[n.from:n.to]))
	gone := 0
	for _, s := range f.p.sites {
		gone += count(f.p.new.words[s.newWords.from:s.newWords.to])
	}
	stayed := count(f.p.new.words[n.from:n.to]) - gone
	return all >= 3 && stayed <= 0 || all >= 5 && stayed*5 < all
}

// replaced tells of sentences that came, went or took the place of others with
// hardly a word in common. Of single words no more is said than the numbers and
// dates where both have some, and that a quotation is among them.
func (f *finding) replaced(kind extract.BlockKind) {
	p := f.p
	before, after := strings.TrimSpace(p.oldText()), strings.TrimSpace(p.newText())
	words := site{p.oldBytes, p.newBytes, overlap(p.old.words, p.oldBytes), overlap(p.new.words, p.newBytes)}
	if words.isMarks() {
		f.marks(before, after)
		return
	}
	if words.oldWords.len() > 0 && words.newWords.len() > 0 {
		for _, s := range []struct {
			kind   Kind
			points int
			pairs  []pair
		}{{Number, pointsNumber, f.numbers(words)}, {Date, pointsDate, p.changedDates(words, f.c.lex)}} {
			for _, d := range s.pairs {
				if d.before != "" && d.after != "" {
					f.add(s.kind, d.before, d.after, s.points, changed)
				}
			}
		}
	}
	if kind == extract.Quote || p.old.anyQuoted(words.oldWords) || p.new.anyQuoted(words.newWords) {
		f.add(Quote, before, after, pointsQuote, natureOf(before, after))
	}
	f.add(Wording, before, after, f.sentencePoints(words), natureOf(before, after))
}

func (f *finding) numbers(s site) []pair {
	numbers, _, _ := f.p.changedNumbers(s, f.c.lex)
	return numbers
}
