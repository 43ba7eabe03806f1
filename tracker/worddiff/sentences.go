package worddiff

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Sentences cuts text after each sentence; the pieces, joined, are text.
//
// The cuts are those of UAX #29, less the ones after an abbreviation, an initial
// or a quoted exclamation that the sentence goes on behind, and with the ones
// before a sentence that begins with a number.
func Sentences(text string) []string {
	var out []string
	start, end := 0, 0
	it := sentences.FromString(text)
	for it.Next() {
		if end > start && !goesOn(text[start:end], text[end:]) {
			out = cutAtNumbers(out, text[start:end])
			start = end
		}
		end = it.End()
	}
	return cutAtNumbers(out, text[start:end])
}

// cutAtNumbers appends piece, cut where a full stop and white space stand before
// a number: UAX #29 takes "They met. 12 people came." for one sentence.
func cutAtNumbers(out []string, piece string) []string {
	start := 0
	for i := 0; i+2 < len(piece); i++ {
		if piece[i] != '.' {
			continue
		}
		rest := strings.TrimLeft(piece[i+1:], closers)
		number := strings.TrimLeftFunc(rest, unicode.IsSpace)
		r, _ := utf8.DecodeRuneInString(number)
		if len(number) == len(rest) || !unicode.IsDigit(r) || goesOn(piece[start:len(piece)-len(number)], number) {
			continue
		}
		out = append(out, piece[start:len(piece)-len(number)])
		start = len(piece) - len(number)
	}
	if start < len(piece) {
		out = append(out, piece[start:])
	}
	return out
}

// goesOn reports whether the sentence that seems to end with piece goes on in
// rest.
func goesOn(piece, rest string) bool {
	body := strings.TrimRightFunc(piece, unicode.IsSpace)
	if strings.ContainsAny(piece[len(body):], "\n\r\u2028\u2029") {
		return false
	}
	bare := strings.TrimRight(body, closers)
	if bare == "" {
		return false
	}
	next := strings.TrimLeft(rest, openers)
	r, _ := utf8.DecodeRuneInString(next)
	if unicode.IsLower(r) {
		return true
	}
	if r == 'と' || r == 'っ' {
		return bare != body // the speaker follows the quotation
	}
	if !strings.HasSuffix(bare, ".") || bare != body && !strings.HasSuffix(body, ")") {
		return false
	}
	word := lastWord(strings.TrimSuffix(bare, "."))
	switch fold := strings.ToLower(word); {
	case alwaysGoesOn(fold):
		return true
	case unicode.IsDigit(r):
		return beforeNumber(fold) || initial(word) || dotted(word)
	case initial(word), maybeGoesOn(fold), dotted(word):
		return !starter(firstWord(next))
	}
	return false
}

const (
	closers = "\"'”’»›)]}」』）】"
	openers = "\"'“‘«‹([{„‚「『（【"
)

// lastWord returns what stands behind the last white space or opening mark of s.
func lastWord(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(openers, r) || foldRune(r) == foldedDash
	})
	if i < 0 {
		return s
	}
	_, w := utf8.DecodeRuneInString(s[i:])
	return s[i+w:]
}

func firstWord(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		return s[:i]
	}
	return s
}

// initial reports whether word is one capital letter, as in "J. Smith". "I" ends
// a sentence as often as it stands for a name.
func initial(word string) bool {
	r, w := utf8.DecodeRuneInString(word)
	return w == len(word) && unicode.IsUpper(r) && r != 'I'
}

// dotted reports whether word is made of letters with dots between: "U.S", "a.m".
func dotted(word string) bool {
	if !strings.Contains(word, ".") {
		return false
	}
	for part := range strings.SplitSeq(word, ".") {
		if utf8.RuneCountInString(part) != 1 || !isWord(part) {
			return false
		}
	}
	return true
}

// alwaysGoesOn reports whether word, before a full stop, never ends a sentence.
func alwaysGoesOn(word string) bool {
	switch word {
	case "mr", "mrs", "ms", "mx", "dr", "prof", "sen", "rep", "gov", "gen", "col", "lt", "sgt", "capt", "cmdr", "adm", "maj", "rev", "hon", "st", "mt", "messrs", "mme", "mlle",
		"e.g", "i.e", "cf", "vs", "viz", "approx", "ca", "supt", "insp", "det", "pres", "amb", "atty", "sra", "srta", "hr", "fr", "bzw", "z.b", "d.h", "u.a":
		return true
	}
	return false
}

// beforeNumber reports whether word, before a full stop and a number, is an
// abbreviation.
func beforeNumber(word string) bool {
	switch word {
	case "no", "nos", "nr", "fig", "figs", "vol", "vols", "ch", "chap", "sec", "art", "p", "pp", "par", "v", "ver", "tel", "ext", "op", "c", "circa", "rs", "abs", "rm":
		return true
	}
	return month(word)
}

// maybeGoesOn reports whether word, before a full stop, is an abbreviation that
// may end a sentence too.
func maybeGoesOn(word string) bool {
	switch word {
	case "inc", "ltd", "co", "corp", "bros", "plc", "llc", "jr", "sr", "dept", "est", "ave", "blvd", "rd", "univ", "assn", "asst", "gmbh", "esq", "ph.d", "u.s.a":
		return true
	}
	return month(word)
}

func month(word string) bool {
	switch word {
	case "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec":
		return true
	}
	return false
}

// starter reports whether word, behind an abbreviation, begins a new sentence
// far more often than it goes on with the old one.
func starter(word string) bool {
	switch word {
	case "The", "A", "An", "In", "On", "At", "He", "She", "It", "They", "We", "You", "I", "But", "And", "This", "That", "These", "Those", "There", "However", "When", "While", "If", "As", "For", "His", "Her", "Their", "Its", "After", "Before", "Many", "Some", "Most", "Mr", "Mrs", "Ms", "What", "Who", "Why", "How", "No", "Not", "So", "Still", "Then":
		return true
	}
	return false
}
