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
	var cut sentenceCutter
	ends := cut.ends(text)
	if len(ends) == 0 {
		return nil
	}
	out := make([]string, len(ends))
	start := 0
	for i, end := range ends {
		out[i] = text[start:end]
		start = end
	}
	return out
}

// A sentenceCutter cuts one text after another, in the same memory.
type sentenceCutter struct {
	bounds *sentences.Iterator[string]
	out    []int
}

// ends returns where the sentences of text end, until the next call.
func (c *sentenceCutter) ends(text string) []int {
	c.out = c.out[:0]
	start, end := 0, 0
	for end < len(text) {
		if end > start && !goesOn(text[start:end], text[end:]) {
			c.cutAtNumbers(text, start, end)
			start = end
		}
		end = c.bound(text, end)
	}
	c.cutAtNumbers(text, start, end)
	return c.out
}

// bound returns where by UAX #29 the sentence ends that begins at from. What
// stands before the first mark that could end it matters no more than by the
// last character before that mark.
func (c *sentenceCutter) bound(text string, from int) int {
	at := from
	for at < len(text) {
		if asciiLetter(text[at]) || text[at] == ' ' {
			at++
			continue
		}
		w := inSentence(text, at)
		if w == 0 {
			break
		}
		at += w
	}
	if at == len(text) {
		return at
	}
	if at > from {
		at--
	}
	for at > from && text[at] >= utf8.RuneSelf {
		at--
	}
	if c.bounds == nil {
		c.bounds = sentences.FromString("")
	}
	c.bounds.SetText(text[at:])
	c.bounds.Next()
	return at + c.bounds.End()
}

// inSentence returns the width of the character at text[i:], if it is one with
// which no sentence ends: ASCII but full stops, question and exclamation marks
// and line breaks, or a letter of Latin-1, a curly quote or a dash. Otherwise, 0.
func inSentence(text string, i int) int {
	switch text[i] {
	case '.', '?', '!', '\n', '\r':
		return 0
	}
	if text[i] < utf8.RuneSelf {
		return 1
	}
	_, w := glyph(text, i)
	return w
}

// cutAtNumbers appends the end of text[start:end], and before it those of the
// pieces that are cut where a full stop and white space stand before a number:
// UAX #29 takes "They met. 12 people came." for one sentence.
func (c *sentenceCutter) cutAtNumbers(text string, start, end int) {
	for i := start; i+2 < end; i++ {
		dot := strings.IndexByte(text[i:end-2], '.')
		if dot < 0 {
			break
		}
		i += dot
		rest := strings.TrimLeft(text[i+1:end], closers)
		number := strings.TrimLeftFunc(rest, unicode.IsSpace)
		r, _ := utf8.DecodeRuneInString(number)
		at := end - len(number)
		if len(number) == len(rest) || !unicode.IsDigit(r) || goesOn(text[start:at], number) {
			continue
		}
		c.out = append(c.out, at)
		start = at
	}
	if start < end {
		c.out = append(c.out, end)
	}
}

// goesOn reports whether the sentence that seems to end with piece goes on in
// rest.
func goesOn(piece, rest string) bool {
	if i := len(piece) - 2; i > 0 && len(rest) > 0 && piece[i+1] == ' ' && asciiLetter(piece[i-1]) && rest[0] >= 'A' && rest[0] <= 'Z' {
		switch piece[i] { // most sentences end so
		case '?', '!':
			return false
		case '.':
			return abbreviated(lastWord(piece[:i]), rest)
		}
	}
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
	return abbreviated(lastWord(strings.TrimSuffix(bare, ".")), next)
}

// abbreviated reports whether the full stop between word and next stands for an
// abbreviation and ends no sentence.
func abbreviated(word, next string) bool {
	r, _ := utf8.DecodeRuneInString(next)
	switch fold := strings.ToLower(word); {
	case alwaysGoesOn(fold), dayOfMonth(word) && germanMonth(firstWord(next)):
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
		if r < utf8.RuneSelf && asciiLetter(byte(r)) {
			return false
		}
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

// dayOfMonth reports whether word can be the day of a date: one or two digits.
func dayOfMonth(word string) bool {
	return len(word) > 0 && len(word) <= 2 && strings.Trim(word, "0123456789") == ""
}

// germanMonth reports whether word is a month as German dates have it, behind an
// ordinal: "17. Januar".
func germanMonth(word string) bool {
	switch word {
	case "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember":
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
