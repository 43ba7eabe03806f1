package tracker

import (
	"cmp"
	"context"
	"strings"

	"storydiff/tracker/extract"
)

// sameOtherwiseRead reports whether one of two stories was read of the page's data
// and the other of what a reader sees, and they say the same: a site that draws
// its pages now with a script and now without has edited nothing. The data have no
// captions and links, often no subheadings, quotations set apart, lists and
// tables, and a field may be missing in one of the two. A note does not go
// missing so: that one came or went is a change.
func sameOtherwiseRead(x, y *extract.Story) bool {
	data, seen := x, y
	if seen.Sources["body"] == "json-ld" {
		data, seen = y, x
	}
	if data.Sources["body"] != "json-ld" || seen.Sources["body"] != "html" || data.Live() || seen.Live() {
		return false
	}
	alike := func(a, b string) bool { return a == "" || b == "" || extract.Folded(a) == extract.Folded(b) }
	if !alike(x.Headline, y.Headline) || !alike(x.Byline, y.Byline) ||
		!alike(x.Standfirst, y.Standfirst) && data.Sources["standfirst"] != "json-ld" ||
		!x.Published.IsZero() && !y.Published.IsZero() && !x.Published.Equal(y.Published) {
		return false
	}
	if letters(data, isNoteBlock) != letters(seen, isNoteBlock) {
		return false
	}
	return sameLetters(data, seen)
}

// readAlike returns the story that the last look showed where it was read of the
// same as story was; nil where it was not, or its capture is kept no more. A
// version that was read of a page's data has no captions: once its readers see
// them, what is compared is what they saw last.
func (w *Watcher) readAlike(ctx context.Context, last Check, story *extract.Story) (*extract.Story, error) {
	if last.CaptureID == 0 {
		return nil, nil
	}
	_, shown, err := Reader{w.Store, w.Rules}.story(ctx, last.CaptureID)
	if err != nil || shown == nil || shown.Sources["body"] != story.Sources["body"] {
		return nil, err
	}
	return shown, nil
}

// sameLetters reports whether data say the text that is seen: all of it, or
// without what articleBody leaves out, and the standfirst before it or not.
func sameLetters(data, seen *extract.Story) bool {
	stated := letters(data, func(b extract.Block) bool { return b.Kind != extract.Note && b.Kind != extract.Caption })
	if stated == "" {
		return false
	}
	for _, without := range [][]extract.BlockKind{
		nil, {extract.Heading}, {extract.Heading, extract.Table}, {extract.Heading, extract.Table, extract.List}, {extract.Heading, extract.Table, extract.List, extract.Quote},
	} {
		left := map[extract.BlockKind]bool{extract.Note: true, extract.Caption: true}
		for _, kind := range without {
			left[kind] = true
		}
		text := letters(seen, func(b extract.Block) bool { return !left[b.Kind] })
		standfirst := extract.Folded(cmp.Or(seen.Standfirst, data.Standfirst))
		if stated == text || stated == standfirst+text || standfirst+stated == text {
			return true
		}
	}
	return false
}

func isNoteBlock(b extract.Block) bool { return b.Kind == extract.Note }

// letters returns the letters and digits of the blocks that are chosen.
func letters(s *extract.Story, chosen func(extract.Block) bool) string {
	var b strings.Builder
	for _, block := range s.Blocks {
		if chosen(block) {
			b.WriteString(extract.Folded(block.Text))
		}
	}
	return b.String()
}
