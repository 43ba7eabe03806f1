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
	if isPlain(text) {
		return plainAppeals(text)
	}
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

// isPlain reports whether a text has no letters but those of ASCII, and beside them
// no more than the quotation marks, dashes and spaces of U+2000 to U+203F.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < utf8.RuneSelf {
			continue
		}
		if text[i] != 0xE2 || i+2 >= len(text) || text[i+1] != 0x80 {
			return false
		}
		i += 2
	}
	return true
}

// plainAppeals is appeals of a text that [isPlain], of which nothing is put in lower case
// but the words that may begin a phrase.
func plainAppeals(text string) int {
	words := boxPhrases()
	seen := make([]string, 0, 4)
	for at := 0; at < len(text); at++ {
		start := at
		for at < len(text) && plainLetter(text[at]) {
			at++
		}
		if start == at || !words.mayHave(lower(text[start]), at-start) {
			continue
		}
		for _, phrase := range words.byWord[strings.ToLower(text[start:at])] {
			if rest := text[start:]; len(rest) >= len(phrase) && sameLower(rest[:len(phrase)], phrase) && !slices.Contains(seen, phrase) {
				if seen = append(seen, phrase); len(seen) == 4 {
					return 4
				}
			}
		}
	}
	return len(seen)
}

// plainLetter reports whether a byte is an ASCII letter or digit.
func plainLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// A phraseBook holds phrases by their first word.
type phraseBook struct {
	byWord map[string][]string
	shapes [256]uint64 // by a word's first byte: the lengths that such words have
}

// of returns the phrases that begin with a word.
func (b *phraseBook) of(word string) []string {
	if !b.mayHave(word[0], len(word)) {
		return nil // as most words of a text are
	}
	return b.byWord[word]
}

// mayHave reports whether a word that begins with a byte and has so many begins a
// phrase.
func (b *phraseBook) mayHave(first byte, length int) bool {
	return length <= 63 && b.shapes[first]&(1<<length) != 0
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
