// Package worddiff compares two texts word by word.
//
// It knows paragraphs, sentences and words, and neither HTML nor articles: a
// text goes in as its paragraphs, each with the line breaks that follow it, and
// rows come out whose spans give both texts back to the byte.
//
// [Diff] is the way through it: paragraphs (side.go), their tokens (scan.go,
// fold.go) and sentences (sentences.go); sentences lined up over the whole text
// (align.go, grow.go), compared word by word (words.go, slide.go, links.go), and
// looked for elsewhere (moves.go); then rows (rows.go) and spans (spans.go).
//
// Its answer is coarser in two places: of a text past half a million tokens whole
// paragraphs are told apart and no words within; and where more than a million
// pairs of words of one sentence would have to be tried, and no rare word holds
// them together, it counts as rewritten if over a thousand words differ.
package worddiff

import "encoding/json"

// An Op is the fate of a span of text.
type Op string

// The fates of a span.
const (
	Equal  Op = "equal"  // in both texts
	Delete Op = "delete" // in the old text only
	Insert Op = "insert" // in the new text only
)

// A Span is a run of text with one fate.
type Span struct {
	Op    Op     // its fate
	Text  string // the new text of an Equal or Insert span, the old text of a Delete span
	Was   string // the old text of a Quiet span; may be empty
	Quiet bool   // an Equal span whose two forms differ in typography alone
	Moved int    // above 0 in a sentence that moved: its Delete and its Insert spans share the number
}

// Old returns what the span contributes to the old text.
func (s Span) Old() string {
	switch {
	case s.Op == Insert:
		return ""
	case s.Quiet:
		return s.Was
	}
	return s.Text
}

// New returns what the span contributes to the new text.
func (s Span) New() string {
	if s.Op == Delete {
		return ""
	}
	return s.Text
}

// spanJSON is a span as scripts read it.
type spanJSON struct {
	Op    Op      `json:"op"`
	Text  string  `json:"text"`
	Was   *string `json:"was,omitempty"`
	Moved int     `json:"moved,omitempty"`
}

// MarshalJSON writes "was" for a Quiet span alone, and then also when it is empty.
func (s Span) MarshalJSON() ([]byte, error) {
	row := spanJSON{Op: s.Op, Text: s.Text, Moved: s.Moved}
	if s.Quiet {
		row.Was = &s.Was
	}
	return json.Marshal(row)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Span) UnmarshalJSON(b []byte) error {
	var row spanJSON
	if err := json.Unmarshal(b, &row); err != nil {
		return err
	}
	*s = Span{Op: row.Op, Text: row.Text, Moved: row.Moved}
	if row.Was != nil {
		s.Quiet, s.Was = true, *row.Was
	}
	return nil
}

// A RowOp is the fate of a paragraph.
type RowOp string

// The fates of a paragraph.
const (
	RowEqual   RowOp = "equal"   // the same but for typography
	RowChanged RowOp = "changed" // words differ, or a sentence came or went
	RowAdded   RowOp = "added"   // in the new text only
	RowRemoved RowOp = "removed" // in the old text only
	RowMoved   RowOp = "moved"   // stands elsewhere; its words may differ too
)

// A Row is a paragraph of the result: one of the old text beside the one of the
// new text that it became. A paragraph that was split or merged is one row. A
// paragraph without a word or mark goes with the one before it; where its whole
// text holds none, it makes a row that is equal and may have no other side.
type Row struct {
	Op         RowOp
	Old, New   int // place of its first paragraph in the old and the new text, from 1; 0 where there is none
	OldN, NewN int // how many paragraphs of either text it takes in; more than 1 where they were split or merged, or are followed by blank ones
	Spans      []Span
}
