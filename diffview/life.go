package diffview

import (
	"fmt"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// noteSaid says what a new note speaks of.
func noteSaid(t revision.Topic) string {
	switch t {
	case revision.SpeaksOfChange:
		return "A note that was not there before came with it, and speaks of what changed."
	case revision.SpeaksOfPart:
		return "A note that was not there before came with it. It speaks of some of what changed, not of all."
	case revision.SpeaksOfOther:
		return "A note that was not there before came with it, but it speaks of something else."
	}
	return "A note that was not there before came with it. Whether it speaks of every edit is for the reader to judge."
}

// A LateNoteJSON is the row of a note that came late: an event.
type LateNoteJSON struct {
	Type          string            `json:"type"` // "event"
	Article       int64             `json:"article,omitempty"`
	Event         tracker.EventKind `json:"event"`                    // "noted-late"
	At            time.Time         `json:"at,omitzero"`              // the first look that showed the note
	Change        string            `json:"change"`                   // that held the edit: "1..2"
	Note          string            `json:"note"`                     // that brought the note: "3..4"
	SilentAtLeast string            `json:"silent_at_least"`          // as Go writes durations: "2h10m"
	SilentAtMost  string            `json:"silent_at_most,omitempty"` // absent where it is not known
	Detail        string            `json:"detail,omitempty"`         // the note
}

// LateNoteRow returns the row of a late note.
func LateNoteRow(l tracker.LateNote) LateNoteJSON {
	row := LateNoteJSON{
		Type: "event", Article: l.Edit.ArticleID, Event: tracker.EventNotedLate, At: stamp(l.Note.SeenBy),
		Change: rangeText(l.Edit), Note: rangeText(l.Note), SilentAtLeast: shortDuration(l.AtLeast.Truncate(time.Second)), Detail: l.Text,
	}
	if l.AtMost > 0 {
		row.SilentAtMost = shortDuration(roundUp(l.AtMost, time.Second))
	}
	return row
}

func rangeText(c *tracker.Change) string { return fmt.Sprintf("%d..%d", c.From, c.To) }

// shortDuration is Go's form without the units at its end that are zero.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func roundUp(d, unit time.Duration) time.Duration {
	if down := d.Truncate(unit); down < d {
		return down + unit
	}
	return d
}

// SilentText says how long an edit stood silent: "at least 2 hours 10 minutes
// and at most 2 hours 40 minutes". It never says less or more than is known:
// the one bound is rounded down, the other up.
func SilentText(l tracker.LateNote) string {
	least, most := durationText(l.AtLeast, false), durationText(l.AtMost, true)
	switch {
	case l.AtLeast >= time.Second && l.AtMost > 0:
		return "at least " + least + " and at most " + most
	case l.AtLeast >= time.Second:
		return "at least " + least
	case l.AtMost > 0:
		return "at most " + most
	}
	return "a time that is not known"
}

// durationText returns a duration in its two largest units, rounded down or up.
func durationText(d time.Duration, up bool) string {
	large, small, names := unitsOf(d)
	if up { // which may reach the next larger unit
		d = roundUp(d, small)
		large, small, names = unitsOf(d)
	}
	var parts []string
	for i, n := range [2]time.Duration{d / large, d % large / small} {
		switch {
		case n == 1:
			parts = append(parts, "1 "+names[i])
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, names[i]))
		}
	}
	return strings.Join(parts, " ")
}

// unitsOf returns the two largest units of a duration, and their names.
func unitsOf(d time.Duration) (large, small time.Duration, names [2]string) {
	const day = 24 * time.Hour
	switch {
	case d >= day:
		return day, time.Hour, [2]string{"day", "hour"}
	case d >= time.Hour:
		return time.Hour, time.Minute, [2]string{"hour", "minute"}
	}
	return time.Minute, time.Second, [2]string{"minute", "second"}
}

// A HeadlineTestJSON is the row of a headline under test: an event.
type HeadlineTestJSON struct {
	Type      string               `json:"type"` // "event"
	Article   int64                `json:"article,omitempty"`
	Event     tracker.EventKind    `json:"event"`          // "headline-test"
	At        time.Time            `json:"at,omitzero"`    // the first look that showed another headline
	Until     time.Time            `json:"until,omitzero"` // the first look that showed the last one
	Changes   []string             `json:"changes"`        // the single flips: "1..2"
	Headlines []TestedHeadlineJSON `json:"headlines"`
}

// A TestedHeadlineJSON is one of the headlines of a test.
type TestedHeadlineJSON struct {
	Headline string `json:"headline"`
	Looks    int    `json:"looks"`
	Share    int    `json:"share"` // percent of the looks
}

// HeadlineTestRow returns the row of a test, whose looks were counted.
func HeadlineTestRow(t tracker.HeadlineTest) HeadlineTestJSON {
	row := HeadlineTestJSON{
		Type: "event", Article: t.Flips[0].ArticleID, Event: tracker.EventHeadlineTest, At: stamp(t.Began), Until: stamp(t.Ended),
	}
	for _, f := range t.Flips {
		row.Changes = append(row.Changes, rangeText(f))
	}
	for _, h := range t.Headlines {
		row.Headlines = append(row.Headlines, TestedHeadlineJSON{h.Text, h.Looks, h.Share})
	}
	return row
}
