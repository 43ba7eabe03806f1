package tracker

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode"

	"storydiff/tracker/worddiff"
)

// Furniture is something that was learned to be no part of an outlet's articles.
type Furniture struct {
	Why      FurnitureWhy
	Text     string    // of the line, or of one that stood in the place; shortened
	Path     string    // where it stood in the page where it was last seen
	Articles int       // in how many articles
	Since    time.Time // when it was first seen
}

// A FurnitureWhy says how something was learned to be furniture.
type FurnitureWhy string

// How furniture is learned: from neighbours, or from looks at one article.
const (
	OfNeighbours FurnitureWhy = "neighbours"
	ItRotates                 = FurnitureWhy(Rotates)
	ItTicks                   = FurnitureWhy(Ticks)
	PlaceRotates              = FurnitureWhy(InPlace)
)

// Believed reports whether some article of the outlet leaves it out. Of lines
// that several articles have, those that stand in few are no furniture yet.
func (f *Furniture) Believed() bool {
	return f.Why != OfNeighbours || crowded(f.Articles-1, false, 0)
}

// Reason is a sentence that says why it is taken for furniture, and where.
func (f *Furniture) Reason() string {
	const twice = " between two looks a moment apart, in two checks"
	everywhere := ""
	if f.Articles < learnedBy {
		everywhere = "; so far by this article alone"
	}
	switch f.Why {
	case OfNeighbours:
		return fmt.Sprintf("it stands in %d articles: left out where it stands apart from an article's text, and within it where it stands in more than %d articles and has fewer than %d words", f.Articles, proseNeighbours, longProse)
	case ItTicks:
		return "some of its words differed" + twice + ": compared as the version before had it" + everywhere
	case PlaceRotates:
		return "what stands there came and went" + twice + ": left out whatever it is" + everywhere
	}
	return "it came and went" + twice + ": left out" + everywhere
}

// lineKey is what a line is looked up by among those of an outlet's articles.
func lineKey(outlet, text string) int64 {
	print := worddiff.Fingerprint(text)
	return hashed(outlet, "line", string(print[:]))
}

// keyOf is what a sighting is looked up by: a place by its path, a line by its
// shape.
func keyOf(outlet string, s Sighting) int64 {
	if s.Kind == InPlace {
		return hashed(outlet, string(s.Kind), s.Path)
	}
	return hashed(outlet, string(s.Kind), shape(s.Text))
}

// hashed returns the first eight bytes of the SHA-256 of parts.
func hashed(parts ...string) int64 {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// shape returns a text with every run of digits, and what parts them, as one
// sign: all that a counter shows, whatever it counts.
func shape(text string) string {
	var b strings.Builder
	digits := false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			if !digits {
				b.WriteByte('#')
			}
			digits = true
		case digits && strings.ContainsRune(".,:\u00a0\u202f’'", r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
			digits = false
		default:
			b.WriteRune(unicode.ToLower(r))
			digits = false
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// maxShown is how much of a learned line is kept to be shown, in characters.
const maxShown = 120

func shortened(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	if runes := []rune(text); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return text
}
