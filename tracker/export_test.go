package tracker

import "storydiff/tracker/extract"

// Settle is settle, taken apart: the settled story, the version as it is
// compared with it, and what was unsteady. A version that is not steady is in
// doubt as a whole.
func Settle(before, first, second *extract.Story, steady bool) (story, compared *extract.Story, loose []int, unsteady []Sighting) {
	doubt := make([]bool, len(before.Blocks))
	for i := range doubt {
		doubt[i] = !steady
	}
	s := settle(before, first, second, doubt)
	return s.story, s.before, s.loose, s.unsteady
}
