package worddiff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/worddiff"
)

// A word of a generated article. One that stands in two versions is the same
// pointer in both, which is what the truth is read from.
type word struct{ text string }

type sentence struct{ words []*word }

type story [][]*sentence // paragraphs

// A generator makes articles, and edits of which it knows the truth.
type generator struct {
	*rand.Rand
	words []string
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 99))}
	for len(g.words) < 3000 {
		g.words = append(g.words, g.coin())
	}
	return g
}

// coin makes up a word.
func (g *generator) coin() string {
	onsets := strings.Split("b c d f g h k l m n p r s t v w br cl dr st tr pl sh th", " ")
	vowels := strings.Split("a e i o u ea ou ai", " ")
	codas := []string{"", "", "n", "r", "s", "t", "l", "nd", "st", "ck"}
	var b strings.Builder
	for range 1 + g.IntN(3) {
		b.WriteString(onsets[g.IntN(len(onsets))] + vowels[g.IntN(len(vowels))] + codas[g.IntN(len(codas))])
	}
	return b.String()
}

// pick returns a word about as often as a text has it: half of all are of a few
// short ones.
func (g *generator) pick() string {
	small := strings.Split("the the the of of to and in in a a that is was for on it with as by at from his has", " ")
	switch g.IntN(20) {
	case 0:
		return fmt.Sprint(1 + g.IntN(400))
	case 1, 2, 3, 4, 5, 6, 7, 8:
		return small[g.IntN(len(small))]
	}
	return g.words[int(float64(len(g.words))*g.Float64()*g.Float64()*g.Float64())]
}

func (g *generator) sentence() *sentence {
	s := &sentence{}
	for range 7 + g.IntN(18) {
		s.words = append(s.words, &word{g.pick()})
	}
	return s
}

func (g *generator) story(paragraphs int) story {
	var out story
	for range paragraphs {
		var p []*sentence
		for range 1 + g.IntN(4) {
			p = append(p, g.sentence())
		}
		out = append(out, p)
	}
	return out
}

func (g *generator) article(paragraphs int) []string { return g.story(paragraphs).text() }

// edit edits a text of which the truth does not matter.
func (g *generator) edit(paras []string, n int) ([]string, int) {
	out := slices.Clone(paras)
	for range n {
		i := g.IntN(len(out))
		out[i] = strings.Replace(out[i], " ", " "+g.pick()+" ", 1+g.IntN(3))
	}
	return out, n
}

// text writes the story; words carry a capital and a full stop by their place.
func (s story) text() []string {
	var out []string
	for _, p := range s {
		var b strings.Builder
		for i, sent := range p {
			for k, w := range sent.words {
				switch {
				case k == 0:
					b.WriteString(strings.ToUpper(w.text[:1]) + w.text[1:])
				default:
					b.WriteString(" " + w.text)
				}
			}
			b.WriteString(".")
			if i < len(p)-1 {
				b.WriteString(" ")
			}
		}
		out = append(out, b.String()+"\n\n")
	}
	return out
}

// clone returns a story that shares its words alone.
func (s story) clone() story {
	var out story
	for _, p := range s {
		var q []*sentence
		for _, sent := range p {
			q = append(q, &sentence{slices.Clone(sent.words)})
		}
		out = append(out, q)
	}
	return out
}

// A truth tells what an edited story has been through.
type truth struct {
	moved [][]*word // the words of each sentence or paragraph that moved
}

// change makes one edit.
func (g *generator) change(s *story, t *truth) {
	p := g.IntN(len(*s))
	k := g.IntN(len((*s)[p]))
	sent := (*s)[p][k]
	at := 1 + g.IntN(len(sent.words)-2)
	switch g.IntN(12) {
	case 0, 1, 2: // swap a word or two
		for i := at; i < min(at+1+g.IntN(2), len(sent.words)-1); i++ {
			sent.words[i] = &word{g.coin() + "x"}
		}
	case 3, 4: // insert a phrase
		var phrase []*word
		for range 1 + g.IntN(5) {
			phrase = append(phrase, &word{g.pick()})
		}
		sent.words = slices.Insert(sent.words, at, phrase...)
	case 5: // delete a phrase
		if n := 1 + g.IntN(3); len(sent.words) > n+6 && at+n < len(sent.words) {
			sent.words = slices.Delete(sent.words, at, at+n)
		}
	case 6: // a new sentence
		(*s)[p] = slices.Insert((*s)[p], k, g.sentence())
	case 7: // a sentence goes
		if len((*s)[p]) > 1 {
			(*s)[p] = slices.Delete((*s)[p], k, k+1)
		}
	case 8: // a sentence moves
		g.moveSentence(s, p, k, t)
	case 9: // a paragraph moves
		g.moveParagraph(s, p, t)
	case 10: // a paragraph is split
		if len((*s)[p]) > 1 {
			cut := 1 + g.IntN(len((*s)[p])-1)
			first, second := slices.Clone((*s)[p][:cut]), slices.Clone((*s)[p][cut:])
			*s = slices.Replace(*s, p, p+1, first, second)
		}
	case 11: // two are merged
		if p+1 < len(*s) {
			both := slices.Concat((*s)[p], (*s)[p+1])
			*s = slices.Replace(*s, p, p+2, both)
		}
	}
}

func (g *generator) moveSentence(s *story, p, k int, t *truth) {
	q := g.IntN(len(*s))
	sent := (*s)[p][k]
	if abs(p-q) < 2 || len((*s)[p]) < 2 || len(sent.words) < 9 {
		return
	}
	(*s)[p] = slices.Delete((*s)[p], k, k+1)
	(*s)[q] = slices.Insert((*s)[q], g.IntN(len((*s)[q])+1), sent)
	t.moved = append(t.moved, slices.Clone(sent.words))
}

func (g *generator) moveParagraph(s *story, p int, t *truth) {
	q := g.IntN(len(*s))
	if abs(p-q) < 3 {
		return
	}
	para := (*s)[p]
	var words []*word
	for _, sent := range para {
		words = append(words, sent.words...)
	}
	*s = slices.Insert(slices.Delete(*s, p, p+1), q, para)
	t.moved = append(t.moved, words)
}

func abs(n int) int { return max(n, -n) }

// fates returns, for every word of the paragraphs, what the rows say of it.
func fates(s story, paras []string, rows []worddiff.Row, place func(worddiff.Row) int, text func(worddiff.Span) string) map[*word]fate {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(x, y worddiff.Row) int { return place(x) - place(y) })
	var byByte []fate
	for _, r := range sorted {
		for _, span := range r.Spans {
			for range len(text(span)) {
				byByte = append(byByte, fate{span.Op != worddiff.Equal && span.Moved == 0, r.Op == worddiff.RowMoved || span.Moved > 0})
			}
		}
	}
	out := map[*word]fate{}
	at := 0
	for i, p := range s {
		from := at
		for _, sent := range p {
			for _, w := range sent.words {
				out[w] = byByte[from]
				from += len(w.text) + 1
			}
			from++
		}
		at += len(paras[i])
	}
	return out
}

type fate struct{ changed, moved bool }

// A score counts words rightly and wrongly called changed.
type score struct {
	hit, extra, missed int
	moves, found       int
}

func (s score) f1() float64 { return 2 * float64(s.hit) / float64(2*s.hit+s.extra+s.missed) }

func (s *score) add(words, other map[*word]fate) {
	for w, f := range words {
		_, kept := other[w]
		switch {
		case f.changed && !kept:
			s.hit++
		case f.changed:
			s.extra++
		case !kept:
			s.missed++
		}
	}
}

// measure compares generated pairs.
func measure(t *testing.T, seeds uint64, verbose bool) score {
	var total score
	for seed := range seeds {
		g := newGenerator(seed)
		before := g.story(8 + g.IntN(30))
		after := before.clone()
		var tr truth
		for range 1 + g.IntN(12) {
			g.change(&after, &tr)
		}
		x, y := before.text(), after.text()
		rows := worddiff.Diff(x, y)
		check(t, x, y, rows)
		olds := fates(before, x, rows, func(r worddiff.Row) int { return r.Old }, worddiff.Span.Old)
		news := fates(after, y, rows, func(worddiff.Row) int { return 0 }, worddiff.Span.New)
		s := score{}
		s.add(olds, news)
		s.add(news, olds)
		for _, words := range tr.moved {
			s.moves++
			n, kept := 0, 0
			for _, w := range words {
				if _, ok := olds[w]; ok && news[w].moved {
					n++
				}
				if _, ok := news[w]; ok {
					kept++
				}
			}
			if 2*n >= kept {
				s.found++
			}
		}
		if verbose && s.extra+s.missed > 4 {
			t.Logf("seed %d: %+v\n%s", seed, s, draw(slices.DeleteFunc(rows, func(r worddiff.Row) bool { return r.Op == worddiff.RowEqual })))
		}
		total.hit, total.extra, total.missed = total.hit+s.hit, total.extra+s.extra, total.missed+s.missed
		total.moves, total.found = total.moves+s.moves, total.found+s.found
	}
	return total
}

// Known edits of generated articles are found, and little else. A word counts as
// changed where it stands in a Delete or Insert span without the number of a
// move.
func TestQuality(t *testing.T) {
	s := measure(t, 150, false)
	t.Logf("F1 %.4f (%d right, %d too many, %d missed), moves %d of %d", s.f1(), s.hit, s.extra, s.missed, s.found, s.moves)
	if s.f1() < 0.98 {
		t.Errorf("F1 of changed words is %.4f, want 0.98", s.f1())
	}
	if found := float64(s.found) / float64(s.moves); found < 0.95 {
		t.Errorf("moves found: %.3f, want 0.95", found)
	}
}
