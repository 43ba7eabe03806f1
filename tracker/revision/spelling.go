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
	if joined(before) == joined(after) || slices.Equal(expand(before), expand(after)) {
		return true
	}
	if len(before) != len(after) {
		return false
	}
	for i := range before {
		if before[i] != after[i] && !isSlip(before[i], after[i], lex) {
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

// expand returns keys with English contractions of "not" and "is" written out.
func expand(keys []string) []string {
	var out []string
	for _, k := range keys {
		switch {
		case k == "can't" || k == "cannot":
			out = append(out, "can", "not")
		case k == "won't":
			out = append(out, "will", "not")
		case strings.HasSuffix(k, "n't"):
			out = append(out, strings.TrimSuffix(k, "n't"), "not")
		default:
			out = append(out, k)
		}
	}
	return out
}

// isSlip reports whether one word is the other misspelt: alike but for accents,
// or an edit of one letter apart, two in a long word, where a swap of
// neighbours is one edit. Numbers never are, nor two words that are both known,
// nor words of three letters.
func isSlip(a, b string, lex *lexicon) bool {
	if hasDigit(a) || hasDigit(b) {
		return false
	}
	if plain(a) == plain(b) {
		return true
	}
	if lex.isKnown(a) && lex.isKnown(b) || opposed(a, b) {
		return false
	}
	x, y := []rune(a), []rune(b)
	n := max(len(x), len(y))
	switch {
	case n > 40 || unspaced(x[0]) || unspaced(y[0]):
		return false
	case n >= 8:
		return distance(x, y) <= 2
	case n >= 4:
		return distance(x, y) <= 1
	}
	return false
}

// isKnown reports whether the lexicon holds the word, or the word that it is a
// plain inflection of.
func (l *lexicon) isKnown(key string) bool {
	if l.holds(key) {
		return true
	}
	for _, suffix := range []string{"s", "es", "ed", "d", "ing", "ly", "er", "'s"} {
		if stem, ok := strings.CutSuffix(key, suffix); ok && len(stem) > 2 && (l.holds(stem) || suffix == "ing" && l.holds(stem+"e")) {
			return true
		}
	}
	return false
}

func (l *lexicon) holds(key string) bool {
	return l.known[key] || l.stop[key] || l.negation[key] || l.attribution[key] != "" || l.number[key] > 0 || l.ordinal[key] > 0 ||
		l.scale[key] > 0 || l.weekday[key] || l.month[key] || l.time[key] || l.charged[key]
}

// opposed reports whether one word is the other with a prefix that turns it
// round: lawful and unlawful.
func opposed(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 {
		return false
	}
	switch strings.TrimSuffix(b, a) {
	case "un", "in", "im", "il", "ir", "dis", "non", "anti":
		return true
	}
	return false
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// plain returns a key without accents, apostrophes and points.
func plain(key string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || strings.ContainsRune("'.", r) {
			return -1
		}
		return r
	}, norm.NFD.String(key))
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
