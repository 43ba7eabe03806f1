package report

import "storydiff/tracker"

// A gapTurn is a spell in which the article was not observed.
type gapTurn struct {
	Text   string // "Nobody looked", "No look saw it"
	From   *moment
	Until  *moment // nil: still so
	Why    string  // "no daemon ran"
	Reason string  // of the last look that was tried, in words; empty: none was
}

func newGapTurn(g tracker.Gap) *gapTurn {
	t := &gapTurn{Text: "Nobody looked", From: newMoment(g.From), Why: brief(g.Why())}
	if g.Reason != "" {
		t.Text, t.Reason = "No look saw it", brief(reasonWords(g.Reason))
	}
	if !g.Until.IsZero() {
		spell := newInterval(g.From, g.Until)
		if spell.From != nil {
			t.From = spell.From
		}
		t.Until = spell.To
	}
	return t
}
