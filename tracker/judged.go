package tracker

import "sync"

// A belief is what is believed of a line or a place, by what it is looked up by:
// why it is left out, as far as that is known without the page around it.
type belief struct {
	key  int64
	sure sureness
}

// A sureness says in which surroundings a line is taken for furniture.
type sureness int

const (
	apart      sureness = 1 << iota // apart from an article's prose
	amongProse                      // and among it
	unsteadily                      // anywhere, for looks found it unsteady
)

// believed returns what of a lore makes furniture.
func (l lore) believed() []belief {
	list := []belief{}
	for key, known := range l.known {
		var s sureness
		if known.Others >= boxNeighbours {
			s |= apart
		}
		if known.Others >= proseNeighbours {
			s |= amongProse
		}
		if known.rotating() {
			s |= unsteadily
		}
		if s != 0 {
			list = append(list, belief{key, s})
		}
	}
	return list
}

// maxBeliefs bounds what is remembered of one article; one with more is judged
// anew now and then, which costs time and nothing else.
const maxBeliefs = 1000

// Judged is by what this process has judged the changes of articles. Another
// process, or this one after it was started again, judges them once more.
type judged struct {
	mu sync.Mutex
	by map[int64]map[int64]sureness // article → key
}

// news reports whether there is something in what is believed now by which an
// article's changes were not judged.
func (j *judged) news(articleID int64, now []belief) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	by := j.by[articleID]
	for _, b := range now {
		if b.sure&^by[b.key] != 0 {
			return true
		}
	}
	return false
}

// note remembers what an article's changes were judged by.
func (j *judged) note(articleID int64, by []belief) {
	if len(by) == 0 {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.by == nil {
		j.by = map[int64]map[int64]sureness{}
	}
	known := j.by[articleID]
	if known == nil || len(known) > maxBeliefs {
		known = map[int64]sureness{}
		j.by[articleID] = known
	}
	for _, b := range by {
		known[b.key] |= b.sure
	}
}
