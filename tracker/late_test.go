package tracker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// lifeOf returns the changes of a story whose texts were seen an hour apart,
// each by a look ten minutes after the one that showed the text before it.
func lifeOf(texts ...string) []tracker.Change {
	var changes []tracker.Change
	var before *extract.Story
	for i, text := range texts {
		after := &extract.Story{Headline: "Ferry hits pier", Lang: "en"}
		for p := range strings.SplitSeq(text, "\n") {
			after.Blocks = append(after.Blocks, extract.Block{Kind: extract.Paragraph, Text: p, End: "\n\n"})
		}
		if before != nil {
			rev := revision.Compare(before, after)
			seen := noon.Add(time.Duration(i) * time.Hour)
			changes = append(changes, tracker.Change{
				From: i, To: i + 1, SeenAfter: seen.Add(-10 * time.Minute), SeenBy: seen,
				Kinds: rev.Kinds, Disclosure: rev.Disclosure, NoteSpeaks: rev.NoteSpeaks, Traces: rev.Traces,
			})
		}
		before = after
	}
	return changes
}

func lateText(late []tracker.LateNote) string {
	var out []string
	for _, l := range late {
		out = append(out, fmt.Sprintf("%d..%d by %d..%d, %v to %v", l.Edit.From, l.Edit.To, l.Note.From, l.Note.To, l.AtLeast, l.AtMost))
	}
	return strings.Join(out, "; ")
}

func TestLateNotes(t *testing.T) {
	const (
		dead12  = "At least 12 people died when the ferry hit the pier.\nThe lamps were dark, said the harbour office."
		dead21  = "At least 21 people died when the ferry hit the pier.\nThe lamps were dark, said the harbour office."
		lamps   = "At least 21 people died when the ferry hit the pier.\nThe lamps were lit, said the harbour office."
		note    = "\nCorrection: an earlier version of this article misstated the death toll as 12."
		lampers = "\nCorrection: an earlier version of this article said that the lamps were dark."
		other   = "\nCorrection: the herring was sold on Friday."
	)
	tests := []struct {
		name  string
		texts []string
		want  string
	}{
		{"no note", []string{dead12, dead21, lamps}, ""},
		{"with the edit", []string{dead12, dead21 + note}, ""},
		{"the next change", []string{dead12, dead21, dead21 + note}, "1..2 by 2..3, 50m0s to 1h10m0s"},
		{"with another edit between", []string{dead12, dead21, lamps, lamps + note}, "1..2 by 3..4, 1h50m0s to 2h10m0s"},
		{"a note on something else", []string{dead12, dead21, dead21 + other}, ""},
		{"an edit that came with a note on something else", []string{dead12, dead21 + other, dead21 + other + note}, "1..2 by 2..3, 50m0s to 1h10m0s"},
		{"a note that tells one of two", []string{dead12, lamps + note, lamps + note + lampers}, "1..2 by 2..3, 50m0s to 1h10m0s"},
		{"told by the first note that does", []string{dead12, dead21, dead21 + note, dead21 + note + strings.Replace(note, "misstated", "wrongly gave", 1)}, "1..2 by 2..3, 50m0s to 1h10m0s"},
		{"told when it was made, and again later", []string{dead12, dead21 + note, dead21 + note + " The number of people who died is 21."}, ""},
		{"one note for two edits", []string{dead12, dead21, lamps, lamps + note + " It said that the lamps were dark."}, "1..2 by 3..4, 1h50m0s to 2h10m0s; 2..3 by 3..4, 50m0s to 1h10m0s"},
		{"the note was there before", []string{dead12 + note, dead21 + note, lamps + note}, ""},
	}
	for _, tt := range tests {
		if got := lateText(tracker.LateNotes(lifeOf(tt.texts...))); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Where the looks leave it open, the bounds say so.
func TestLateNoteBounds(t *testing.T) {
	life := lifeOf("At least 12 people died.", "At least 21 people died.", "At least 21 people died.\nCorrection: It was 21, not 12, who died.")
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	for _, tt := range []struct {
		name                                 string
		editAfter, editBy, noteAfter, noteBy time.Time
		atLeast, atMost                      time.Duration
	}{
		{"one look apart", at(0), at(10), at(10), at(20), 0, 20 * time.Minute},
		{"hours apart", at(0), at(10), at(130), at(160), 2 * time.Hour, 160 * time.Minute},
		{"a clock that went back", at(0), at(10), at(5), at(20), 0, 20 * time.Minute},
		{"clocks that went far back", at(30), at(40), at(0), at(10), 0, 0},
		{"no look before the edit", time.Time{}, at(10), at(30), at(40), 20 * time.Minute, 0},
		{"no look before the note", at(0), at(10), time.Time{}, at(40), 0, 40 * time.Minute},
	} {
		life[0].SeenAfter, life[0].SeenBy, life[1].SeenAfter, life[1].SeenBy = tt.editAfter, tt.editBy, tt.noteAfter, tt.noteBy
		late := tracker.LateNotes(life)
		if len(late) != 1 || late[0].AtLeast != tt.atLeast || late[0].AtMost != tt.atMost {
			t.Errorf("%s: %s, want %v to %v", tt.name, lateText(late), tt.atLeast, tt.atMost)
		}
	}
}
