package diffview

import (
	"time"

	"storydiff/tracker"
)

// An OutletJSON is the row of an outlet: what was seen of it since a time. Each
// count says what it is of.
type OutletJSON struct {
	Type          string      `json:"type"` // "outlet"
	Outlet        string      `json:"outlet"`
	Since         time.Time   `json:"since"`                // a Monday
	Weeks         int         `json:"weeks"`                // the current one, which is not over, included
	Articles      int         `json:"articles"`             // that a look observed
	New           int         `json:"new"`                  // of articles: first seen in this time
	Unread        int         `json:"unread"`               // beside articles: those that no look ever could read
	Edited        int         `json:"edited"`               // of articles
	Changes       int         `json:"changes"`              // a headline under test counts once
	Silent        int         `json:"silent"`               // of changes
	Stamped       int         `json:"stamped"`              // of changes
	Noted         int         `json:"noted"`                // of changes
	Flips         int         `json:"flips"`                // beside changes: those that only go on with a headline under test
	FirstEdits    int         `json:"first_edits"`          // articles whose first edit was seen in this time
	FirstEdit     *MedianJSON `json:"first_edit,omitempty"` // after publication
	FirstLook     *MedianJSON `json:"first_look,omitempty"` // after publication, of new articles; what was edited before it was not seen
	Window        *MedianJSON `json:"window,omitempty"`     // between the two looks that a change lies between
	NotedLate     *MedianJSON `json:"noted_late,omitempty"` // how long edits had stood without the note that came in this time
	Gone          int         `json:"gone"`                 // of articles
	Back          int         `json:"back"`                 // of gone
	Blocked       int         `json:"blocked"`              // of articles
	BlockedSpells int         `json:"blocked_spells"`
	BlockedS      int64       `json:"blocked_s"`     // seconds, of all spells together
	Looks         int         `json:"looks"`         // that observed an article
	ArticleWeeks  int         `json:"article_weeks"` // an article that was observed in three weeks is three
	LateLooks     int         `json:"late_looks"`    // of looks: those that came late by ten minutes or more
	LateS         int64       `json:"late_s"`        // seconds that articles were due and not observed before those
	LastLook      time.Time   `json:"last_look,omitzero"`
}

// A MedianJSON is the median of n durations, each known to lie between two bounds
// alone: the median of those.
type MedianJSON struct {
	N        int   `json:"n"`
	AtLeastS int64 `json:"at_least_s"`          // seconds
	AtMostS  int64 `json:"at_most_s,omitempty"` // left out where it is not known
}

// OutletRow returns the row of an outlet and the looks that its figures stand on.
func OutletRow(f tracker.OutletFigures, l tracker.Looks) OutletJSON {
	return OutletJSON{
		Type: "outlet", Outlet: f.Outlet, Since: f.From.Start(), Weeks: len(f.Weeks),
		Articles: f.Articles, New: f.New, Unread: f.Unread, Edited: f.Edited,
		Changes: f.Changes, Silent: f.Silent, Stamped: f.Stamped, Noted: f.Noted, Flips: f.Flips, FirstEdits: f.FirstEdits,
		FirstEdit: medianRow(f.FirstEdit), FirstLook: medianRow(f.FirstLook), Window: medianRow(f.Window), NotedLate: medianRow(f.Late),
		Gone: f.Gone, Back: f.Back, Blocked: f.BlockedOf, BlockedSpells: f.Blocked, BlockedS: int64(f.BlockedFor / time.Second),
		Looks: l.N, ArticleWeeks: l.Spread, LateLooks: l.Delayed, LateS: int64(l.DelayedFor / time.Second), LastLook: stamp(l.Last),
	}
}

// medianRow returns the row of a median, the upper bound rounded up; nil of none.
func medianRow(m tracker.Median) *MedianJSON {
	if m.N == 0 {
		return nil
	}
	return &MedianJSON{m.N, int64(m.AtLeast / time.Second), int64(roundUp(m.AtMost, time.Second) / time.Second)}
}
