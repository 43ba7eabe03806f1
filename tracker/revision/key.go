package revision

import (
	"crypto/sha256"
	"strings"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// Key returns the identity of a story's content: two stories share it exactly
// when Compare calls them the same.
//
// It is the SHA-256 of the typography-free fingerprints of headline,
// standfirst, byline and body, of the time of publication to the second, and of
// the targets of the links in their order (see target.go for what is one target).
// The body is taken as one text, since where paragraphs are broken is
// typography. A page that does not say when it was published has the zero time,
// which is a value like any other: sameness has to carry over from version to
// version, and "unknown equals any" would not. That such a date came or went is
// a change, of hardly any weight. The modified time is no part of the key.
func Key(s *extract.Story) [32]byte {
	h := sha256.New()
	for _, text := range []string{s.Headline, s.Standfirst, s.Byline, body(s)} {
		sum := worddiff.Fingerprint(text)
		h.Write(sum[:])
	}
	h.Write([]byte(timeText(s.Published)))
	for _, target := range targets(s) {
		h.Write([]byte("\n" + target))
	}
	return [32]byte(h.Sum(nil))
}

// body returns the text of the blocks, kept apart by a break also where a block
// states none, as Diff keeps them apart.
func body(s *extract.Story) string {
	var b strings.Builder
	for _, block := range s.Blocks {
		b.WriteString(block.Text)
		b.WriteString(block.End)
		if block.End == "" {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// timeText returns t as RFC 3339 in UTC; empty for the zero time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Words returns how many words a story has: in its headline, standfirst and text.
func Words(s *extract.Story) int {
	return worddiff.Words(s.Headline) + worddiff.Words(s.Standfirst) + worddiff.Words(s.Body())
}
