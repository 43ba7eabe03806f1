package revision

import (
	"slices"
	"strings"
)

// A Topic is what a new note speaks of.
type Topic string

// The topics; the empty one means that no note is new, or that nothing but the
// note changed.
const (
	SpeaksOfChange  Topic = "change"  // what changed with it
	SpeaksOfPart    Topic = "part"    // some of it; a number, name, quote or the like goes without a word
	SpeaksInGeneral Topic = "general" // that something changed, not what
	SpeaksOfOther   Topic = "other"   // something else
)

// ReasonNotedOther is the code of the reason that a note came with the change
// which speaks of something else.
const ReasonNotedOther = "noted-other"

// pointsNotedOther is what such a note takes off, at most: next to nothing.
const pointsNotedOther = 2

// A reading is what a note says, read once.
type reading struct {
	words   map[string]bool // stems of what it names
	numbers map[string]bool
	kinds   map[Kind]bool // kinds of edit that it names: "misspelt" names spelling and name
}

// general reports whether the note says no more than that something changed.
func (r *reading) general() bool { return len(r.words)+len(r.numbers)+len(r.kinds) == 0 }

// readNote reads a note: its label, the opening by which it is known for one and
// the date of either are no matter of it.
func readNote(text string, lex *lexicon, t *topics) *reading {
	r := &reading{words: map[string]bool{}, numbers: map[string]bool{}, kinds: map[Kind]bool{}}
	text = clip(text, maxNote)
	opening, rest := cutOpening(text)
	words := scan(opening)
	dates := datesAmong(words, lex)
	for i, w := range words {
		if !dates[i] {
			r.take(w, lex, t)
		}
	}
	for _, w := range scan(rest) {
		r.take(w, lex, t)
	}
	return r
}

// take adds a word of a note to what it says.
func (r *reading) take(w word, lex *lexicon, t *topics) {
	key := possessor(w.key)
	kinds := t.kinds[key]
	for _, k := range kinds {
		r.kinds[k] = true
	}
	if n := numberKey(w, lex); n != "" {
		r.numbers[n] = true
		return
	}
	if len(kinds) > 0 || t.filler[key] || !lex.isContent(w) || lex.negation[key] {
		return
	}
	r.words[t.stem(w.key)] = true
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
func (r *reading) count(stems []string) int {
	n := 0
	for _, s := range stems {
		if r.words[s] {
			n++
		}
	}
	return n
}

func (r *reading) countNumbers(numbers []string) int {
	n := 0
	for _, s := range numbers {
		if r.numbers[s] {
			n++
		}
	}
	return n
}

// nearWords is how many changed words are few: a note that has one of them
// speaks of them, while one word of a long paragraph may be any.
const nearWords = 6

// mentions reports whether a note that is new speaks of an edit made with it.
//
// It does when it has a word or number that came or went, when it has words of
// the same sentence that are hardly elsewhere in the story, and when it names
// the kind of edit and nothing that stands elsewhere. In doubt it does: that a
// publisher owned up to something else must be plain.
func (r *reading) mentions(s *subject, held map[string]int) bool {
	changed := r.count(s.Words)
	switch {
	case r.countNumbers(s.Numbers) > 0, changed > 0 && len(s.Words) <= nearWords, changed > 2:
		return true
	}
	around, common := r.count(s.Around), r.count(s.Common)
	if around > 1 || around > 0 && common+changed > 0 {
		return true
	}
	if !r.kinds[s.Kind] {
		return false
	}
	return around+common+changed > 0 || !r.namesElsewhere(s.own, held) && len(r.numbers) == 0
}

// namesElsewhere reports whether the note has a word that the story has outside
// a sentence.
func (r *reading) namesElsewhere(own map[string]bool, held map[string]int) bool {
	for stem := range r.words {
		if held[stem] > 0 && !own[stem] {
			return true
		}
	}
	return false
}

// mustBeNamed reports whether an edit of a kind is one that a note which speaks
// of others should not pass over.
func mustBeNamed(k Kind) bool {
	return slices.Contains([]Kind{Headline, Standfirst, Number, Date, Name, Quote, Attribution, Negation, Hedge, ParagraphRemoved}, k)
}

// speak finds what the new notes speak of, and keeps what later notes may.
func (c *comparison) speak() {
	t := noteTopics()
	held := c.sentences(t)
	c.about = c.subjects(held, t)
	c.rev.Traces = c.traces()
	if len(c.newTexts) == 0 || len(c.about) == 0 {
		return
	}
	if len(c.lex.stop) == 0 { // words of content cannot be told in this language
		c.rev.NoteSpeaks = SpeaksInGeneral
		c.mentionAll()
		return
	}
	c.rev.NoteSpeaks = c.topic(held, t)
	if c.rev.NoteSpeaks == SpeaksInGeneral {
		c.mentionAll()
	}
}

func (c *comparison) mentionAll() {
	for _, s := range c.about {
		s.mentioned = true
	}
}

// topic reads the new notes and marks the edits they speak of.
func (c *comparison) topic(held map[string]int, t *topics) Topic {
	mentioned, passedOver, other := 0, 0, false
	var notes []*reading
	for _, text := range c.newTexts {
		r := readNote(text, c.lex, t)
		if r.general() {
			return SpeaksInGeneral
		}
		notes = append(notes, r)
		other = other || c.namesOther(r, held)
	}
	for _, s := range c.about {
		s.mentioned = slices.ContainsFunc(notes, func(r *reading) bool { return r.mentions(s, held) })
	}
	c.spread()
	for _, s := range c.about {
		switch {
		case s.mentioned:
			mentioned++
		case mustBeNamed(s.Kind):
			passedOver++
		}
	}
	switch {
	case mentioned == 0 && other:
		return SpeaksOfOther
	case mentioned == 0:
		return SpeaksInGeneral
	case passedOver > 0:
		return SpeaksOfPart
	}
	return SpeaksOfChange
}

// namesOther reports whether a note names something that can be told: what the
// story holds, a number, a kind of edit, or more than one word.
func (c *comparison) namesOther(r *reading, held map[string]int) bool {
	return len(r.numbers) > 0 || len(r.kinds) > 0 || len(r.words) > 1 || r.namesElsewhere(nil, held)
}

// spread takes an edit for mentioned where another of the same words is: one
// change of words can be of several kinds.
func (c *comparison) spread() {
	told := map[Edit]bool{}
	for _, s := range c.about {
		if s.mentioned {
			told[Edit{Field: s.Field, Block: s.Block, Before: s.Before, After: s.After}] = true
		}
	}
	for _, s := range c.about {
		s.mentioned = s.mentioned || told[Edit{Field: s.Field, Block: s.Block, Before: s.Before, After: s.After}]
	}
}

// disclosed returns what the edits that a note speaks of weigh beyond those of
// the same kinds that it passes over. It grows with a further edit by no more
// than the weight of all edits does.
func (c *comparison) disclosed() int {
	named, silent := map[Kind]int{}, map[Kind]int{}
	for _, s := range c.about {
		if s.slight {
			continue
		}
		if s.mentioned {
			named[s.edit.Kind] = max(named[s.edit.Kind], s.points)
		} else {
			silent[s.edit.Kind] = max(silent[s.edit.Kind], s.points)
		}
	}
	sum := 0
	for k, points := range named {
		sum += max(0, points-silent[k])
	}
	return sum
}

// notedReason says what a note does for the weight of a change.
func (c *comparison) notedReason(substance int) (string, int, string) {
	note := "“" + clip(c.rev.Proof, 120) + "”"
	switch c.rev.NoteSpeaks {
	case SpeaksOfOther:
		return ReasonNotedOther, -min(pointsNotedOther, substance), "A note was added, but it speaks of " + note + ", not of what changed."
	case SpeaksOfPart:
		return ReasonNoted, -c.noted(substance), "The note speaks of " + note + "; it does not mention " + c.passedOver() + "."
	}
	return ReasonNoted, -c.noted(substance), "A note says so: " + note
}

// noted is what a note takes off: at least what one that speaks of something
// else does.
func (c *comparison) noted(substance int) int {
	return min(substance, max(pointsNotedOther, min(pointsNoted, c.disclosed())))
}

// passedOver names the weightiest edit that a note should have mentioned.
func (c *comparison) passedOver() string {
	for _, s := range c.about {
		if !s.mentioned && mustBeNamed(s.Kind) {
			return strings.TrimSuffix(c.passedOverText(s), ".")
		}
	}
	return "all that changed"
}

func (c *comparison) passedOverText(s *subject) string {
	before, after := clip(s.Before, 60), clip(s.After, 60)
	switch {
	case s.Kind == ParagraphRemoved:
		return "the paragraph that went, “" + before + "”"
	case before == "":
		return "that “" + after + "” came into " + s.place.String()
	case after == "":
		return "that “" + before + "” went from " + s.place.String()
	case s.Field != "" && s.edit.Kind == Kind(s.Field):
		return "the " + s.Field + ", which was “" + before + "”"
	}
	return "that " + before + " became " + after + " in " + s.place.String()
}
