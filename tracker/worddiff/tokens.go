package worddiff

import (
	"strings"
	"unicode"
)

// Words returns the number of words in text: tokens that hold a letter or digit.
func Words(text string) int {
	n := 0
	s := scanner{emit: func(_, _ int, key string) {
		if isWord(key) {
			n++
		}
	}}
	s.scan(text, 0, len(text))
	return n
}

// isWord reports whether the token with this key is a word or a number.
func isWord(key string) bool {
	if c := key[0]; asciiLetter(c) || asciiDigit(c) {
		return true
	}
	return strings.ContainsFunc(key, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// Paragraphs cuts a plain text after each line that holds a word or mark: the
// line breaks and blank lines that follow a line go with it, blank lines at the
// very start are a paragraph of their own. The pieces, joined, are text.
func Paragraphs(text string) []string {
	var out []string
	for line := range strings.SplitAfterSeq(text, "\n") {
		if line == "" {
			continue
		}
		if strings.TrimSpace(line) == "" && len(out) > 0 {
			out[len(out)-1] += line
			continue
		}
		out = append(out, line)
	}
	return out
}
