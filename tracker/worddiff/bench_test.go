package worddiff_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/worddiff"
)

// A benchCase is a pair of texts that stands for a day's work, or for the worst
// of one.
type benchCase struct {
	name          string
	before, after []string
}

func benchCases() []benchCase {
	article := wordsOf(newGenerator(1), 800)
	huge := wordsOf(newGenerator(3), 50000)
	return append(engineCases(),
		benchCase{"same", article, slices.Clone(article)},
		benchCase{"one_word", article, swap(article, 1)},
		benchCase{"50000_unrelated", huge, wordsOf(newGenerator(8), 50000)},
		benchCase{"50000_one_sentence", endless(huge), endless(wordsOf(newGenerator(9), 50000))},
	)
}

// engineCases returns the pairs on which engines are timed side by side.
func engineCases() []benchCase {
	article := wordsOf(newGenerator(1), 800)
	long := wordsOf(newGenerator(2), 5000)
	huge := wordsOf(newGenerator(3), 50000)
	return []benchCase{
		{"800_words_5_edits", article, swap(article, 5)},
		{"5000_words_50_edits", long, swap(long, 50)},
		{"10000_unrelated", wordsOf(newGenerator(4), 10000), wordsOf(newGenerator(5), 10000)},
		{"50000_half_the_sentences", huge, halve(newGenerator(6), huge)},
	}
}

// endless makes one sentence of a text.
func endless(paras []string) []string {
	marks := strings.NewReplacer(".", "", "?", "", "\n", " ")
	return []string{strings.Join(strings.Fields(marks.Replace(strings.Join(paras, " "))), " ")}
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

// BenchmarkEngines times all engines on the same pairs. Each begins with the
// paragraphs: go-diff on words cuts both texts into tokens too, once each and by
// the same scanner as ours, which leaves out the paragraphs that are in both. Other programs are timed
// as whole processes, less the time of a run over two files of a letter; they are
// left out unless -pairs asks for them, and where one takes more than a minute.
func BenchmarkEngines(b *testing.B) {
	engines := ownEngines()
	if *pairCount > 0 {
		engines = append(engines, externalEngines(b)...)
	}
	for _, bm := range engineCases() {
		before, after := newPage(bm.before), newPage(bm.after)
		for _, e := range engines {
			b.Run(bm.name+"/"+strings.ReplaceAll(e.name, " ", "-"), func(b *testing.B) { timeEngine(b, e, before, after) })
		}
	}
}

func timeEngine(b *testing.B, e engine, before, after *page) {
	least, start := time.Duration(1<<62), time.Duration(0)
	if e.empty != nil {
		start = shortest(b, 5, e.empty)
	}
	for b.Loop() {
		least = min(least, shortest(b, 1, func() error { return e.run(before, after) }))
	}
	b.ReportMetric(float64((least-start).Microseconds())/1000, "least-ms")
}

// shortest returns the shortest time of n calls.
func shortest(b *testing.B, n int, f func() error) time.Duration {
	least := time.Duration(1 << 62)
	for range n {
		began := time.Now()
		if err := f(); err != nil {
			b.Skip(err)
		}
		least = min(least, time.Since(began))
	}
	return least
}

// BenchmarkDoubling times texts of twice the length after each other, from 800
// words to 204,800, and says how many times as long as the last each took, and
// how many times a doubling since the first one on average: at most 2.5 times is
// wanted. On a busy machine the average tells more.
func BenchmarkDoubling(b *testing.B) {
	kinds := []struct {
		name string
		pair func(words int) (before, after []string)
	}{
		{"half_the_sentences", func(words int) (before, after []string) {
			before = wordsOf(newGenerator(3), words)
			return before, halve(newGenerator(6), before)
		}},
		{"repeated_article", func(words int) (before, after []string) {
			before = slices.Repeat(wordsOf(newGenerator(3), 400), words/400)
			return before, halve(newGenerator(6), before)
		}},
		{"repeated_paragraph", func(words int) (before, after []string) {
			before = slices.Repeat(wordsOf(newGenerator(3), 40)[:1], words/40)
			return before, swap(before, len(before)/2)
		}},
		{"repeated_sentence", func(words int) (before, after []string) {
			sentence := strings.TrimSpace(worddiff.Sentences(wordsOf(newGenerator(3), 20)[0])[0]) + " "
			n := words / worddiff.Words(sentence)
			return []string{strings.Repeat(sentence, n)}, []string{strings.Repeat(sentence, n/2) + "All is new. " + strings.Repeat(sentence, n/3)}
		}},
	}
	for _, k := range kinds {
		var first, last time.Duration
		for words := 800; words <= 204_800; words *= 2 {
			before, after := k.pair(words)
			b.Run(fmt.Sprintf("%s/%d", k.name, words), func(b *testing.B) {
				least := time.Duration(1 << 62)
				for b.Loop() {
					least = min(least, shortest(b, 1, func() error { worddiff.Diff(before, after); return nil }))
				}
				b.ReportMetric(float64(least.Microseconds())/1000, "least-ms")
				if last > 0 {
					doublings := math.Log2(float64(words) / 800)
					b.ReportMetric(float64(least)/float64(last), "times-the-last")
					b.ReportMetric(math.Pow(float64(least)/float64(first), 1/doublings), "times-a-doubling")
				} else {
					first = least
				}
				last = least
			})
		}
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
