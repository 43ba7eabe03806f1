package revision

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// misspelt reports whether the two sides of a site are the same words in another
// spelling: by case, an accent, a slip of a letter, words joined or parted, a
// word doubled, a contraction written out.
func (p *passage) misspelt(s site, lex *lexicon) bool {
	before, after := p.old.keys(s.oldWords), p.new.keys(s.newWords)
	if len(before) > 6 || len(after) > 6 {
		return false
	}
	if p.doubled(p.old, s.oldWords, s.newWords) || p.doubled(p.new, s.newWords, s.oldWords) {
		return true
	}
	if len(before) == 0 || len(after) == 0 {
		return false
	}
	if joined(before) == joined(after) || slices.Equal(lex.expand(before), lex.expand(after)) {
		return true
	}
	if len(before) != len(after) {
		return false
	}
	for i := range before {
		proper := p.old.isCapitalAt(s.oldWords.from+i) && p.new.isCapitalAt(s.newWords.from+i)
		if before[i] != after[i] && !isSlip(before[i], after[i], proper, lex) {
			return false
		}
	}
	return true
}

// doubled reports whether words, against nothing on the other side, repeat the
// word that stands beside them.
func (p *passage) doubled(s *side, words, other extent) bool {
	if words.len() != 1 || other.len() != 0 {
		return false
	}
	i := words.from
	return s.at(i) == s.at(i-1) && strings.TrimSpace(s.between(i-1)) == "" ||
		s.at(i) == s.at(i+1) && strings.TrimSpace(s.between(i)) == ""
}

func joined(keys []string) string { return strings.Join(keys, "") }

// expand returns keys with contractions written out.
func (l *lexicon) expand(keys []string) []string {
	var out []string
	for _, k := range keys {
		stem, negated := strings.CutSuffix(k, "n't")
		switch long := l.contraction[k]; {
		case long != "":
			out = append(out, strings.Fields(long)...)
		case negated:
			out = append(out, stem, "not")
		default:
			out = append(out, k)
		}
	}
	return out
}

// isSlip reports whether one word is the other misspelt: alike but for accents,
// a variant of it, or an edit of one letter apart, two in a long word, where a
// swap of neighbours is one edit. Numbers never are, nor two words that are both
// known, nor two forms of one word, nor words of three letters.
//
// Proper says that both have a capital: names are in no list of words.
func isSlip(a, b string, proper bool, lex *lexicon) bool {
	switch {
	case hasDigit(a) || hasDigit(b), lex.isNumberWord(a) || lex.isNumberWord(b):
		return false
	case plain(a) == plain(b), lex.sameVariant(a, b):
		return true
	case opposed(a, b, lex):
		return false
	case lex.misdoubled(a, b):
		return true
	case lex.isKnown(a) && lex.isKnown(b) || lex.inflected(a, b) && !(proper && lex.respelt(a, b)):
		return false
	}
	x, y := []rune(a), []rune(b)
	n := max(len(x), len(y))
	if n == 3 && len(lex.known) > 0 && lex.isKnown(a) != lex.isKnown(b) && x[0] == y[0] && len(x) == len(y) && !proper {
		return distance(x, y) == 1
	}
	if n < 4 || n > 40 || unspaced(x[0]) || unspaced(y[0]) {
		return false
	}
	d := distance(x, y)
	replaced := len(x) == len(y) && !sameLetters(x, y)
	known := lex.isKnown(a) || lex.isKnown(b)
	switch {
	case d == 1 && replaced && !known && (n < 6 && !proper || x[0] != y[0] && n < 7):
		return false // of two short words that nobody knows each may be right
	case n >= 8 && (known || len(lex.known) == 0 && n >= 10 || x[0] == y[0] && dropped(x, y)):
		return d <= 2
	}
	return d <= 1
}

// inflected reports whether two words are forms of one: alike but for endings of
// the language. "happend" and "happened" are not.
func (l *lexicon) inflected(a, b string) bool {
	stem := 0
	for stem < len(a) && stem < len(b) && a[stem] == b[stem] {
		stem++
	}
	for ; stem >= 3; stem-- {
		x, y := a[stem:], b[stem:]
		if len(x) > len(y) {
			x, y = y, x
		}
		if (x == "" || slices.Contains(l.ending, x)) && slices.Contains(l.ending, y) && !(x != "" && len(y) == len(x)+1 && (y == "e"+x || y == "l"+x)) {
			return true
		}
	}
	return false
}

// respelt reports whether two names that look like forms of one word are more
// likely spellings of one: "Whitcombe" and "Whitcomb", but not "Harper" and
// "Harpers", nor "Russia" and "Russian".
func (l *lexicon) respelt(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(l.known) > 0 && (b == a+"e" || len(a) == len(b))
}

// misdoubled reports whether two forms with an ending differ in a doubled letter
// before it alone: "begining" and "beginning", unless each is a word by itself.
func (l *lexicon) misdoubled(a, b string) bool {
	if l.known[a] && l.known[b] || len(a) < 6 || len(b) < 6 || undoubled(a) != undoubled(b) {
		return false
	}
	for _, suffix := range []string{"ing", "ed", "er"} {
		if strings.HasSuffix(a, suffix) && strings.HasSuffix(b, suffix) {
			return len(l.known) > 0
		}
	}
	return false
}

// undoubled returns a key with each run of a letter as one.
func undoubled(key string) string { return string(slices.Compact([]rune(key))) }

// sameVariant reports whether two words are spellings of one that both are
// right, as in Britain and in America.
func (l *lexicon) sameVariant(a, b string) bool {
	if len(l.variant) == 0 {
		return false
	}
	x, y := l.canonical(a), l.canonical(b)
	return x == y || l.variant[x] == y || l.variant[y] == x || l.variant[x] != "" && l.variant[x] == l.variant[y]
}

// bothSides are endings that differ between British and American spelling, each
// with the one that both are taken for. "our" is taken for "or" in the stem of
// long words alone.
var bothSides = []struct{ from, to string }{
	{"isation", "ization"}, {"ising", "izing"}, {"ised", "ized"}, {"ises", "izes"}, {"iser", "izer"}, {"ise", "ize"},
	{"ysing", "yzing"}, {"ysed", "yzed"}, {"yses", "yzes"}, {"yse", "yze"},
	{"ourable", "orable"}, {"ouring", "oring"}, {"oured", "ored"}, {"ours", "ors"}, {"our", "or"}, {"ourite", "orite"}, {"ourhood", "orhood"},
	{"tres", "ters"}, {"tre", "ter"}, {"bre", "ber"}, {"ogues", "ogs"}, {"ogue", "og"}, {"ences", "enses"}, {"ence", "ense"},
	{"lling", "ling"}, {"lled", "led"}, {"ller", "ler"}, {"llor", "lor"}, {"llors", "lors"}, {"llers", "lers"},
	{"aed", "ed"}, {"aemia", "emia"}, {"aeology", "eology"}, {"aeologist", "eologist"}, {"oeuvre", "euver"}, {"paedic", "pedic"}, {"paediatric", "pediatric"},
	{"ouris", "oriz"}, {"iser", "izer"}, {"isers", "izers"}, {"isations", "izations"}, {"iours", "iors"}, {"iour", "ior"}, {"ourers", "orers"}, {"ourer", "orer"},
}

// canonical returns an English word with its ending as in American spelling.
func (l *lexicon) canonical(key string) string {
	best := ""
	to := ""
	for _, o := range bothSides {
		if len(key) > len(o.from)+1 && strings.HasSuffix(key, o.from) && len(o.from) > len(best) {
			best, to = o.from, o.to
		}
	}
	return strings.TrimSuffix(key, best) + to
}

// isKnown reports whether the lexicon holds the word, or the word that it is a
// plain inflection of.
func (l *lexicon) isKnown(key string) bool {
	if l.holds(key) {
		return true
	}
	if len(l.known) == 0 {
		return false
	}
	for _, suffix := range []string{"s", "es", "ed", "d", "ing", "ly", "er", "r", "ers", "'s", "est", "st", "ness", "less", "ful", "ment"} {
		stem, ok := strings.CutSuffix(key, suffix)
		if !ok || len(stem) < 3 {
			continue
		}
		last := stem[len(stem)-1]
		doubled := len(stem) > 3 && last == stem[len(stem)-2] && l.holds(stem[:len(stem)-1])
		if l.holds(stem) || doubled || suffix == "ing" && l.holds(stem+"e") || last == 'i' && l.holds(stem[:len(stem)-1]+"y") {
			return true
		}
	}
	return false
}

func (l *lexicon) holds(key string) bool {
	_, says := l.attribution[key]
	_, speaks := l.speech[key]
	return l.known[key] || says || speaks || l.isFunction(key) || l.ordinal[key] > 0 || l.scale[key] > 0 || l.charged[key] || l.common[key] ||
		l.unit[key] != "" || l.honorific[key] || l.period[key]
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// plain returns a key without accents, apostrophes and points.
func plain(key string) string {
	key = strings.ReplaceAll(key, "ß", "ss")
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || strings.ContainsRune("'.", r) {
			return -1
		}
		return r
	}, norm.NFD.String(key))
}

// sameLetters reports whether two words are made of the same letters.
func sameLetters(a, b []rune) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y)
}

// dropped reports whether one word is the other with letters left out.
func dropped(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, r := range b {
		if len(a) > 0 && a[0] == r {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// distance returns how many letters have to be put in, taken out, replaced or
// swapped with their neighbour to make one word of the other (optimal string
// alignment).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
