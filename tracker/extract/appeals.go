package extract

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// appeals counts which of the words of newsletters, meters and banners stand in
// a text, up to four.
func appeals(text string) int {
	text = strings.ToLower(text)
	words := boxPhrases()
	seen := make([]string, 0, 4)
	count := func(phrases []string, from int) {
		for _, phrase := range phrases {
			if len(seen) < 4 && strings.HasPrefix(text[from:], phrase) && !slices.Contains(seen, phrase) {
				seen = append(seen, phrase)
			}
		}
	}
	start := -1
	for i, r := range text {
		switch letter := 'a' <= r && r <= 'z' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r); {
		case letter && dense(r):
			count(words.of(text[i:i+utf8.RuneLen(r)]), i)
			fallthrough
		case !letter:
			if start >= 0 {
				count(words.of(text[start:i]), start)
				start = -1
			}
		case start < 0:
			start = i
		}
	}
	if start >= 0 {
		count(words.of(text[start:]), start)
	}
	return len(seen)
}

// A phraseBook holds phrases by their first word.
type phraseBook struct {
	byWord map[string][]string
	shapes [256]uint64 // by a word's first byte: the lengths that such words have
}

// of returns the phrases that begin with a word.
func (b *phraseBook) of(word string) []string {
	if len(word) > 63 || b.shapes[word[0]]&(1<<len(word)) == 0 {
		return nil // as most words of a text are
	}
	return b.byWord[word]
}

// boxPhrases are the lexicon's words of boxes.
var boxPhrases = sync.OnceValue(func() *phraseBook {
	b := &phraseBook{byWord: map[string][]string{}}
	for _, entry := range entries("furniture.txt", "box") {
		first := firstKey(entry)
		b.byWord[first] = append(b.byWord[first], entry)
		b.shapes[first[0]] |= 1 << len(first)
	}
	return b
})
