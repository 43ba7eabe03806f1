package search

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"storydiff/tracker/extract"
)

// A Passage is a text of a version that is found as one: a field, a paragraph, a
// caption, a note.
type Passage struct {
	Part string // what it is: "headline", "standfirst", "byline", or the kind of its block
	Text string
}

// Passages returns the passages of a story in the order of its text.
func Passages(s *extract.Story) []Passage {
	out := make([]Passage, 0, len(s.Blocks)+3)
	for _, p := range []Passage{{"headline", s.Headline}, {"standfirst", s.Standfirst}, {"byline", s.Byline}} {
		if p.Text != "" {
			out = append(out, p)
		}
	}
	for _, block := range s.Blocks {
		if block.Text != "" {
			out = append(out, Passage{string(block.Kind), block.Text})
		}
	}
	return out
}

// An Entry is what a passage is in an index.
type Entry struct {
	Key    int64  // the same for passages that are found by the same words
	Tokens string // with a space between them
}

// Entries returns the entries of passages, each once, in order. Passages without a
// word have none. What lies beyond [MaxText] bytes in all has none either.
func Entries(passages []Passage) []Entry {
	var out []Entry
	seen := make(map[int64]bool, len(passages))
	left := MaxText
	var b strings.Builder
	var words []Word
	for _, p := range passages {
		text := p.Text[:min(len(p.Text), left)]
		left -= len(text)
		b.Reset()
		words = appendWords(words[:0], text)
		for i, w := range words {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(w.Token)
		}
		if b.Len() == 0 {
			continue
		}
		e := Entry{Tokens: b.String()}
		sum := sha256.Sum256([]byte(e.Tokens))
		e.Key = int64(binary.BigEndian.Uint64(sum[:8]))
		if !seen[e.Key] {
			seen[e.Key] = true
			out = append(out, e)
		}
	}
	return out
}
