package tracker

import (
	"fmt"
	"strings"

	"storydiff/tracker/extract"
)

// What a paywall leaves of a text. Half is what a text must fall under that ends
// like a whole one; one that breaks off must have lost a fifth: publishers that
// cut at all show a paragraph or two, and an editor may take out a last one.
const (
	leftWhole  = 0.5
	leftBroken = 0.8
	sameStart  = 0.6 // how much of what is left must stand at the beginning of the last text: it may have been edited too
)

// PaywallCut reports whether after is no more than the beginning of before, shown
// to those who do not pay, and says so in a sentence. Signs count together only:
// the text lost its end, and the page invites to subscribe or says that it is not
// free. A text that is whole is none, whatever the page says; nor is one that its
// publisher cut without asking for anything.
func PaywallCut(before, after *extract.Story) (why string, cut bool) {
	signals := after.Signals
	if signals.Invitation == "" && !signals.Paid {
		return "", false
	}
	last, left := wordsOf(runningText(before)), wordsOf(runningText(after))
	share := float64(len(left)) / float64(max(1, len(last)))
	if len(last) == 0 || share >= leftBroken || share >= leftWhole && !signals.BreaksOff {
		return "", false
	}
	start := last[:min(len(last), 2*len(left)+runLength)]
	if len(left) >= runLength && shared(left, start) < sameStart {
		return "", false
	}
	said := "the page says that it is not free to read"
	if signals.Invitation != "" {
		said = fmt.Sprintf("the page asks to subscribe: %.200q", signals.Invitation)
	}
	return fmt.Sprintf("only the first %d of %d words are shown, and %s", len(left), len(last), said), true
}

// runningText returns the text of a story without captions, notes and the
// invitation, which stand where no paywall cuts.
func runningText(s *extract.Story) string {
	invitation := s.Signals.Invitation
	var b strings.Builder
	for _, block := range s.Blocks {
		text := block.Text
		if block.Kind == extract.Caption || block.Kind == extract.Note || invitation != "" && strings.Contains(invitation, text) {
			continue
		}
		if invitation != "" {
			text, _, _ = strings.Cut(text, invitation)
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}
