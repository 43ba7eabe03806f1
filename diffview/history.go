package diffview

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"storydiff/tracker"
)

// A History is all that is known of an article's life.
type History struct {
	Versions []tracker.Version      // oldest first
	Changes  []tracker.Change       // oldest first, the extractor's doing among them
	Events   []tracker.Event        // in any order
	Late     []tracker.LateNote     // found among Changes
	Tests    []tracker.HeadlineTest // likewise; their looks were counted
	Gaps     []tracker.Gap
	Notes    []tracker.Annotation // of people, oldest first
}

// A HistoryRow is one row of a history.
type HistoryRow struct {
	Place string // where it stands: rows are sorted by it, and a row keeps it while others come
	Row   any    // VersionJSON, ChangeJSON, EventJSON, LateNoteJSON, HeadlineTestJSON, GapJSON or AnnotationJSON
}

// place matches the Place of a row.
var place = regexp.MustCompile(`^[1234]-[0-9]{1,16}(-[0-9]{1,6})?$`)

// IsPlace reports whether text can be the Place of a row.
func IsPlace(text string) bool { return place.MatchString(text) }

// HistoryRows returns the rows of a history: versions and changes as they were
// numbered, then all events, stored and found, as they began, then what people
// noted.
func HistoryRows(h History) []HistoryRow {
	var rows []HistoryRow
	for _, v := range h.Versions {
		rows = append(rows, HistoryRow{fmt.Sprintf("1-%010d", v.N), VersionRow(v)})
	}
	for _, c := range h.Changes {
		rows = append(rows, HistoryRow{fmt.Sprintf("2-%010d", c.To), ChangeRow(c)})
	}
	rows = append(rows, h.eventRows()...)
	for _, n := range h.Notes {
		rows = append(rows, HistoryRow{fmt.Sprintf("4-%010d", n.ID), AnnotationRow(n)})
	}
	slices.SortStableFunc(rows, func(a, b HistoryRow) int { return strings.Compare(a.Place, b.Place) })
	return rows
}

func (h *History) eventRows() []HistoryRow {
	type event struct {
		at  time.Time
		row any
	}
	var events []event
	for _, e := range h.Events {
		events = append(events, event{e.At, EventRow(e)})
	}
	for _, late := range h.Late {
		events = append(events, event{late.Note.SeenBy, LateNoteRow(late)})
	}
	for _, t := range h.Tests {
		events = append(events, event{t.Began, HeadlineTestRow(t)})
	}
	for _, g := range h.Gaps {
		events = append(events, event{g.From, GapRow(g)})
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	rows, same := make([]HistoryRow, len(events)), 0
	for i, e := range events {
		same++ // how many began in the same millisecond before it
		if i == 0 || e.at.UnixMilli() != events[i-1].at.UnixMilli() {
			same = 0
		}
		rows[i] = HistoryRow{fmt.Sprintf("3-%016d-%06d", max(e.at.UnixMilli(), 0), same), e.row}
	}
	return rows
}
