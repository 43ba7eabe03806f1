package worddiff

import (
	"strings"
	"unicode"
)

// A Token is a word, a number, a mark, or one character of a script without
// spaces, with the white space behind it.
type Token struct {
	Text  string // as it stands
	Space string // what white space and invisible characters follow
	Key   string // what is compared: Text in one normal form, with typography folded
}

// Tokens cuts text into tokens; their Texts and Spaces, joined, are text. White
// space at the very start is the Space of a first token without Text.
//
// Words are those of UAX #29, but katakana is cut into its characters, as that
// rule cuts Han, hiragana and Thai, and a time such as 12:30 is one token. A byte
// that is no UTF-8 is a token by itself.
func Tokens(text string) []Token {
	var out []Token
	end := 0 // of the last body
	s := scanner{emit: func(from, to int, key string) {
		switch {
		case len(out) > 0:
			out[len(out)-1].Space = text[end:from]
		case from > 0:
			out = append(out, Token{Space: text[:from]})
		}
		out = append(out, Token{Text: text[from:to], Key: key})
		end = to
	}}
	s.scan(text, 0, len(text))
	switch {
	case len(out) > 0:
		out[len(out)-1].Space = text[end:]
	case text != "":
		out = append(out, Token{Space: text})
	}
	return out
}

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
	if c := key[0]; c < 0x80 && len(key) == 1 {
		return asciiLetter(c) || asciiDigit(c)
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
