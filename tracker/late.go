package tracker

import (
	"slices"
	"time"

	"storydiff/tracker/revision"
)

// lateWithin is how many changes before a note are held against it. A story
// that has had more since an edit is a live one, whose notes are many.
const lateWithin = 100

// A LateNote is a note by which a publisher owned up to an earlier edit that
// had stood without one. When either was made is known only to lie between two
// looks, so how long the edit stood is known only between two bounds.
type LateNote struct {
	Edit *Change // the change that held the edit; its disclosure remains what it was
	Note *Change // the later change that brought the note
	Text string  // of the note

	AtLeast time.Duration // the edit stood silent so long; never negative
	AtMost  time.Duration // and no longer; 0: that is not known
}

// LateNotes returns the notes among the changes of one article, oldest first,
// that speak of an edit of an earlier change; of each change the first that
// does, in the order of the edits. Edits of which a note spoke when they were
// made have no late note. It holds each note against the 100 changes before it.
// The result points into changes.
func LateNotes(changes []Change) []LateNote {
	found := map[int]LateNote{} // by index of the edit
	for n := range changes {
		for _, text := range changes[n].Traces.Notes {
			note := revision.ReadNote(text, changes[n].Traces.Lang)
			for e := max(0, n-lateWithin); e < n; e++ {
				if _, told := found[e]; !told && speaksOf(note, &changes[e]) {
					found[e] = lateNote(&changes[e], &changes[n], text)
				}
			}
		}
	}
	var out []LateNote
	for e := range changes {
		if late, ok := found[e]; ok {
			out = append(out, late)
		}
	}
	return out
}

// speaksOf reports whether a note speaks of an edit of a change that no note
// spoke of then.
func speaksOf(note *revision.Note, c *Change) bool {
	return slices.ContainsFunc(c.Traces.Edits, func(t revision.Trace) bool { return !t.Told && note.SpeaksOf(t) })
}

func lateNote(edit, note *Change, text string) LateNote {
	late := LateNote{Edit: edit, Note: note, Text: text}
	if !note.SeenAfter.IsZero() {
		late.AtLeast = max(0, note.SeenAfter.Sub(edit.SeenBy))
	}
	if !edit.SeenAfter.IsZero() {
		late.AtMost = max(late.AtLeast, note.SeenBy.Sub(edit.SeenAfter))
	}
	return late
}
