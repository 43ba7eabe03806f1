package worddiff_test

import (
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/worddiff"
)

// A benchCase is a pair of texts that stands for a day's work, or for the worst
// of one.
type benchCase struct {
	name          string
	before, after []string
	slow          bool // for the baseline
}

func benchCases() []benchCase {
	article := wordsOf(newGenerator(1), 800)
	long := wordsOf(newGenerator(2), 5000)
	huge := wordsOf(newGenerator(3), 50000)
	return []benchCase{
		{"same", article, slices.Clone(article), false},
		{"one_word", article, swap(article, 1), false},
		{"800_words_5_edits", article, swap(article, 5), false},
		{"5000_words_50_edits", long, swap(long, 50), false},
		{"10000_unrelated", wordsOf(newGenerator(4), 10000), wordsOf(newGenerator(5), 10000), true},
		{"50000_half_the_sentences", huge, halve(newGenerator(6), huge), true},
		{"50000_unrelated", huge, wordsOf(newGenerator(8), 50000), true},
		{"50000_one_sentence", []string{strings.Join(strings.Fields(strings.NewReplacer(".", "", "\n", "").Replace(strings.Join(huge, " "))), " ")}, []string{strings.Join(strings.Fields(strings.NewReplacer(".", "", "\n", "").Replace(strings.Join(wordsOf(newGenerator(9), 50000), " "))), " ")}, true},
	}
}

func BenchmarkDiff(b *testing.B) {
	for _, bm := range benchCases() {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(size(bm.before) + size(bm.after)))
			b.ReportAllocs()
			for b.Loop() {
				worddiff.Diff(bm.before, bm.after)
			}
		})
	}
}

func BenchmarkFingerprint(b *testing.B) {
	text := strings.Join(wordsOf(newGenerator(1), 800), "")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		worddiff.Fingerprint(text)
	}
}

// wordsOf returns an article of n words or a little more.
func wordsOf(g *generator, n int) []string {
	var s story
	for words := 0; words < n; {
		p := []*sentence{g.sentence(), g.sentence(), g.sentence()}
		for _, sent := range p {
			words += len(sent.words)
		}
		s = append(s, p)
	}
	return s.text()
}

// swap changes n words, evenly spread.
func swap(paras []string, n int) []string {
	out := slices.Clone(paras)
	for i := range n {
		p := &out[i*len(out)/n]
		words := strings.Split(*p, " ")
		words[len(words)/2+i%3] = "changed"
		*p = strings.Join(words, " ")
	}
	return out
}

// halve puts a new sentence in place of every other one.
func halve(g *generator, paras []string) []string {
	out := slices.Clone(paras)
	for i := range out {
		sentences := worddiff.Sentences(out[i])
		for k := range sentences {
			if (i+k)%2 == 0 {
				sentences[k] = story{{g.sentence()}}.text()[0]
				sentences[k] = strings.TrimRight(sentences[k], "\n") + " "
			}
		}
		out[i] = strings.TrimRight(strings.Join(sentences, ""), " \n") + "\n\n"
	}
	return out
}

func size(paras []string) int { return len(strings.Join(paras, "")) }
