package tracker

import "storydiff/tracker/extract"

// Settle is settle, taken apart: the settled story, the version as it is
// compared with it, and what was unsteady.
func Settle(before, first, second *extract.Story, steady bool) (story, compared *extract.Story, loose []int, unsteady []Sighting) {
	s := settle(before, first, second, steady)
	return s.story, s.before, s.loose, s.unsteady
}
