package tracker

import (
	"context"

	"storydiff/tracker/extract"
)

// Taught returns what has been learned of the blocks of an article's story, by
// their numbers from 0, where it makes a check leave them out as it compares the
// story with before, or compare them as before has them: those are of the kind
// [ItTicks]. Before is empty where there is nothing to compare with.
func Taught(ctx context.Context, from Learner, a *Article, before, s *extract.Story) (map[int]Furniture, error) {
	l, err := loreOf(ctx, from, a, s)
	if err != nil || len(l.known) == 0 {
		return nil, err
	}
	own, where, shared := ownWords(before, s), proseOf(before, s), sharedPaths(before, s)
	taught := map[int]Furniture{}
	for i := range s.Blocks {
		block := &s.Blocks[i]
		if block.Kind == extract.Note {
			continue
		}
		why := l.why(block, own, where, shared)
		if why == "" && l.known[keyOf(l.outlet, Sighting{Kind: Ticks, Text: block.Text})].rotating() {
			why = ItTicks
		}
		if why != "" {
			taught[i] = Furniture{Why: why, Text: shortened(block.Text), Path: block.Path, Articles: l.articles(why, block)}
		}
	}
	return taught, nil
}

// articles returns in how many articles a block, this one's, is known to be
// furniture.
func (l lore) articles(why FurnitureWhy, b *extract.Block) int {
	if why == OfNeighbours {
		return l.known[lineKey(l.outlet, b.Text)].Others + 1
	}
	known := l.known[keyOf(l.outlet, Sighting{Kind: SightingKind(why), Path: b.Path, Text: b.Text})]
	if known.Own {
		return known.Outlet + 1
	}
	return known.Outlet
}
