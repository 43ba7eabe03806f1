package diffview

import (
	"time"

	"storydiff/tracker"
)

// A GapJSON is the row of a gap: an event.
type GapJSON struct {
	Type    string            `json:"type"` // "event"
	Article int64             `json:"article,omitempty"`
	Event   tracker.EventKind `json:"event"`              // "gap"
	At      time.Time         `json:"at,omitzero"`        // when a look was due
	Until   time.Time         `json:"until,omitzero"`     // absent while it lasts
	Seen    time.Time         `json:"last_seen,omitzero"` // the look before it that saw the article
	Reason  tracker.GapCause  `json:"reason"`             // "no-daemon"
	Trouble string            `json:"trouble,omitempty"`  // reason of the last look that was tried
	Detail  string            `json:"detail,omitempty"`   // "nobody looked: no daemon ran"
}

// GapRow returns the row of a gap.
func GapRow(g tracker.Gap) GapJSON {
	return GapJSON{"event", g.ArticleID, tracker.EventGap, stamp(g.From), stamp(g.Until), stamp(g.Seen), g.Cause, g.Reason, GapWhy(g)}
}

// GapWhy says in a sentence why an article was not seen: "nobody looked: no daemon
// ran"; "no look saw it: its host could not be reached (dns)".
func GapWhy(g tracker.Gap) string {
	said := "nobody looked: "
	if g.Reason != "" {
		said = "no look saw it: "
	}
	said += g.Why()
	if g.Reason != "" {
		said += " (" + OneLine(g.Reason) + ")"
	}
	return said
}
