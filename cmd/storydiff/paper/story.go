package paper

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Kind says what a block of a story is.
type Kind string

// The kinds of block.
const (
	Paragraph  Kind = "paragraph"
	Subheading Kind = "subheading"
	Item       Kind = "item" // of a list; neighbouring ones make one list
	Quote      Kind = "quote"
	Caption    Kind = "caption" // a picture with the words below it
)

// A Block is one piece of a story's text.
type Block struct {
	Kind   Kind
	Text   string
	Credit string // of a Caption: whose picture it is
}

// The designs that a story's page may have.
const (
	Semantic  = 1 // <article>, <figure>, <time>, JSON-LD
	Classes   = 2 // divs with telling class names, OpenGraph
	Hashed    = 3 // divs with meaningless class names, JSON-LD in a graph
	Microdata = 4 // itemprop, lists of links between paragraphs
	Plain     = 5 // paragraphs beside a sidebar, dates in words, nothing for machines

	Designs = 5 // how many there are
)

// A Story is what the paper prints at one address, without its surroundings.
type Story struct {
	Design     int // 1 to Designs
	Headline   string
	Standfirst string // may be empty
	Byline     string // names alone, without "By"; may be empty
	Published  time.Time
	Modified   time.Time // zero: the page states none
	Top        string    // a note above the text; may be empty
	Blocks     []Block
	Foot       string // a note below the text; may be empty
	Status     int    // of the answer: 200, 404, 410, 500; 0: 200
}

// Words returns all that a reader reads of the story: its fields and blocks, in
// the order of the page, an item each. The dates are not among them.
func (s *Story) Words() []string {
	words := []string{s.Headline, s.Standfirst, s.Byline, s.Top}
	for _, b := range s.Blocks {
		words = append(words, b.Text, b.Credit)
	}
	words = append(words, s.Foot)
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// Replace puts after in place of before wherever it stands in the story's
// words, and reports whether it stood anywhere.
func (s *Story) Replace(before, after string) bool {
	found := false
	swap := func(text *string) {
		found = found || strings.Contains(*text, before)
		*text = strings.ReplaceAll(*text, before, after)
	}
	for _, field := range []*string{&s.Headline, &s.Standfirst, &s.Byline, &s.Top, &s.Foot} {
		swap(field)
	}
	for i := range s.Blocks {
		swap(&s.Blocks[i].Text)
		swap(&s.Blocks[i].Credit)
	}
	return found
}

// Insert puts a paragraph before the block numbered at, from 0.
func (s *Story) Insert(at int, text string) {
	s.Blocks = slices.Insert(s.Blocks, at, Block{Kind: Paragraph, Text: text})
}

// Remove takes the block numbered at, from 0, out of the story and returns it.
func (s *Story) Remove(at int) Block {
	b := s.Blocks[at]
	s.Blocks = slices.Delete(s.Blocks, at, at+1)
	return b
}

// Move takes the block numbered from, and puts it back as number to.
func (s *Story) Move(from, to int) {
	b := s.Remove(from)
	s.Blocks = slices.Insert(s.Blocks, to, b)
}

// Index returns the number of the first block that holds text, or -1.
func (s *Story) Index(text string) int {
	return slices.IndexFunc(s.Blocks, func(b Block) bool { return strings.Contains(b.Text, text) })
}

// clone returns a copy that shares nothing with s.
func (s *Story) clone() Story {
	c := *s
	c.Blocks = slices.Clone(s.Blocks)
	return c
}

// status returns the status of the answer.
func (s *Story) status() int {
	if s.Status == 0 {
		return http.StatusOK
	}
	return s.Status
}
