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

// nearWords is how many changed words are few: a note that has one of them
// speaks of them, while one word of a long paragraph may be any.
const nearWords = 6

// mentions reports whether a note that is new speaks of an edit made with it.
//
// It does when it has a word or number that came or went, when it has words of
// the same sentence that are hardly elsewhere in the story, and when it names
// the kind of edit and nothing that stands elsewhere. In doubt it does: that a
// publisher owned up to something else must be plain.
func (n *Note) mentions(s *subject, held map[string]int) bool {
	changed := n.count(s.Words)
	switch {
	case n.countNumbers(s.Numbers) > 0, changed > 0 && len(s.Words) <= nearWords, changed > 2:
		return true
	}
	around, common := n.count(s.Around), n.count(s.Common)
	if around > 1 || around > 0 && common+changed > 0 {
		return true
	}
	if !n.kinds[s.Kind] {
		return false
	}
	return around+common+changed > 0 || !n.namesElsewhere(s.own, held) && len(n.numbers) == 0
}

// namesElsewhere reports whether the note has a word that the story has outside
// a sentence.
func (n *Note) namesElsewhere(own map[string]bool, held map[string]int) bool {
	for stem := range n.words {
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
	if len(c.newTexts) > 0 && len(c.about) > 0 {
		c.rev.NoteSpeaks = c.topic(held, t)
	}
	if c.rev.NoteSpeaks == SpeaksInGeneral {
		for _, s := range c.about {
			s.Told = true
		}
	}
	c.rev.Traces = c.traces()
}

// topic reads the new notes and marks the edits they speak of. In a language
// without a lexicon, words of content cannot be told from others: there a note
// speaks in general.
func (c *comparison) topic(held map[string]int, t *topics) Topic {
	if len(c.lex.stop) == 0 {
		return SpeaksInGeneral
	}
	mentioned, passedOver, other := 0, 0, false
	var notes []*Note
	for _, text := range c.newTexts {
		n := readNote(text, c.lex, t)
		if n.general() {
			return SpeaksInGeneral
		}
		notes = append(notes, n)
		other = other || n.namesOther(held)
	}
	for _, s := range c.about {
		s.Told = slices.ContainsFunc(notes, func(n *Note) bool { return n.mentions(s, held) })
	}
	c.spread()
	for _, s := range c.about {
		switch {
		case s.Told:
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
func (n *Note) namesOther(held map[string]int) bool {
	return len(n.numbers) > 0 || len(n.kinds) > 0 || len(n.words) > 1 || n.namesElsewhere(nil, held)
}

// spread takes an edit for mentioned where another of the same words is: one
// change of words can be of several kinds.
func (c *comparison) spread() {
	told := map[Edit]bool{}
	for _, s := range c.about {
		if s.Told {
			told[Edit{Field: s.edit.Field, Block: s.Block, Before: s.Before, After: s.After}] = true
		}
	}
	for _, s := range c.about {
		s.Told = s.Told || told[Edit{Field: s.edit.Field, Block: s.Block, Before: s.Before, After: s.After}]
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
		if s.Told {
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
	text := clip(c.rev.Proof, 120)
	note := "“" + strings.TrimSuffix(text, ".") + "”" // in the midst of a sentence
	switch c.rev.NoteSpeaks {
	case SpeaksOfOther:
		return ReasonNotedOther, -min(pointsNotedOther, substance), "A note was added, but it speaks of " + note + ", not of what changed."
	case SpeaksOfPart:
		return ReasonNoted, -c.noted(substance), "The note speaks of " + note + "; it does not mention " + c.passedOver() + "."
	}
	return ReasonNoted, -c.noted(substance), "A note says so: “" + text + "”"
}

// noted is what a note takes off: at least what one that speaks of something
// else does.
func (c *comparison) noted(substance int) int {
	return min(substance, max(pointsNotedOther, min(pointsNoted, c.disclosed())))
}

// passedOver names the weightiest edit that a note should have mentioned.
func (c *comparison) passedOver() string {
	for _, s := range c.about {
		if !s.Told && mustBeNamed(s.Kind) {
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
	case s.edit.Field != "" && s.edit.Kind == Kind(s.edit.Field):
		return "the " + s.edit.Field + ", which was “" + before + "”"
	}
	return "that " + strings.TrimSuffix(became(before, after), ".") + " in " + s.place.String()
}
