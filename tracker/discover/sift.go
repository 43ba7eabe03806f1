package discover

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

const (
	// together is how many known links' times must move at once, being most of
	// those shown, to tell nothing: the source states when it was made.
	together = 20
	// stale is how much later than what a source states an article may have been
	// looked at and still not have shown it: caches.
	stale = 5 * time.Minute
	// noteShown is how often it is noted that a link is still shown.
	noteShown = 24 * time.Hour
)

// A sift is what a reading comes to, given what was seen before.
type sift struct {
	fresh  []Link
	known  []Link // still shown, to be noted
	hinted []Link // with news of articles that are tracked
	old    int
	others int
	lying  bool // times moved on together, and are not believed
}

// sift tells the links of a reading apart.
func (s *Source) sift(links []Link, seen map[string]Seen, now time.Time) (*sift, error) {
	match, err := regexp.Compile(s.Match)
	if err != nil {
		return nil, fmt.Errorf("source %d: %w", s.ID, err)
	}
	exclude, err := regexp.Compile(s.Exclude)
	if err != nil {
		return nil, fmt.Errorf("source %d: %w", s.ID, err)
	}
	out := &sift{}
	moved, shown := 0, 0
	for i := range links {
		l := &links[i]
		before, known := seen[l.Identity]
		switch {
		case known:
			shown++
			if l.Updated.After(before.Updated) && !before.Updated.IsZero() {
				moved++
			}
		case !match.MatchString(l.URL) || s.Exclude != "" && exclude.MatchString(l.URL):
			out.others++
		case !s.All && !l.date().IsZero() && now.Sub(l.date()) > oldAfter:
			out.old++
		default:
			out.fresh = append(out.fresh, *l)
		}
	}
	out.lying = moved >= together && 2*moved > shown
	for i := range links {
		if before, known := seen[links[i].Identity]; known {
			out.again(&links[i], before, now)
		}
	}
	// What is newest is taken up first; what has no date, as it stands.
	slices.SortStableFunc(out.fresh, func(a, b Link) int { return b.date().Compare(a.date()) })
	return out, nil
}

// again looks for news in a link that was seen before.
func (out *sift) again(l *Link, before Seen, now time.Time) {
	retitled := l.Title != "" && before.Title != "" && extract.Folded(l.Title) != extract.Folded(before.Title)
	touched := !out.lying && !before.Updated.IsZero() && l.Updated.After(before.Updated) && !before.shows(l.Updated)
	switch {
	case retitled || touched:
		out.hinted = append(out.hinted, *l)
	case l.Title != before.Title || l.Updated.After(before.Updated) || now.Sub(before.ShownAt) >= noteShown:
		out.known = append(out.known, *l)
	}
}

// shows reports whether the article was looked at long enough after a time to
// have shown what was published then. A midnight stands for its whole day.
func (s Seen) shows(updated time.Time) bool {
	if updated.Equal(updated.Truncate(24 * time.Hour)) {
		updated = updated.Add(24 * time.Hour)
	}
	return s.LastCheck.After(updated.Add(stale))
}

// trustIn returns how often a source is right that there is news of an article.
func trustIn(seen map[string]Seen, now time.Time) float64 {
	return tracker.Trust(func(yield func(tracker.Hint) bool) {
		for _, s := range seen {
			if !yield(tracker.Hint{At: s.HintedAt, Looked: s.LastCheck, Changed: s.LastChange}) {
				return
			}
		}
	}, now)
}
