package tracker_test

import (
	"context"
	"slices"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// A gossip knows the same of every line and place.
type gossip tracker.Known

func (g gossip) Learned(_ context.Context, _ int64, keys []int64) (map[int64]tracker.Known, error) {
	known := map[int64]tracker.Known{}
	for _, key := range keys {
		known[key] = tracker.Known(g)
	}
	return known, nil
}

// What is left of two versions that differ in one figure, by what is known of
// every line of theirs.
func TestSides(t *testing.T) {
	const (
		short   = "The board could not be reached."
		box     = "paragraph@div.box > p: Read by more people than any other paper on the river."
		caption = "caption@figure > figcaption: The ferry at Eastbank. Photograph: Town Archive"
		note    = "note@div.box > p: Correction: it is a gander."
		history = "The town lost its last bridge in the great flood of the year 1903, when forty people were carried to Eastbank in one night."
	)
	lines := []string{"headline: Council closes the ferry", vote, posts, bridge, short, history, caption, box, note}
	all := []string{vote, posts, bridge, short, history, "The ferry at Eastbank. Photograph: Town Archive", "Read by more people than any other paper on the river.", "Correction: it is a gander."}
	less := func(i ...int) []string {
		var list []string
		for n, text := range all {
			if !slices.Contains(i, n) {
				list = append(list, text)
			}
		}
		return list
	}
	for _, tt := range []struct {
		name  string
		known tracker.Known
		want  []string
	}{
		{"nothing is known", tracker.Known{}, all},
		{"two neighbours have every line", tracker.Known{Others: 2}, all},
		{"three", tracker.Known{Others: 3}, less(6)},
		{"five: a short line among the prose goes too, background and the first paragraphs stay", tracker.Known{Others: 5}, less(3, 6)},
		{"a hundred", tracker.Known{Others: 100}, less(3, 6)},
		{"one other found all unsteady", tracker.Known{Outlet: 1}, all},
		{"two others did: nothing but the article's own words and its note is sure", tracker.Known{Outlet: 2}, []string{vote, posts, bridge, "Correction: it is a gander."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, after := tracker.Version{Story: *page(lines...)}, tracker.Version{Story: *page(append([]string{"headline: Council sells the ferry"}, lines[1:]...)...)}
			x, y, err := tracker.Sides(t.Context(), gossip(tt.known), &tracker.Article{Outlet: "post.example"}, &before, &after)
			if err != nil {
				t.Fatal(err)
			}
			for _, side := range []*extract.Story{x, y} {
				if got := texts(side); !slices.Equal(got, tt.want) {
					t.Errorf("compared\n%q, want\n%q", got, tt.want)
				}
			}
			if x.Headline != before.Story.Headline || y.Headline != after.Story.Headline {
				t.Errorf("headlines %q and %q", x.Headline, y.Headline)
			}
		})
	}
}

// A change that was recorded stays to be seen when all of it is furniture by what
// was learned since.
func TestSidesOfAnOldChange(t *testing.T) {
	box := "paragraph@div.box > p: Read by more people than any other paper on the river."
	before, after := tracker.Version{Story: *page(vote, posts)}, tracker.Version{Story: *page(vote, posts, box)}
	x, y, err := tracker.Sides(t.Context(), gossip{Others: 9}, &tracker.Article{Outlet: "post.example"}, &before, &after)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Blocks) != 2 || len(y.Blocks) != 3 {
		t.Errorf("compared %q and %q, want all of both", texts(x), texts(y))
	}
}

// What later looks showed to be furniture is left out of a version, and its own
// text is as it was.
func TestSteady(t *testing.T) {
	v := tracker.Version{Story: *page(vote, "Boots, half price.", posts, "note@x > p: Correction: one."), Loose: []int{1, 3, 99}}
	if got, want := texts(v.Steady()), []string{vote, posts, "Correction: one."}; !slices.Equal(got, want) {
		t.Errorf("compared as %q, want %q: a note is never left out", got, want)
	}
	if len(v.Story.Blocks) != 4 {
		t.Errorf("the version holds %q", texts(&v.Story))
	}
}
