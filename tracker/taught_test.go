package tracker_test

import (
	"context"
	"maps"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// A memory knows some keys.
type memory map[int64]tracker.Known

func (m memory) Learned(_ context.Context, _ int64, keys []int64) (map[int64]tracker.Known, error) {
	known := map[int64]tracker.Known{}
	for _, key := range keys {
		if k, ok := m[key]; ok {
			known[key] = k
		}
	}
	return known, nil
}

// What a check would leave out of a page, and why, goes by what is known and by
// the version that it would compare the page with.
func TestTaught(t *testing.T) {
	const (
		outlet = "post.example"
		box    = "paragraph@div.box > p: Read by more people than any other paper on the river."
		other  = "paragraph@div.box > p: A winter berth costs 14 a week, tea included."
		note   = "note@div.box > p: Correction: it is a gander."
		count  = "paragraph@div.box > p: 1204 people have read this."
	)
	place := memory{tracker.KeyOf(outlet, tracker.Sighting{Kind: tracker.InPlace, Path: "div.box > p"}): {Own: true, Outlet: 3}}
	rotates := memory{tracker.KeyOf(outlet, tracker.Sighting{Kind: tracker.Rotates, Text: "Read by more people than any other paper on the river."}): {Outlet: 2}}
	ticks := memory{tracker.KeyOf(outlet, tracker.Sighting{Kind: tracker.Ticks, Text: "7 people have read this."}): {Own: true}}
	for _, tt := range []struct {
		name   string
		from   tracker.Learner
		before *extract.Story
		page   []string
		want   map[int]tracker.FurnitureWhy
		in     int // how many articles, of each
	}{
		{"nothing is known", memory{}, page(vote, box), []string{vote, posts, bridge, box}, nil, 0},
		{"three neighbours have every line", gossip{Others: 3}, page(), []string{vote, posts, bridge, box, note}, map[int]tracker.FurnitureWhy{3: tracker.OfNeighbours}, 4},
		{"two articles found a line to rotate", rotates, page(), []string{vote, posts, bridge, box, note}, map[int]tracker.FurnitureWhy{3: tracker.ItRotates}, 2},
		{"a place that rotates", place, page(vote, posts, bridge, other), []string{vote, posts, bridge, box, note}, map[int]tracker.FurnitureWhy{3: tracker.PlaceRotates}, 4},
		{"the version before has the text in that place too", place, page(vote, posts, bridge, box), []string{vote, posts, bridge, box}, nil, 0},
		{"a counter", ticks, page(vote), []string{vote, posts, bridge, count}, map[int]tracker.FurnitureWhy{3: tracker.ItTicks}, 1},
	} {
		got, err := tracker.Taught(t.Context(), tt.from, &tracker.Article{Outlet: outlet}, tt.before, page(tt.page...))
		if err != nil {
			t.Fatal(err)
		}
		whys := map[int]tracker.FurnitureWhy{}
		for i, f := range got {
			whys[i] = f.Why
			if f.Articles != tt.in || f.Reason() == "" || f.Path != "div.box > p" {
				t.Errorf("%s: %+v, want of %d articles", tt.name, f, tt.in)
			}
		}
		if !maps.Equal(whys, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, whys, tt.want)
		}
	}
}
