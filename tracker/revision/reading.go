package revision

import (
	"slices"
)

// A Note is what a note says, read once.
type Note struct {
	words   map[string]bool // stems of what it names
	numbers map[string]bool
	kinds   map[Kind]bool // kinds of edit that it names: "misspelt" names spelling and name
}

// general reports whether the note says no more than that something changed.
func (n *Note) general() bool { return len(n.words)+len(n.numbers)+len(n.kinds) == 0 }

// readNote reads a note: its label, the opening by which it is known for one and
// the date of either are no matter of it.
func readNote(text string, lex *lexicon, t *topics) *Note {
	n := &Note{words: map[string]bool{}, numbers: map[string]bool{}, kinds: map[Kind]bool{}}
	text = clip(text, maxNote)
	opening, rest := cutOpening(text)
	words := scan(opening)
	dates := datesAmong(words, lex)
	for i, w := range words {
		if !dates[i] {
			n.take(w, lex, t)
		}
	}
	for _, w := range scan(rest) {
		n.take(w, lex, t)
	}
	return n
}

// take adds a word of a note to what it says.
func (n *Note) take(w word, lex *lexicon, t *topics) {
	key := possessor(w.key)
	kinds := t.kinds[key]
	for _, k := range kinds {
		n.kinds[k] = true
	}
	if number := numberKey(w, lex); number != "" {
		n.numbers[number] = true
		return
	}
	if len(kinds) > 0 || t.filler[key] || !lex.isContent(w) || lex.negation[key] {
		return
	}
	n.words[t.stem(w.key)] = true
}

// cutOpening parts a note behind its opening and the date that follows it, and
// drops its label.
func cutOpening(text string) (opening, rest string) {
	openings, labels := notePatterns()[0], notePatterns()[1]
	if at := labels.FindStringIndex(text); at != nil {
		text = text[at[1]:]
	}
	at := openings.FindStringIndex(text)
	if at == nil {
		return "", text
	}
	end := at[1] + len(leadingDate.FindString(text[at[1]:]))
	return text[:at[1]], text[end:]
}

// datesAmong returns which words are those of a date: a month or weekday, and
// the numbers that stand by it.
func datesAmong(words []word, lex *lexicon) map[int]bool {
	dates := map[int]bool{}
	for i, w := range words {
		if !lex.month[w.key] && !lex.weekday[w.key] {
			continue
		}
		dates[i] = true
		for j := max(0, i-2); j <= min(len(words)-1, i+2); j++ {
			dates[j] = dates[j] || words[j].isNumber()
		}
	}
	return dates
}

// count returns how many of some stems a note names.
func (n *Note) count(stems []string) int {
	found := 0
	for _, s := range stems {
		if n.words[s] {
			found++
		}
	}
	return found
}

func (n *Note) countNumbers(numbers []string) int {
	found := 0
	for _, s := range numbers {
		if n.numbers[s] {
			found++
		}
	}
	return found
}

// ReadNote reads a note of a story in the language of one of the lexicons. At
// most the first 1,000 bytes are looked at.
func ReadNote(text, lang string) *Note {
	read, ok := lexicons[lang]
	if !ok {
		return &Note{}
	}
	return readNote(text, read(), noteTopics())
}

// SpeaksOf reports whether the note, which came with a later change, speaks of
// an edit. That asks for more than of a note that came with it: the story has
// had other edits, and what they share is in all of their sentences. So it has
// to have two things of the edit: a word or number that came or went, and
// another, or the kind of edit, or a word that hardly another sentence has.
// What is no matter for a note, such as a mended spelling or a paragraph that
// was added, is never spoken of late.
func (n *Note) SpeaksOf(t Trace) bool {
	if slices.Contains([]Kind{Spelling, ParagraphAdded, ParagraphMoved, Link}, t.Kind) {
		return false
	}
	changed, named := n.count(t.Words)+n.countNumbers(t.Numbers), 0
	if n.kinds[t.Kind] {
		named = 1
	}
	if len(t.Words) > nearWords {
		return changed > 3 || changed > 1 && named > 0
	}
	if changed+named == 0 { // no more is needed to tell of nearly all edits
		return false
	}
	around := min(2, n.count(t.Around))
	switch changed {
	case 0:
		return around > 1
	case 1:
		return named+around > 0
	}
	return true
}
