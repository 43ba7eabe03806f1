package revision

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"storydiff/tracker/extract"
)

// A vocabulary is what two stories tell about their own words: which stand in
// lower case, which with a capital inside a sentence, and how often before and
// after.
type vocabulary struct {
	lower, capital map[string]bool
	named          map[string]bool // stand beside a title or another name; kept where nouns have capitals
	before, after  map[string]int
}

func newVocabulary(before, after *extract.Story, lex *lexicon) *vocabulary {
	v := &vocabulary{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]int{}, map[string]int{}}
	times := map[string][2]int{} // most blocks stand in both texts, and are read once
	for i, s := range []*extract.Story{before, after} {
		for _, text := range blockTexts(s) {
			n := times[text]
			n[i]++
			times[text] = n
		}
	}
	for text, n := range times {
		v.read(text, n, lex)
	}
	return v
}

// read takes up the words of a text that stands in the two stories so many times.
func (v *vocabulary) read(text string, times [2]int, lex *lexicon) {
	s := &side{text: text, words: scan(text)}
	if s.titleCase(lex) {
		return
	}
	for i, w := range s.words {
		key := possessor(w.key)
		if times[0] > 0 {
			v.before[key] += times[0]
		}
		if times[1] > 0 {
			v.after[key] += times[1]
		}
		switch {
		case !w.isCapital():
			v.lower[key] = true
		case !s.initial(i, lex):
			v.capital[key] = true
		}
		if lex.nouns && w.isCapital() && !lex.isFunction(key) && !lex.honorific[key] && s.besideName(i, lex) {
			v.named[key] = true
		}
	}
}

// titleCase reports whether the text gives most words a capital, as headlines
// in some papers do: there a capital says nothing.
func (s *side) titleCase(lex *lexicon) bool {
	if s.credit || lex.nouns || strings.HasSuffix(strings.TrimRightFunc(s.text, unicode.IsSpace), ".") {
		return false // a full stop ends a sentence, not a headline
	}
	words, capitals := 0, 0
	for _, w := range s.words {
		if w.isNumber() || lex.stop[w.key] {
			continue
		}
		words++
		if w.isCapital() {
			capitals++
		}
	}
	return words >= 3 && capitals*10 >= words*7
}

// initial reports whether word i begins a sentence, a quotation or the text, so
// that its capital says nothing.
func (s *side) initial(i int, lex *lexicon) bool {
	if i == 0 {
		return true
	}
	gap := s.between(i - 1)
	if strings.TrimSpace(gap) == "." && (lex.title[s.at(i-1)] || utf8.RuneCountInString(s.words[i-1].text) == 1) {
		return false
	}
	return strings.ContainsAny(gap, ".!?:\"“”„«»‘•—\n…")
}

// properName returns the word as far as it can be a name: what stands behind an
// article that an apostrophe joins to it, as in "d'Orval".
func (w word) properName() (text, key string) {
	for _, mark := range []string{"'", "’"} {
		article, rest, ok := strings.Cut(w.text, mark)
		first, _ := utf8.DecodeRuneInString(rest)
		if ok && len(article) <= 5 && unicode.IsUpper(first) && strings.ToLower(article) == article {
			return rest, keyOf(rest)
		}
	}
	return w.text, possessor(w.key)
}

// isName reports whether word i is part of a name, by its capital and by what
// stands around it and what the stories show of it elsewhere.
func (s *side) isName(i int, v *vocabulary, lex *lexicon, titles bool) bool {
	w := s.words[i]
	text, key := w.properName()
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsUpper(first) && !unicode.IsTitle(first) || utf8.RuneCountInString(text) < 2 || lex.isFunction(key) && !(lex.monthWeak[key] && !s.isMonth(i, lex)) {
		return false
	}
	switch {
	case titles:
		return v.capital[key] && !v.lower[key]
	case lex.nouns:
		return s.isNameAmongNouns(i, key, v, lex)
	case lex.honorific[key] && (!s.isCapitalAt(i+1) || s.initial(i, lex)):
		return false
	case text != w.text || !s.initial(i, lex):
		return true
	case v.capital[key]:
		return !v.lower[key]
	case v.lower[key] || lex.isKnown(key) || lex.charged[key] || lex.common[key] || lex.honorific[key]:
		return false
	case isAcronym(text), strings.HasSuffix(w.key, "'s") && !s.isCapitalAt(i+1):
		return true
	}
	if strings.ContainsAny(s.between(i), "-‐‑") && placed[s.at(i+1)] {
		return true
	}
	if s.actsAt(i+1) && !commonEnding(key) && strings.TrimSpace(s.between(i)) == "" {
		return true
	}
	follows := s.isCapitalAt(i+1) && strings.TrimSpace(s.between(i)) == "" && !lex.stop[s.at(i+1)]
	_, speaks := lex.attribution[s.at(i+1)]
	return follows || speaks && !strings.HasSuffix(key, "s")
}

// placed are words that a hyphen joins to the name of a place or party:
// "London-based".
var placed = map[string]bool{"born": true, "based": true, "led": true, "backed": true, "owned": true, "controlled": true, "run": true}

// actsAt reports whether word i has the form of a verb in English, as what stands
// behind a name at the start of a sentence has.
func (s *side) actsAt(i int) bool {
	key := s.at(i)
	switch key {
	case "to", "is", "was", "has", "had", "will", "would", "may", "might", "could", "can", "did", "does", "won", "lost", "led", "left", "took", "made", "became", "told", "said":
		return true
	}
	return !s.isCapitalAt(i) && len(key) > 3 && (strings.HasSuffix(key, "ed") || strings.HasSuffix(key, "s") && !strings.HasSuffix(key, "ss"))
}

// commonEnding reports whether an English word ends as plain nouns and adverbs do.
func commonEnding(key string) bool {
	for _, end := range []string{"s", "tion", "sion", "ment", "ness", "ing", "ity", "ance", "ence", "ship", "age", "ly", "ism", "th", "ure", "ed"} {
		if strings.HasSuffix(key, end) {
			return true
		}
	}
	return false
}

// isFunction reports whether a key is of a class of words that are no names.
func (l *lexicon) isFunction(key string) bool {
	return l.stop[key] || l.pronoun[key] || l.weekday[key] || l.month[key] || l.time[key] || l.negation[key] || l.number[key] > 0
}

func (s *side) isCapitalAt(i int) bool { return i >= 0 && i < len(s.words) && s.words[i].isCapital() }

// isAcronym reports whether a word is capitals alone.
func isAcronym(text string) bool {
	return len(text) <= 8 && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsUpper(r) }) < 0
}

// isNameAmongNouns is isName for a language that writes every noun with a
// capital. There a name is told by what it stands beside: a title or another
// capital before it, a verb of saying, a preposition without an article.
func (s *side) isNameAmongNouns(i int, key string, v *vocabulary, lex *lexicon) bool {
	if lex.common[key] || lex.honorific[key] || lex.isNumberWord(key) || v.lower[key] || lex.nounEnding(key) {
		return false
	}
	if v.named[key] || isAcronym(s.words[i].text) || s.besideName(i, lex) {
		return true
	}
	last := s.at(i - 1)
	if strings.TrimSpace(s.between(i-1)) != "" {
		last = ""
	}
	_, said := lex.attribution[last]
	_, says := lex.attribution[s.at(i+1)]
	bare := i == 0 || !lex.stop[last] || lex.bare[last]
	return said || says && bare && strings.TrimSpace(s.between(i)) == "" && (last == "" || !s.initial(i, lex)) || lex.bare[last]
}

// besideName reports whether word i makes a name with the capitals beside it:
// "Ida Brenner", "Bürgermeisterin Brenner".
func (s *side) besideName(i int, lex *lexicon) bool {
	touches := func(j int) bool { return strings.TrimSpace(s.between(j)) == "" }
	plain := func(j int) bool { return s.isCapitalAt(j) && !lex.isFunction(s.at(j)) && !lex.nounEnding(s.at(j)) }
	return plain(i-1) && touches(i-1) && (!s.initial(i-1, lex) || lex.honorific[s.at(i-1)] || !lex.stop[s.at(i-1)]) ||
		plain(i+1) && touches(i) && !lex.honorific[s.at(i+1)]
}

// nounEnding reports whether a word ends as common nouns do.
func (l *lexicon) nounEnding(key string) bool {
	return slices.ContainsFunc(l.nounEndings, func(end string) bool { return strings.HasSuffix(key, end) && len(key) > len(end)+1 })
}

// names returns the names among some words.
func (s *side) names(e extent, v *vocabulary, lex *lexicon) []string {
	var out []string
	titles := s.titleCase(lex)
	for i := e.from; i < e.to; i++ {
		if s.isName(i, v, lex, titles) {
			_, key := s.words[i].properName()
			out = append(out, key)
		}
	}
	return out
}

// possessor returns a key without the 's behind it.
func possessor(key string) string { return strings.TrimSuffix(strings.TrimSuffix(key, "'s"), "'") }

// changedNames returns the names that differ in a site. familiar is true where
// they went or came on one side alone and both stories hold them elsewhere, as
// where "he" became a name already given.
func (p *passage) changedNames(s site, v *vocabulary, lex *lexicon) (before, after []string, familiar bool) {
	b, a := p.old.names(s.oldWords, v, lex), p.new.names(s.newWords, v, lex)
	before, after = difference(b, a), difference(a, b)
	for _, other := range p.sites {
		if other != s {
			before = difference(before, p.new.names(other.newWords, v, lex))
			after = difference(after, p.old.names(other.oldWords, v, lex))
		}
	}
	familiar = len(before) == 0 || len(after) == 0
	for _, name := range append(before[:len(before):len(before)], after...) {
		familiar = familiar && v.before[name] > 0 && v.after[name] > 0
	}
	return before, after, familiar
}
