package worddiff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A word of a generated article, a number or a mark; each is one token. One that
// stands in two versions is the same pointer in both, which is what the truth is
// read from.
type word struct {
	text  string
	glued bool // no white space before it
}

type sentence struct{ words []*word }

type story [][]*sentence // paragraphs

// A generator makes articles that repeat themselves as real ones do: words by
// Zipf's law, names, numbers, phrases and now and then a whole sentence that
// come again.
type generator struct {
	*rand.Rand
	zipf    *rand.Zipf
	words   []string   // from the most frequent on
	names   [][]string // pieces of each
	numbers []string
	phrases [][]string
	said    []*sentence // so far
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 99))}
	g.zipf = rand.NewZipf(g.Rand, 1.07, 4, 2999)
	for len(g.words) < 3000 {
		g.words = append(g.words, g.coin())
	}
	for range 5 {
		g.names = append(g.names, g.name())
	}
	for range 4 {
		g.numbers = append(g.numbers, g.number())
	}
	for range 8 {
		g.phrases = append(g.phrases, g.phrase(2+g.IntN(5)))
	}
	return g
}

// coin makes up a word.
func (g *generator) coin() string {
	onsets := strings.Split("b c d f g h k l m n p r s t v w br cl dr st tr pl ch th", " ")
	vowels := strings.Split("a e i o u ea ou ai", " ")
	codas := []string{"", "", "n", "r", "s", "t", "l", "nd", "st", "rk"}
	var b strings.Builder
	for range 1 + g.IntN(3) {
		b.WriteString(onsets[g.IntN(len(onsets))] + vowels[g.IntN(len(vowels))] + codas[g.IntN(len(codas))])
	}
	return b.String()
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (g *generator) name() []string {
	switch g.IntN(4) {
	case 0:
		return []string{"Mr", ".", capital(g.coin())}
	case 1:
		return []string{"Dr", ".", capital(g.coin()), capital(g.coin())}
	case 2:
		return []string{capital(g.coin())}
	}
	return []string{capital(g.coin()), capital(g.coin())}
}

func (g *generator) number() string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("%d.%d", g.IntN(40), 1+g.IntN(9))
	case 1:
		return fmt.Sprintf("%d,%03d", 1+g.IntN(90), g.IntN(1000))
	}
	return fmt.Sprint(1 + g.IntN(400))
}

func (g *generator) phrase(n int) []string {
	var out []string
	for range n {
		out = append(out, g.pick())
	}
	return out
}

// pick returns a word about as often as a text has it: not quite half of all are
// of a few short ones.
func (g *generator) pick() string {
	const small = "the the the the the of of of to to and and in in a a a that is was for on it with as by at from his has be not but had will have are"
	if g.IntN(20) < 9 {
		list := strings.Fields(small)
		return list[g.IntN(len(list))]
	}
	return g.words[g.zipf.Uint64()]
}

// put appends pieces to s, marks without white space before them.
func (s *sentence) put(pieces ...string) {
	for _, p := range pieces {
		glued := strings.Contains(".,?%”", p) || len(s.words) > 0 && s.words[len(s.words)-1].text == "“"
		s.words = append(s.words, &word{p, glued})
	}
}

// sentence makes a sentence, or says one again.
func (g *generator) sentence() *sentence {
	if len(g.said) > 3 && g.IntN(30) == 0 {
		return copyOf(g.said[g.IntN(len(g.said))])
	}
	s := g.newSentence()
	g.said = append(g.said, s)
	return copyOf(s)
}

func (g *generator) newSentence() *sentence {
	s := &sentence{}
	n := 6 + g.IntN(18)
	if g.IntN(8) == 0 {
		n = 3 + g.IntN(4)
	}
	quote := g.IntN(6) == 0
	if quote {
		s.put("“")
	}
	first := len(s.words)
	s.put(g.pick())
	s.words[first].text = capital(s.words[first].text)
	for len(s.words) < n {
		g.putMore(s)
	}
	switch {
	case quote:
		s.put(",", "”", "said")
		s.put(g.names[g.IntN(len(g.names))]...)
		s.put(".")
	case g.IntN(25) == 0:
		s.put("?")
	default:
		s.put(".")
	}
	return s
}

// putMore goes on with a sentence by a few pieces.
func (g *generator) putMore(s *sentence) {
	switch g.IntN(24) {
	case 0:
		s.put(g.names[g.IntN(len(g.names))]...)
	case 1:
		s.put(g.phrases[g.IntN(len(g.phrases))]...)
	case 2:
		s.put(g.numbers[g.IntN(len(g.numbers))])
	case 3:
		if s.put(g.number()); g.IntN(3) == 0 {
			s.put("%")
		}
	case 4, 5:
		s.put(g.pick(), ",", g.pick())
	default:
		s.put(g.pick())
	}
}

// copyOf returns a sentence of the same text, of words of its own.
func copyOf(s *sentence) *sentence {
	out := &sentence{}
	for _, w := range s.words {
		out.words = append(out.words, &word{w.text, w.glued})
	}
	return out
}

func (g *generator) paragraph() []*sentence {
	var p []*sentence
	for range 1 + g.IntN(4) {
		p = append(p, g.sentence())
	}
	return p
}

func (g *generator) story(paragraphs int) story {
	var out story
	for range paragraphs {
		out = append(out, g.paragraph())
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

// text writes the story.
func (s story) text() []string {
	var out []string
	for _, p := range s {
		var b strings.Builder
		for _, sent := range p {
			for _, w := range sent.words {
				if b.Len() > 0 && !w.glued {
					b.WriteString(" ")
				}
				b.WriteString(w.text)
			}
		}
		out = append(out, b.String()+"\n\n")
	}
	return out
}

// words returns the words of the story in their order.
func (s story) words() []*word {
	var out []*word
	for _, p := range s {
		for _, sent := range p {
			out = append(out, sent.words...)
		}
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
