package tracker

import (
	"slices"
	"strings"
	"unicode"

	"storydiff/tracker/extract"
)

// How much two texts must share to be taken for what they are said to be. That
// three words in a row stand in two unrelated texts is rare: of two stories of
// one paper a few in a hundred do.
const (
	runLength     = 3
	twinShare     = 0.8  // of the shorter text, of two addresses of one article: editions for phones leave out boxes
	resemblance   = 0.25 // of the last text, for a page that may be another one
	mostWords     = 20_000
	noSpaceBefore = 0x0E00 // the first script that writes words without spaces between them is Thai
)

// wordsOf returns the words of a text in lower case, at most mostWords of them:
// runs of letters and digits, and single characters where a script puts no
// spaces between words.
func wordsOf(text string) []string {
	var words []string
	start := -1
	for i, r := range text {
		if len(words) == mostWords {
			return words
		}
		alone := r >= noSpaceBefore && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
		part := !alone && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
		if part && start < 0 {
			start = i
		}
		if !part && start >= 0 {
			words, start = append(words, strings.ToLower(text[start:i])), -1
		}
		if alone {
			words = append(words, string(r))
		}
	}
	if start >= 0 && len(words) < mostWords {
		words = append(words, strings.ToLower(text[start:]))
	}
	return words
}

func storyWords(s *extract.Story) []string {
	return wordsOf(s.Headline + "\n" + s.Standfirst + "\n" + s.Body())
}

type wordRun [runLength]string

// shared returns how large a share of the runs of words in part stand in whole
// too, from 0 to 1; 0 where part is too short to tell.
func shared(part, whole []string) float64 {
	there := make(map[wordRun]bool, len(whole))
	for run := range runsOf(whole) {
		there[run] = true
	}
	found, all := 0, 0
	for run := range runsOf(part) {
		all++
		if there[run] {
			found++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(found) / float64(all)
}

func runsOf(words []string) func(yield func(wordRun) bool) {
	return func(yield func(wordRun) bool) {
		for i := range len(words) - runLength + 1 {
			if !yield(wordRun(words[i : i+runLength])) {
				return
			}
		}
	}
}

// twins reports whether two addresses show one article: under one headline, and
// nearly all of the shorter text is in the longer one.
func twins(a, b *extract.Story) bool {
	if !slices.Equal(wordsOf(a.Headline), wordsOf(b.Headline)) {
		return false
	}
	short, long := storyWords(a), storyWords(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	return shared(short, long) >= twinShare
}

// resembles reports whether after may be what became of before: a rewritten
// story keeps more than a quarter of its words where they were, another page
// does not, even one that carries the story's headline and first sentence.
func resembles(before, after *extract.Story) bool {
	return shared(storyWords(before), storyWords(after)) >= resemblance
}
