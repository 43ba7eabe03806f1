// Package extract reads articles out of pages.
//
// Bytes go in, a Story comes out: headline, standfirst, byline, dates and the
// blocks of the text, or the reason why the page holds no article. It knows
// HTML and has never seen a network.
package extract

import (
	"crypto/sha256"
	"time"
)

// Revision is the number of this extractor. It goes up with every change that
// can make another Story of the same bytes; versions keep the one that made
// them, so that our own improvement is never shown as a newspaper's edit.
const Revision = 5

// A BlockKind says what a block is to a reader.
type BlockKind string

// The kinds of block.
const (
	Paragraph BlockKind = "paragraph"
	Heading   BlockKind = "heading"
	List      BlockKind = "list"    // one item of a list
	Quote     BlockKind = "quote"   // a quotation set apart
	Caption   BlockKind = "caption" // of a picture, with its credit
	Table     BlockKind = "table"   // one row of a table, cells parted by tabs
	Note      BlockKind = "note"    // a correction, clarification, update or editor's note
)

// A Block is one piece of an article's text.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Text  string    `json:"text"`            // no white space at either end
	End   string    `json:"end"`             // the line breaks that follow it in the text
	Links []Link    `json:"links,omitempty"` // within Text, in order; at most 50, and 500 in a story
	Place Place     `json:"place,omitempty"` // of a note: where it stands; empty for other kinds
	Path  string    `json:"path,omitempty"`  // where it stands in the page's tree, as "div.story > p"; see [treePath]
	Post  string    `json:"post,omitempty"`  // of a live blog: what the post it stands in is called from look to look; empty elsewhere
}

// A Place says where a note stands, as a reader would.
type Place string

// The places of a note.
const (
	AboveText Place = "above the text"
	InText    Place = "in the text"
	BelowText Place = "below the text"
	Elsewhere Place = "outside the article"
	Unseen    Place = "in the page's data" // in its JSON-LD alone, where no reader sees it
)

// A Story is what a reader reads of an article, in UTF-8, NFC not enforced.
type Story struct {
	Headline   string
	Standfirst string
	Byline     string
	Published  time.Time // zero where the page does not say; UTC
	Modified   time.Time // likewise
	Lang       string    // BCP 47 tag as the page states it; empty where it does not
	Site       string    // the outlet's own name, where the page states it
	Canonical  string    // absolute address of rel=canonical; empty where there is none
	Blocks     []Block
	Sources    map[string]string // field name, or "body" → where it was read: "h1", "json-ld", "og:title", "html" …; "live" → where the page says that it is a live blog; "rules" → see RulesFingerprint; "reserved" → what its publisher asks of copies: "noarchive, tdm-reservation"
	Signals    Signals           // not kept with a version
}

// Signals are what a page says of its article beside the text. What they mean
// depends on the article's history; one alone means nothing.
type Signals struct {
	Live       bool   // a live blog: LiveBlogPosting
	Paid       bool   // isAccessibleForFree is false
	Invitation string // the words at the end of the text that invite to subscribe or log in; empty: there are none
	BreaksOff  bool   // the text ends in an ellipsis or in mid-sentence
}

// A Correction is what a publisher owns up to in a story: a correction, a
// clarification, an update or an editor's note.
type Correction struct {
	Text  string `json:"text"`
	Place Place  `json:"place,omitempty"` // where a reader finds it
}

// Corrections returns the notes of a story in the order of its text.
func (s *Story) Corrections() []Correction {
	var all []Correction
	for _, block := range s.Blocks {
		if block.Kind == Note {
			all = append(all, Correction{block.Text, block.Place})
		}
	}
	return all
}

// Body returns the text below the fields: every block with the line breaks that
// follow it.
func (s *Story) Body() string { return string(s.appendBody(make([]byte, 0, s.bodySize()))) }

func (s *Story) appendBody(b []byte) []byte {
	for i := range s.Blocks {
		b = append(append(b, s.Blocks[i].Text...), s.Blocks[i].End...)
	}
	return b
}

func (s *Story) bodySize() (n int) {
	for i := range s.Blocks {
		n += len(s.Blocks[i].Text) + len(s.Blocks[i].End)
	}
	return n
}

// Text returns the whole story as `storydiff show` prints it: the fields, a
// line each, a line for each link, an empty line, and the body.
func (s *Story) Text() string { return string(s.text()) }

func (s *Story) text() []byte {
	const fields = 160 // the labels and times, and some more
	b := make([]byte, 0, fields+len(s.Headline)+len(s.Standfirst)+len(s.Byline)+s.bodySize())
	line := func(label, text string) {
		if text != "" {
			b = append(append(append(b, label...), text...), '\n')
		}
	}
	line("Headline: ", s.Headline)
	line("Standfirst: ", s.Standfirst)
	line("Byline: ", s.Byline)
	line("Published: ", stamp(s.Published))
	line("Modified: ", stamp(s.Modified))
	for i := range s.Blocks {
		for _, link := range s.Blocks[i].Links {
			line("Link: ", link.String())
		}
	}
	if len(b) > 0 {
		b = append(b, '\n')
	}
	return s.appendBody(b)
}

// SHA256 returns the hash of Text.
func (s *Story) SHA256() [32]byte { return sha256.Sum256(s.text()) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// A Refusal is why a page is no article.
type Refusal struct {
	Reason string // a short code: "not-html", "empty", "no-article", "bot-challenge", "consent-wall", "geo-block", "login", "paywall", "soft-404"
	Detail string // a sentence for a person
}

func (r *Refusal) Error() string { return r.Detail }

// MaxBytes is how much of a page is read, in bytes; what lies beyond is not
// looked at. A flat page of 10 MB takes the HTML parser 2.5 s and 315 MB.
const MaxBytes = 3 << 20

// An Input is a page to read.
type Input struct {
	Body        []byte // as decoded of its content coding; at most MaxBytes are parsed
	ContentType string // of the response; empty for a file
	URL         string // its address, to resolve links against; empty for a file
	Header      map[string][]string
	Rules       *Rules // of the user's, beside those shipped; nil: none
}
