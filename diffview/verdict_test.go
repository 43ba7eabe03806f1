package diffview_test

import (
	"io"
	"strings"
	"testing"

	"storydiff/diffview"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

func TestCapped(t *testing.T) {
	reasons := []revision.Reason{{Points: 80}, {Points: 60}, {Points: -20}}
	if got := diffview.Capped(100, reasons); got != 120 {
		t.Errorf("Capped(100) of 120 points = %d, want 120", got)
	}
	if got := diffview.Capped(60, reasons[1:2]); got != 0 {
		t.Errorf("Capped(60) of 60 points = %d, want 0", got)
	}
}

// The sum of capped points stands under the points, in their column, and not
// squeezed into it with its words.
func TestCappedSumIsInTheColumn(t *testing.T) {
	rev := &revision.Revision{
		Kinds: []revision.Kind{revision.Number}, Significance: 100,
		Reasons: []revision.Reason{{Code: "number", Points: 80, Text: "One."}, {Code: "lead", Points: 40, Text: "Two."}},
	}
	var drawn strings.Builder
	if err := diffview.HTML(&drawn, &diffview.Diff{Revision: rev}, diffview.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := `<li><span class="points">120</span> in all; 100 is the most.</li>`; !strings.Contains(drawn.String(), want) {
		t.Errorf("the page lacks %s:\n%s", want, drawn.String())
	}
	for want, draw := range map[string]func(io.Writer, *diffview.Diff, diffview.Options) error{
		" 120  in all; 100 is the most.\n":   diffview.Text,
		"  - 120 in all; 100 is the most.\n": diffview.Markdown,
	} {
		drawn.Reset()
		if err := draw(&drawn, &diffview.Diff{Revision: rev}, diffview.Options{}); err != nil || !strings.Contains(drawn.String(), want) {
			t.Errorf("the text lacks %q: %v\n%s", want, err, drawn.String())
		}
	}
}

// A paragraph all of whose sentences stand elsewhere was taken apart, and no
// word of it removed.
func TestTakenApart(t *testing.T) {
	gone := func(moved int) string {
		rev := &revision.Revision{Kinds: []revision.Kind{revision.ParagraphMoved}, Blocks: []revision.Block{
			{Op: worddiff.RowRemoved, Old: 1, Kind: extract.Paragraph, Spans: []worddiff.Span{{Op: worddiff.Delete, Text: "It rains here.", Moved: moved}, {Op: worddiff.Delete, Text: "\n\n"}}},
			{Op: worddiff.RowAdded, New: 1, Kind: extract.Paragraph, Spans: []worddiff.Span{{Op: worddiff.Insert, Text: "It rains here.", Moved: moved}}},
		}}
		drawn, err := diffview.Fragment(&diffview.Diff{Revision: rev}, diffview.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return string(drawn)
	}
	if drawn := gone(1); !strings.Contains(drawn, "taken apart") || strings.Contains(drawn, `"block removed`) {
		t.Errorf("a paragraph that moved by its sentences is drawn as\n%s", drawn)
	}
	if drawn := gone(0); strings.Contains(drawn, "taken apart") || !strings.Contains(drawn, `"block removed`) {
		t.Errorf("a removed paragraph is drawn as\n%s", drawn)
	}
}
