package tracker

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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
	if !asks(after) {
		return "", false
	}
	whole, rest := running(before), running(after)
	last, left := wordsOf(strings.Join(whole, "\n")), wordsOf(strings.Join(rest, "\n"))
	share := float64(len(left)) / float64(max(1, len(last)))
	if len(last) == 0 || share >= leftBroken || share >= leftWhole && !after.Signals.BreaksOff && !endsWithin(whole, rest) {
		return "", false
	}
	start := last[:min(len(last), 2*len(left)+runLength)]
	if len(left) >= runLength && shared(left, start) < sameStart {
		return "", false
	}
	return cutSays(after, len(left), len(last)), true
}

// CutAnew reports whether after is what a paywall leaves of shown, the story that
// the last look at the whole text read, and says so in a sentence. It may leave
// four fifths and end with a paragraph where every paragraph that is left stands
// where it stood, from the first on, though one in three may have been edited, and
// the page asks to subscribe or says that it is not free, which it did not do before.
// A publisher who cuts a story does so on a page that asks for what it always did. An
// edit in what is left is told once the whole is shown again.
func CutAnew(shown, after *extract.Story) (why string, cut bool) {
	invites := after.Signals.Invitation != "" && shown.Signals.Invitation == ""
	if !invites && (!after.Signals.Paid || shown.Signals.Paid) {
		return "", false
	}
	whole, rest := running(shown), running(after)
	if len(rest) == 0 || len(rest) >= len(whole) || !standsAtFirst(whole, rest) {
		return "", false
	}
	last, left := len(wordsOf(strings.Join(whole, "\n"))), len(wordsOf(strings.Join(rest, "\n")))
	if float64(left) >= leftBroken*float64(last) {
		return "", false
	}
	return cutSays(after, left, last), true
}

// standsAtFirst reports whether rest is the first paragraphs of whole, of which one in
// three may have been edited.
func standsAtFirst(whole, rest []string) bool {
	edited := 0
	for i, text := range rest {
		if text == whole[i] {
			continue
		}
		if edited++; edited*3 > len(rest) || float64(common(whole[i], text)) < sameStart*float64(max(tokens(whole[i]), tokens(text))) {
			return false
		}
	}
	return true
}

// asks reports whether the page of a story invites to subscribe or says that it is
// not free.
func asks(s *extract.Story) bool { return s.Signals.Paid || s.Signals.Invitation != "" }

func cutSays(after *extract.Story, left, last int) string {
	said := "the page says that it is not free to read"
	if after.Signals.Invitation != "" {
		said = fmt.Sprintf("the page asks to subscribe: %.200q", after.Signals.Invitation)
	}
	return fmt.Sprintf("only the first %d of %d words are shown, and %s", left, last, said)
}

// paywalled is what [PaywallCut] and [CutAnew] say of story, which is none of the
// newest version's. What its page asked for the last time is read of the capture
// of that look, and where that is kept no more counts as asked for always.
func (w *Watcher) paywalled(ctx context.Context, newest *Version, last Check, story *extract.Story) (why string, cut bool, err error) {
	if why, cut = PaywallCut(newest.Steady(), story); cut || len(story.Blocks) >= len(newest.Story.Blocks) {
		return why, cut, nil
	}
	_, shown, err := Reader{w.Store, w.Rules}.story(ctx, cmp.Or(last.CaptureID, newest.CaptureID))
	if err != nil || shown == nil {
		return "", false, err
	}
	why, cut = CutAnew(shown, story)
	return why, cut, nil
}

// endsWithin reports whether a text ends in the middle of a sentence of another,
// an ellipsis aside: no editor leaves a paragraph so.
func endsWithin(whole, rest []string) bool {
	if len(rest) == 0 {
		return false
	}
	end := strings.TrimRight(rest[len(rest)-1], ".…‥ \u00a0")
	if end == "" || strings.ContainsAny(end[len(end)-1:], "!?") {
		return false
	}
	return slices.ContainsFunc(whole, func(text string) bool {
		behind, ok := strings.CutPrefix(text, end)
		return ok && behind != "" && !strings.ContainsRune(".!?。！？؟।…", firstRuneOf(behind))
	})
}

func firstRuneOf(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// running returns the texts of a story's blocks without captions, notes and the
// invitation, which stand where no paywall cuts.
func running(s *extract.Story) (texts []string) {
	invitation := s.Signals.Invitation
	for _, block := range s.Blocks {
		text := block.Text
		if block.Kind == extract.Caption || block.Kind == extract.Note || invitation != "" && strings.Contains(invitation, text) {
			continue
		}
		if invitation != "" {
			text, _, _ = strings.Cut(text, invitation)
		}
		if text = strings.TrimSpace(text); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}
