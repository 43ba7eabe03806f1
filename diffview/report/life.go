package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
)

// A turn is one line of an article's life: a version, an event, or a test of
// headlines that stands for several versions.
type turn struct {
	at      time.Time
	Version *versionTurn
	Event   *eventTurn
	Test    *testTurn
	Gap     *gapTurn
}

// A versionTurn is a version and what changed with it.
type versionTurn struct {
	N          int
	Link       string
	Seen       interval
	First      bool
	Words      string
	Change     *entry // nil: the first version, or nothing is known, or the extractor's doing
	Ours       string // says that it was the extractor's doing; empty: it was not
	RevertsTo  int    // the earlier version that is back; 0: none
	OldChosen  bool   // the form compares from this version, unless told otherwise
	NewChosen  bool   // and to this one
	MayBeOld   bool
	MayBeNew   bool
	RevertLink string
	Notes      lateNotes
}

// An eventTurn is a turn in the life of an article beside its content.
type eventTurn struct {
	Kind   string
	Text   string
	When   interval
	Ended  bool // When is the whole spell; else its beginning
	Lasts  bool // it is so still
	Detail string
}

// withheldReason is why an article is gone that is withheld on legal grounds (RFC 7725).
const withheldReason = "http-451"

// life tells versions and events as one story, the newest first. Versions that
// are no more than flips of a headline under test stand within that.
func life(h history) []turn {
	var turns []turn
	tests := make([]*testTurn, len(h.tests))
	for i := range h.tests {
		tests[i] = newTestTurn(&h.tests[i])
		turns = append(turns, turn{at: h.tests[i].Ended, Test: tests[i]})
	}
	n := len(h.versions)
	for i, v := range h.versions {
		t := newVersionTurn(v, h.changes[v.N])
		t.First = v.N == 1
		t.MayBeOld, t.MayBeNew = i < n-1, i > 0
		t.OldChosen, t.NewChosen = i == n-2, i == n-1
		at := v.CapturedAt
		if c := h.changes[v.N]; c != nil {
			at = c.SeenBy
			t.Notes = lateNotesOf(h.late, c)
		}
		one := turn{at: at, Version: &t}
		if in := foldedInto(h, v.N); in >= 0 {
			tests[in].Inner = append([]turn{one}, tests[in].Inner...)
			continue
		}
		turns = append(turns, one)
	}
	for _, e := range h.events {
		turns = append(turns, turn{at: e.At, Event: newEventTurn(e)})
	}
	for _, g := range h.gaps {
		turns = append(turns, turn{at: g.From, Gap: newGapTurn(g)})
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return cmp.Or(b.at.Compare(a.at), b.rank()-a.rank()) })
	return turns
}

// foldedInto returns the number of the test that stands for a version, or -1.
func foldedInto(h history, n int) int {
	c := h.changes[n]
	return slices.IndexFunc(h.tests, func(t tracker.HeadlineTest) bool { return c != nil && t.Folds(c) })
}

// rank orders what was seen by the same look: versions among themselves.
func (t turn) rank() int {
	if t.Version == nil {
		return 0
	}
	return t.Version.N
}

func newVersionTurn(v tracker.Version, c *tracker.Change) versionTurn {
	t := versionTurn{
		N:         v.N,
		Link:      versionPath(v.ArticleID, v.N),
		Seen:      interval{To: newMoment(v.CapturedAt)},
		Words:     diffview.Count(v.Words, "word"),
		RevertsTo: v.RevertsTo,
	}
	if v.RevertsTo > 0 {
		t.RevertLink = versionPath(v.ArticleID, v.RevertsTo)
	}
	if c != nil {
		e := newEntry(*c)
		t.Seen = e.When
		if c.Ours {
			t.Ours = sentence(c.Summary)
			return t
		}
		t.Change = &e
	}
	return t
}

func newEventTurn(e tracker.Event) *eventTurn {
	t := &eventTurn{Kind: shown(string(e.Kind)), When: interval{To: newMoment(e.At)}, Detail: shown(e.Detail)}
	switch e.Kind {
	case tracker.EventGone:
		t.Text, t.Lasts = "Taken away", e.Until.IsZero()
		if e.Reason == withheldReason {
			t.Text = "Withheld on legal grounds"
		}
	case tracker.EventMissing:
		t.Text, t.Lasts = "Not found", e.Until.IsZero()
	case tracker.EventRestored:
		t.Text = "Back again"
	case tracker.EventMoved:
		t.Text = "Moved"
	case tracker.EventMerged:
		t.Text = "Found under two addresses"
	case tracker.EventBlocked:
		t.Text, t.Lasts = "Could not be seen", e.Until.IsZero()
	default:
		t.Text = brief(string(e.Kind))
	}
	if !e.Until.IsZero() {
		t.When, t.Ended = newInterval(e.At, e.Until), true
	}
	if e.Reason != "" {
		t.Text += " (" + brief(reasonWords(e.Reason)) + ")"
	}
	return t
}

// sentence makes a summary a sentence of its own.
func sentence(summary string) string {
	text := shown(summary)
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
