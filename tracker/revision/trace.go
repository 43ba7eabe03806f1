package revision

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"storydiff/tracker/worddiff"
)

// The most of an edit and of a change that is held against notes, and kept for
// later ones.
const (
	maxSubjects   = 100
	maxSentence   = 4000 // bytes of a sentence that are looked at, on either side
	maxTraces     = 24
	maxTraceWords = 24
	rareIn        = 4    // sentences of both texts together that hold a rare word
	maxNote       = 1000 // bytes of a note that are looked at
	maxNotes      = 8
)

// A Trace is what is kept of an edit to tell whether a note speaks of it. Its
// words are stems, as those of a [Note] are.
type Trace struct {
	Kind    Kind     `json:"kind"`
	Field   string   `json:"field,omitempty"`   // it stands in; empty for the text
	Words   []string `json:"words,omitempty"`   // of content, that came or went
	Numbers []string `json:"numbers,omitempty"` // that came or went
	Around  []string `json:"around,omitempty"`  // that its sentence holds and hardly another
	Common  []string `json:"common,omitempty"`  // that its sentence holds, as others do
	Told    bool     `json:"told,omitempty"`    // a note that came with it speaks of it
}

// Traces are what a change leaves for later notes: its edits, the weightiest
// first, and the notes that were new with it. At most 24 edits and 8 notes are
// kept, and 1,000 bytes of each note.
type Traces struct {
	Lang  string   `json:"lang,omitempty"` // of the lexicon; empty: there is none, and nothing can be told
	Edits []Trace  `json:"edits,omitempty"`
	Notes []string `json:"notes,omitempty"`
}

// A subject is an edit that a note may speak of.
type subject struct {
	*edit
	Trace
	own map[string]bool // all stems of its sentence
}

// subjects returns the edits that a note may speak of, the weightiest hundred
// first: all but notes, and what is slight where there is more than that.
func (c *comparison) subjects(held map[string]int, t *topics) []*subject {
	var out []*subject
	ranked := c.ranked()
	onlySlips := !slices.ContainsFunc(ranked, func(e edit) bool { return e.Kind != Correction && !e.slight })
	for i := range ranked {
		if len(out) == maxSubjects {
			break
		}
		e := &ranked[i]
		if e.Kind == Correction || e.slight && !(onlySlips && e.Kind == Spelling) {
			continue
		}
		out = append(out, c.subject(e, held, t))
	}
	return out
}

// traces returns what is kept for later notes.
func (c *comparison) traces() Traces {
	out := Traces{Lang: c.lex.lang}
	for _, s := range c.about[:min(len(c.about), maxTraces)] {
		out.Edits = append(out.Edits, s.Trace)
	}
	for _, text := range c.newTexts[:min(len(c.newTexts), maxNotes)] {
		out.Notes = append(out.Notes, clip(text, maxNote))
	}
	return out
}

// sentences returns in how many sentences of both texts each stem stands. Those
// of notes that are new are left out.
func (c *comparison) sentences(t *topics) map[string]int {
	times := map[string]int{} // most blocks stand in both texts, and are read once
	for _, b := range slices.Concat(c.before.Blocks, c.after.Blocks) {
		times[b.Text]++
	}
	held := map[string]int{}
	for text, n := range times {
		for _, s := range worddiff.Sentences(text) {
			if c.inNewNote(s) {
				continue
			}
			for stem := range c.stems(s, t) {
				held[stem] += n
			}
		}
	}
	return held
}

func (c *comparison) inNewNote(sentence string) bool {
	sentence = strings.TrimSpace(sentence)
	return slices.ContainsFunc(c.newTexts, func(note string) bool { return strings.Contains(note, sentence) })
}

// stems returns the stems of the words of content in a text, numbers left out.
func (c *comparison) stems(text string, t *topics) map[string]bool {
	out := map[string]bool{}
	for _, w := range scan(text) {
		if c.lex.isContent(w) && numberKey(w, c.lex) == "" {
			out[t.stem(w.key)] = true
		}
	}
	return out
}

// subject makes out what an edit changed and what stands around it.
func (c *comparison) subject(e *edit, held map[string]int, t *topics) *subject {
	s := &subject{edit: e, Trace: Trace{Kind: traceKind(e), Field: e.Field}}
	s.own = c.stems(clip(oldText(e.spans), maxSentence)+" "+clip(newText(e.spans), maxSentence)+" "+e.Before+" "+e.After, t)
	before, after := scan(e.Before), scan(e.After)
	s.Words = sortedKeys(symmetric(c.stems(e.Before, t), c.stems(e.After, t)), maxTraceWords)
	s.Numbers = sortedKeys(symmetric(c.numberKeys(before), c.numberKeys(after)), maxTraceWords)
	if len(s.Words)+len(s.Numbers) == 0 { // words changed their order or casing alone
		s.Words = sortedKeys(c.stems(e.After, t), maxTraceWords)
	}
	around, common := map[string]bool{}, map[string]bool{}
	for stem := range s.own {
		switch {
		case slices.Contains(s.Words, stem):
		case held[stem] <= rareIn:
			around[stem] = true
		default:
			common[stem] = true
		}
	}
	s.Around, s.Common = sortedKeys(around, maxTraceWords), sortedKeys(common, maxTraceWords)
	return s
}

// traceKind returns the kind of an edit, as a note would speak of it: a sentence
// that came or went is like a paragraph that did.
func traceKind(e *edit) Kind {
	const sentence = 4 // words at least
	switch {
	case e.Kind != Wording:
	case e.Before == "" && worddiff.Words(e.After) >= sentence:
		return ParagraphAdded
	case e.After == "" && worddiff.Words(e.Before) >= sentence:
		return ParagraphRemoved
	}
	return e.Kind
}

func (c *comparison) numberKeys(words []word) map[string]bool {
	out := map[string]bool{}
	for _, w := range words {
		if n := numberKey(w, c.lex); n != "" {
			out[n] = true
		}
	}
	return out
}

// numberKey returns a number as the same text in digits and in words; empty
// where the word is none.
func numberKey(w word, lex *lexicon) string {
	if v, ok := lex.number[w.key]; ok {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if !w.isNumber() {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, w.text)
}

// symmetric returns what is in one set and not in the other.
func symmetric(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		if !b[k] {
			out[k] = true
		}
	}
	for k := range b {
		if !a[k] {
			out[k] = true
		}
	}
	return out
}

// sortedKeys returns the first limit keys in order.
func sortedKeys(set map[string]bool, limit int) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys[:min(len(keys), limit)]
}
