package storage

import (
	"cmp"
	"slices"

	"storydiff/tracker"
)

// bestOf is of how many hits the best are found: of the newest, for each of them
// is read, which takes about 0.3 ms.
const bestOf = 100

// rank puts the best of what was found first, see [tracker.Match], of those that
// are alike the newest, and keeps those of the page.
func (s *searching) rank() {
	all := s.result.Hits
	s.result.Ranked = len(all)
	if len(all) == 0 {
		return
	}
	newest := all[0].ArticleID
	slices.SortStableFunc(all, func(a, b tracker.SearchHit) int { return cmp.Compare(b.Match.Points(), a.Match.Points()) })
	all = all[min(s.q.Skip, len(all)):]
	if len(all) > s.q.Limit {
		all = all[:s.q.Limit]
		s.result.Next, s.result.Skip = newest+1, s.q.Skip+s.q.Limit
	}
	s.result.Hits = all
}
