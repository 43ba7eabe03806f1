package report

import (
	"fmt"

	"storydiff/diffview"
	"storydiff/tracker"
)

// lateNotes is what notes have to do with a change beyond what came with it;
// data of the template "late".
type lateNotes struct {
	Late *lateSaid  // the later note that speaks of it; nil: there is none
	Owns []lateSaid // the earlier changes that its own note speaks of
}

// A lateSaid is one of the two ends of a late note.
type lateSaid struct {
	Link   string // of the other change
	Text   string // "version 4", "the change from version 1 to 2"
	Silent string // how long the edit stood without a note
}

// lateNotesOf picks out of all late notes of an article those of one change.
func lateNotesOf(all []tracker.LateNote, c *tracker.Change) (out lateNotes) {
	for _, l := range all {
		silent := diffview.SilentText(l)
		if same(l.Edit, c) {
			out.Late = &lateSaid{linkOf(l.Note), fmt.Sprintf("version %d", l.Note.To), silent}
		}
		if same(l.Note, c) {
			out.Owns = append(out.Owns, lateSaid{linkOf(l.Edit), fmt.Sprintf("the change from version %d to %d", l.Edit.From, l.Edit.To), silent})
		}
	}
	return out
}

// same reports whether two changes of an article are one.
func same(a, b *tracker.Change) bool { return a.From == b.From && a.To == b.To }

func linkOf(c *tracker.Change) string { return changePath(c.ArticleID, c.From, c.To) }
