package tracker

import "storydiff/tracker/extract"

// Settle is settle, taken apart: the settled story, the version as it is
// compared with it, and what was unsteady. A version that is not steady was
// seen by one look alone.
func Settle(before, first, second *extract.Story, steady bool) (story, compared *extract.Story, loose []int, unsteady []Sighting) {
	doubts := make([]doubt, len(before.Blocks))
	for i := range doubts {
		if !steady {
			doubts[i] = unseen
		}
	}
	s := settle(before, first, second, doubts)
	return s.story, s.before, s.loose, s.unsteady
}

// KeyOf is keyOf.
func KeyOf(outlet string, s Sighting) int64 { return keyOf(outlet, s) }

// SetExtractor puts another extractor in the place of extract.Read.
func SetExtractor(w *Watcher, read func(extract.Input) (*extract.Story, error)) { w.extractor = read }

// ReadBy is what articles keep of who read them; rules is the fingerprint of the
// site rules.
var ReadBy = readBy
