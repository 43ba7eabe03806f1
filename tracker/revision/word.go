package revision

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A word is a word or number of a text. A character of a script without spaces
// is a word of its own; a minus or a currency sign before a number and a percent
// or currency sign behind it, also behind a space, belong to it.
type word struct {
	start, end int    // bytes in the text
	text       string // as it stands
	key        string // in lower case, with straight apostrophes and nothing invisible; a number without spaces
}

// isNumber reports whether the word is written in digits.
func (w word) isNumber() bool {
	for _, r := range w.text {
		if !isMinus(r) && !unicode.Is(unicode.Sc, r) {
			return unicode.IsDigit(r)
		}
	}
	return false
}

// isCapital reports whether the word begins with a capital letter.
func (w word) isCapital() bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

// scan returns the words of text.
func scan(text string) []word {
	words := make([]word, 0, len(text)/5+1)
	for at := 0; at < len(text); {
		n := minusLen(text, at)
		n += wordLen(text[at+n:])
		if n == 0 {
			_, skip := utf8.DecodeRuneInString(text[at:])
			at += skip
			continue
		}
		n += signLen(text[at:at+n], text[at+n:])
		w := word{start: at, end: at + n, text: text[at : at+n], key: keyOf(text[at : at+n])}
		if w.isNumber() {
			w.key = numberMarks.Replace(w.key)
		}
		words = append(words, w)
		at += n
	}
	return words
}

// numberMarks writes every minus as a hyphen and drops the space before a sign.
var numberMarks = strings.NewReplacer("−", "-", " ", "", "\u00a0", "", "\u202f", "", "\u2009", "")

func isMinus(r rune) bool { return r == '-' || r == '−' }

// isSign reports whether r is a sign that says what a number counts.
func isSign(r rune) bool { return r == '%' || r == '‰' || unicode.Is(unicode.Sc, r) }

// minusLen returns the length of a minus at a place in text: of a hyphen behind a
// space or a bracket, with a number right behind it.
func minusLen(text string, at int) int {
	r, n := utf8.DecodeRuneInString(text[at:])
	if !isMinus(r) {
		return 0
	}
	if last, _ := utf8.DecodeLastRuneInString(text[:at]); at > 0 && !unicode.IsSpace(last) && last != '(' {
		return 0
	}
	next, m := utf8.DecodeRuneInString(text[at+n:])
	if unicode.Is(unicode.Sc, next) {
		next, _ = utf8.DecodeRuneInString(text[at+n+m:])
	}
	if !unicode.IsDigit(next) {
		return 0
	}
	return n
}

// signLen returns the length of a space and a sign behind a number, as in "3 %"
// and "45 €"; 0 where they are not its own.
func signLen(number, rest string) int {
	if last, _ := utf8.DecodeLastRuneInString(number); !unicode.IsDigit(last) {
		return 0
	}
	space, n := utf8.DecodeRuneInString(rest)
	if unicode.IsSpace(space) && space != '\n' {
		rest = rest[n:]
	} else {
		n = 0
	}
	sign, m := utf8.DecodeRuneInString(rest)
	if next, _ := utf8.DecodeRuneInString(rest[m:]); !isSign(sign) || unicode.IsDigit(next) {
		return 0
	}
	return n + m
}

// wordLen returns the length of the word that text begins with, 0 if it begins
// with none.
func wordLen(text string) int {
	if n := lettersLen(text); n > 1 && n < len(text) && strings.IndexByte(" ,\n", text[n]) >= 0 {
		return n // as most words do
	}
	first, n := utf8.DecodeRuneInString(text)
	if unicode.Is(unicode.Sc, first) {
		next, m := utf8.DecodeRuneInString(text[n:])
		if !unicode.IsDigit(next) {
			return 0
		}
		first, n = next, n+m
	}
	if !isWordRune(first) {
		return 0
	}
	if unspaced(first) {
		return n + marksLen(text[n:])
	}
	last, letters := first, 1
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		switch {
		case unspaced(r):
			return n
		case isWordRune(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r):
			last, letters = r, letters+1
		case r == '%' || r == '‰':
			if unicode.IsDigit(last) {
				return n + size
			}
			return n
		case joins(r, last, letters, text[n+size:]):
			last, letters = r, 0
		default:
			return n
		}
		n += size
	}
	return n
}

// lettersLen returns how many ASCII letters text begins with.
func lettersLen(text string) int {
	n := 0
	for n < len(text) && text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' {
		n++
	}
	return n
}

// joins reports whether the mark r holds together what stands around it: the
// point of 1.5 and of p.m, the apostrophe of didn't.
func joins(r, last rune, letters int, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '\'', '’', 'ʼ':
		return unicode.IsLetter(last) && unicode.IsLetter(next) && !unspaced(next)
	case '.':
		return unicode.IsDigit(last) && unicode.IsDigit(next) ||
			letters == 1 && unicode.IsLetter(last) && unicode.IsLetter(next)
	case ',', ':', '٫', '٬':
		return unicode.IsDigit(last) && unicode.IsDigit(next)
	}
	return false
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// unspaced reports whether r is a letter of a script written without spaces.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func marksLen(text string) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r) {
			break
		}
		n += size
	}
	return n
}

func keyOf(text string) string {
	if lettersLen(text) == len(text) {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '’' || r == 'ʼ':
			return '\''
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// A span of words, or of bytes: from the first to before the last.
type extent struct{ from, to int }

func (e extent) len() int { return e.to - e.from }

// overlap returns which of words, in order, share a byte with e.
func overlap(words []word, e extent) extent {
	from, _ := slices.BinarySearchFunc(words, e.from, func(w word, at int) int {
		if w.end <= at {
			return -1
		}
		return 1
	})
	to := from
	for to < len(words) && words[to].start < e.to {
		to++
	}
	return extent{from, to}
}
