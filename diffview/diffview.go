// Package diffview draws a revision: as text for a terminal or a pipe, as a
// page of HTML or a piece of one, as Markdown, as a unified diff, and as the
// rows that scripts read.
//
// It knows neither stores nor networks. What it draws was written by strangers,
// so in text, HTML and Markdown every character that could steer a terminal,
// reverse a line or hide in a word is shown by name (see reveal.go). A unified
// diff and JSON carry the text as it is.
//
// Read layout.go for what is shown and what is folded, and run.go for how a
// paragraph becomes marked words; the formats, a file each, stand on those two.
package diffview

import (
	"time"

	"storydiff/tracker/revision"
)

// A Side is one of the two texts that were compared.
type Side struct {
	Source     string    // where it came from: a file name, an address, or a stored version as URL@N
	Headline   string    // empty where the text has none
	Words      int       // in the headline, standfirst and body
	SHA256     [32]byte  // of the text; zero: not known, and left out
	Article    int64     // of a stored version; 0: it is none
	Version    int       // likewise
	CapturedAt time.Time // likewise; zero: not known
	Modified   time.Time // what the page states of when it was modified; zero: nothing, or it is not compared
	Text       string    // the body, of a text file its bytes, which Unified compares; the other formats do not read it
}

// A Diff is two texts and what lies between them.
type Diff struct {
	Old, New Side
	Revision *revision.Revision
}

// A View is how HTML lays the two texts out.
type View string

// The views.
const (
	InlineView     View = "inline"       // one column, marked
	SideBySideView View = "side-by-side" // two columns, row by row
)

// DefaultContext is how many unchanged paragraphs, or lines of a unified diff,
// one expects around a change.
const DefaultContext = 3

// Options say how a Diff is drawn. The zero value draws it inline, without
// colour, unwrapped, and shows no unchanged paragraph.
type Options struct {
	View    View   // of HTML and Fragment; the other formats are inline; empty: InlineView
	Context int    // unchanged paragraphs, or lines in Unified, shown around a change; below 0: all
	Width   int    // columns at which Text wraps, 20 at least; 0: it does not
	Color   bool   // Text marks by colour and weight in place of brackets
	Title   string // of the page; empty: the new headline
	Lang    string // BCP 47 tag of the text, for HTML; empty: not stated
	Cut     bool   // Fragment counts unchanged paragraphs that are not in view, and does not hold them folded
	Bare    bool   // Text and Markdown leave the heading out and begin with the text
}
