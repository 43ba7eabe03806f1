// Package revision says what lies between two stories.
//
// Blocks are lined up and words compared; then each change is named by its
// kinds, told disclosed or silent, and weighed, always with the reason.
package revision

import (
	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// A Kind names what sort of change was made.
type Kind string

// The kinds of change; a revision has one or more.
const (
	Headline         Kind = "headline"
	Standfirst       Kind = "standfirst"
	Byline           Kind = "byline"
	Caption          Kind = "caption"
	Number           Kind = "number"
	Date             Kind = "date"
	Name             Kind = "name"
	Quote            Kind = "quote"
	Attribution      Kind = "attribution"
	Negation         Kind = "negation"
	Hedge            Kind = "hedge"
	Spelling         Kind = "spelling"
	Wording          Kind = "wording"
	ParagraphAdded   Kind = "paragraph-added"
	ParagraphRemoved Kind = "paragraph-removed"
	ParagraphMoved   Kind = "paragraph-moved"
	Correction       Kind = "correction"
	Link             Kind = "link"
)

// Kinds returns all kinds, in the order in which they are named.
func Kinds() []Kind {
	return []Kind{
		Headline, Standfirst, Byline, Caption, Number, Date, Name, Quote, Attribution, Negation, Hedge, Spelling, Wording,
		ParagraphAdded, ParagraphRemoved, ParagraphMoved, Correction, Link,
	}
}

// A Disclosure says whether the publisher owned up to a change.
type Disclosure string

// The disclosures.
const (
	Noted   Disclosure = "noted"   // a note that was not there before says so
	Stamped Disclosure = "stamped" // no note, but the modified time moved on
	Silent  Disclosure = "silent"  // neither
)

// A Level is a significance in a word.
type Level string

// The levels, and the least significance of each.
const (
	Major   Level = "major"   // 60 and above
	Notable Level = "notable" // 25 and above
	Minor   Level = "minor"
)

// LevelOf returns the level of a significance from 0 to 100.
func LevelOf(significance int) Level {
	switch {
	case significance >= 60:
		return Major
	case significance >= 25:
		return Notable
	}
	return Minor
}

// A Reason is why a revision weighs what it weighs. The points of all reasons
// add up to the significance, capped to 0..100.
type Reason struct {
	Code   string `json:"code"`   // a Kind or one of the Reason constants
	Points int    `json:"points"` // may be negative
	Text   string `json:"text"`   // a sentence for a person
}

// A Field is a changed field of the story: "headline", "standfirst", "byline",
// "published", or "links": a line for each link of the text, its words and in
// angle brackets where it leads.
type Field struct {
	Field string          `json:"field"`
	Spans []worddiff.Span `json:"spans"`
}

// A Block is one block of the text, or the old and the new form of one.
type Block struct {
	Op    worddiff.RowOp    `json:"op"`
	Old   int               `json:"old,omitempty"` // place in the old text, from 1
	New   int               `json:"new,omitempty"` // place in the new text, from 1
	Kind  extract.BlockKind `json:"kind"`
	Kinds []Kind            `json:"kinds,omitempty"` // what changed in it
	Spans []worddiff.Span   `json:"spans"`
}

// An Edit is one piece of evidence: what became what, and where.
type Edit struct {
	Kind   Kind
	Field  string // the field it stands in; empty for the text
	Block  int    // index into Revision.Blocks; -1 for a field or where no block shows it
	Before string // the words that went, or of a link where it led; empty where none did
	After  string // the words that came, or where it leads; empty where none did
}

// A Revision is all that lies between two stories.
type Revision struct {
	Fields       []Field    // the changed ones
	Blocks       []Block    // every block, changed or not, in the order of the new text
	Kinds        []Kind     // each once, in the order of the constants above; empty where Same
	Edits        []Edit     // the evidence for Kinds
	Disclosure   Disclosure // empty where Same
	Proof        string     // the words or the two times that prove Disclosure
	NoteSpeaks   Topic      // what a new note speaks of; empty where there is none, or nothing for it to speak of
	Traces       Traces     // what later notes may speak of; of no use where Same
	Significance int        // 0..100
	Reasons      []Reason
	WordsAdded   int // no moved word counts
	WordsRemoved int
	Summary      string          // one line for a person
	Excerpt      []worddiff.Span // the most telling changed sentence
}

// Same reports whether nothing but typography differs.
func (r *Revision) Same() bool { return len(r.Kinds) == 0 }
