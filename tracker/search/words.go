package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// MaxText is how many bytes of a text are cut into words; what lies beyond is
	// not found. The longest live blogs are a third of it.
	MaxText = 1 << 20
	// maxWord is the most bytes of a word; what lies beyond does not tell it from
	// others.
	maxWord = 96
)

// A Word is one place of a text by which it is found.
type Word struct {
	Token      string // as it is indexed: folded, and none of it ASCII but letters and digits
	Start, End int    // where it stands in the text, in bytes
	Head       int    // where its first character ends, in what is written without spaces; End elsewhere
	Run        bool   // it is of a script written without spaces, and so one or two characters
}

// Words cuts the first [MaxText] bytes of a text. Neighbours in the result stand
// one behind the other in the text, as a phrase has them.
func Words(text string) []Word { return appendWords(make([]Word, 0, min(len(text), MaxText)/6), text) }

// appendWords is Words into a slice that may be used again.
func appendWords(words []Word, text string) []Word {
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	c := cutter{text: text, words: words}
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		switch kind := kindOf(r); {
		case kind == unspaced:
			c.endWord(i)
			c.characters = append(c.characters, character{i, i + n})
		case kind == extends && len(c.characters) > 0:
			c.characters[len(c.characters)-1].end = i + n
		case kind == extends && c.in:
		case kind == letter || kind == extends && !unicode.Is(unicode.Cf, r):
			c.endRun()
			c.beginWord(i)
		case kind == extends: // invisible, before any word
		default:
			c.endWord(i)
			c.endRun()
		}
		i += n
	}
	c.endWord(len(text))
	c.endRun()
	return c.words
}

// A cutter is a text of which the words up to some place were found.
type cutter struct {
	text       string
	words      []Word
	in         bool // within a word that began at begin
	begin      int
	characters []character // of a run without spaces
}

// A character is a letter with the signs that belong to it.
type character struct{ start, end int }

func (c *cutter) beginWord(at int) {
	if !c.in {
		c.in, c.begin = true, at
	}
}

func (c *cutter) endWord(at int) {
	if !c.in {
		return
	}
	c.in = false
	if token := fold(c.text[c.begin:at]); token != "" {
		c.words = append(c.words, Word{Token: token, Start: c.begin, End: at, Head: at})
	}
}

// endRun makes a word of every two characters in a row, and one of the last, so
// that each character begins a word.
func (c *cutter) endRun() {
	for i, first := range c.characters {
		w := Word{Token: fold(c.text[first.start:first.end]), Start: first.start, End: first.end, Head: first.end, Run: true}
		if i+1 < len(c.characters) {
			next := c.characters[i+1]
			w.Token, w.End = w.Token+fold(c.text[next.start:next.end]), next.end
		}
		if w.Token != "" {
			c.words = append(c.words, w)
		}
	}
	c.characters = c.characters[:0]
}

// What a character is to a word.
const (
	apart    = iota // it stands between words
	letter          // or a digit
	unspaced        // a letter of a script without spaces
	extends         // it belongs to the letter before it, or is not seen
)

func kindOf(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return letter
		}
		return apart
	case r < 0x0e00:
	case unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me), r == 0xff9e, r == 0xff9f: // the latter: voicing marks of half width
		return extends
	case r == 0x30fc, r == 0xff70, // the mark of a long vowel, which several scripts share
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)):
		return unspaced
	}
	switch {
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return letter
	case unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me, unicode.Cf):
		return extends
	}
	return apart
}

// fold returns what is told apart of a word: neither case nor accents, nor forms
// that differ in looks alone. It may be empty.
func fold(word string) string {
	plain, lower := true, true
	for i := 0; i < len(word) && plain; i++ {
		plain = word[i] < utf8.RuneSelf
		lower = lower && (word[i] < 'A' || word[i] > 'Z')
	}
	switch {
	case plain && lower:
	case plain:
		word = strings.ToLower(word)
	default:
		word = foldUnicode(word)
	}
	if len(word) > maxWord {
		word = strings.ToValidUTF8(word[:maxWord], "")
	}
	return word
}

func foldUnicode(word string) string {
	if len(word) > 4*maxWord {
		word = strings.ToValidUTF8(word[:4*maxWord], "")
	}
	var b strings.Builder
	base := rune(0)
	for _, r := range norm.NFKD.String(word) {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if accents(base, r) {
				continue
			}
			b.WriteRune(r)
			continue
		}
		base = unicode.ToLower(r)
		b.WriteString(plainForm(base))
	}
	return norm.NFC.String(b.String())
}

// accents reports whether a mark can be left out of a word: in Latin, Greek,
// Cyrillic, Hebrew and Arabic it can, but for the one that makes another letter of
// the Cyrillic и. In the scripts of South and East Asia marks are vowels, or make
// other letters.
func accents(base, mark rune) bool {
	if base == 'и' && mark == 0x306 {
		return false
	}
	return base < 0x0530 || base >= 0x0590 && base <= 0x06ff || base >= 0x0750 && base <= 0x077f || base >= 0x08a0 && base <= 0x08ff
}

// plainForm returns what a lower-case letter or a digit is indexed as; nothing
// for what is not seen, and for what would part a word.
func plainForm(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'þ':
		return "th"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	case 'ħ':
		return "h"
	case 'ς':
		return "σ"
	case 0x0640: // tatweel, which stretches a line
		return ""
	}
	switch {
	case r < utf8.RuneSelf:
		if kindOf(r) != letter {
			return ""
		}
	case unicode.Is(unicode.Nd, r):
		return string('0' + valueOf(r))
	case unicode.Is(unicode.Cf, r), !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mc, r):
		return ""
	}
	return string(r)
}

// valueOf returns the value of a decimal digit: Unicode keeps those of a script
// in order from 0.
func valueOf(r rune) rune {
	for _, in := range unicode.Nd.R16 {
		if r >= rune(in.Lo) && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10
		}
	}
	for _, in := range unicode.Nd.R32 {
		if r >= rune(in.Lo) && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10
		}
	}
	return 0
}
