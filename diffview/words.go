package diffview

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"storydiff/tracker/revision"
)

// name returns what a side is called.
func (s Side) name(otherwise string) string {
	if s.Source == "" {
		return otherwise
	}
	return s.Source
}

// hash returns the hash as hexadecimal digits; empty where it is not known.
func (s Side) hash() string { return hexOf(s.SHA256) }

func hexOf(sum [32]byte) string {
	if sum == [32]byte{} {
		return ""
	}
	return hex.EncodeToString(sum[:])
}

// title returns what a page about the diff is called.
func (d *Diff) title(o Options) string {
	for _, t := range []string{o.Title, d.New.Headline, d.Old.Headline} {
		if t = flat(t); t != "" {
			return t
		}
	}
	return flat(d.Old.name("old")) + " → " + flat(d.New.name("new"))
}

// sameness says that there is nothing to show, and why.
func (d *Diff) sameness() string {
	for _, b := range d.Revision.Blocks {
		for _, s := range b.Spans {
			if s.Quiet {
				return "No difference but typography."
			}
		}
	}
	return "No difference."
}

// KindsText returns kinds with sep between them.
func KindsText(kinds []revision.Kind, sep string) string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	return strings.Join(out, sep)
}

// Disclosed says in a sentence what a disclosure means, and of a note what it
// speaks of.
func Disclosed(d revision.Disclosure, t revision.Topic) string {
	switch d {
	case revision.Noted:
		return noteSaid(t)
	case revision.Stamped:
		return "No note says what changed, but the page states a later time of update."
	}
	return "No note says so, and no later time of update was stated."
}

// fieldLabel returns a field's name as a reader calls it.
func fieldLabel(field string) string {
	if field == "" {
		return "Field"
	}
	return strings.ToUpper(field[:1]) + field[1:]
}

// Count returns n and the noun, in the singular for 1: "1 word", "12 words".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Number(n) + " " + noun + "s"
}

// Number returns n with a narrow space between thousands, which breaks no line.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// WordsChanged says how many words came and went.
func WordsChanged(added, removed int) string {
	switch {
	case added == 0 && removed == 0:
		return "no words added or removed"
	case removed == 0:
		return Count(added, "word") + " added"
	case added == 0:
		return Count(removed, "word") + " removed"
	}
	return Count(added, "word") + " added, " + Number(removed) + " removed"
}

// whenText returns a time for a reader; empty where it is not known.
func whenText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04 UTC")
}

// stamp returns t in UTC to the second, so that times as text sort as times.
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}
