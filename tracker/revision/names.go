package revision

import (
	"strings"
	"unicode/utf8"

	"storydiff/tracker/extract"
)

// A vocabulary is what two stories tell about their own words: which stand in
// lower case, which with a capital inside a sentence, and how often before and
// after.
type vocabulary struct {
	lower, capital map[string]bool
	before, after  map[string]int
}

func newVocabulary(before, after *extract.Story, lex *lexicon) *vocabulary {
	v := &vocabulary{map[string]bool{}, map[string]bool{}, map[string]int{}, map[string]int{}}
	for _, text := range blockTexts(before) {
		v.read(text, v.before, lex)
	}
	for _, text := range blockTexts(after) {
		v.read(text, v.after, lex)
	}
	return v
}

func (v *vocabulary) read(text string, count map[string]int, lex *lexicon) {
	s := &side{text: text, words: scan(text)}
	if s.titleCase(lex) {
		return
	}
	for i, w := range s.words {
		key := possessor(w.key)
		count[key]++
		switch {
		case !w.isCapital():
			v.lower[key] = true
		case !s.initial(i, lex):
			v.capital[key] = true
		}
	}
}

// titleCase reports whether the text gives most words a capital, as headlines
// in some papers do: there a capital says nothing.
func (s *side) titleCase(lex *lexicon) bool {
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

// isName reports whether word i is part of a name, by its capital and by what
// the stories show of it elsewhere.
func (s *side) isName(i int, v *vocabulary, lex *lexicon, titles bool) bool {
	w := s.words[i]
	key := possessor(w.key)
	if lex.nouns || !w.isCapital() || utf8.RuneCountInString(w.text) < 2 || lex.stop[key] || lex.pronoun[key] ||
		lex.weekday[key] || lex.month[key] || lex.time[key] || lex.negation[key] || lex.number[key] > 0 {
		return false
	}
	if titles {
		return v.capital[key] && !v.lower[key]
	}
	if !s.initial(i, lex) {
		return true
	}
	if v.capital[key] {
		return !v.lower[key]
	}
	follows := i+1 < len(s.words) && strings.TrimSpace(s.between(i)) == "" && s.words[i+1].isCapital() && !lex.stop[s.at(i+1)]
	speaks := lex.attribution[s.at(i+1)] != "" && !strings.HasSuffix(key, "s")
	return (follows || speaks) && !v.lower[key] && !lex.known[key] && !lex.charged[key]
}

// names returns the names among some words.
func (s *side) names(e extent, v *vocabulary, lex *lexicon) []string {
	var out []string
	titles := s.titleCase(lex)
	for i := e.from; i < e.to; i++ {
		if s.isName(i, v, lex, titles) {
			out = append(out, possessor(s.words[i].key))
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
