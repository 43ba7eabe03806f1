package tracker_test

import (
	"fmt"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// A live story of a thousand changes, each with a note and edits of which no
// note speaks, is the most work that a page of the report has with late notes.
func BenchmarkLateNotes(b *testing.B) {
	var life []tracker.Change
	for i := range 1000 {
		c := tracker.Change{From: i + 1, To: i + 2, Traces: revision.Traces{Lang: "en"}}
		for e := range 24 {
			t := revision.Trace{Kind: revision.Number}
			for w := range 24 {
				t.Around = append(t.Around, fmt.Sprintf("w%dx%d", e, w))
			}
			c.Traces.Edits = append(c.Traces.Edits, t)
		}
		c.Traces.Notes = []string{"Update, 12:00: The harbour office has said that the ferry was on time and that nobody is missing."}
		life = append(life, c)
	}
	for b.Loop() {
		tracker.LateNotes(life)
	}
}
