package tracker

import "time"

// believedFor is how long what a source said of an article is held against it, or
// for it.
const believedFor = 7 * 24 * time.Hour

// A Hint is a source's word that an article was edited, and what came of it.
type Hint struct {
	At      time.Time // when it was heard; zero: there was none
	Looked  time.Time // the last look at the article; zero: never
	Changed time.Time // the last look that found a change; zero: none did
}

// Trust returns how often a source's hints are right, as a share from 0 to 1: of
// the articles of which it gave one lately, those of which the look after it found a
// change. Of a source that gave none it is a half.
func Trust(hints func(yield func(Hint) bool), now time.Time) float64 {
	right, all := 1.0, 2.0
	for h := range hints {
		if h.At.IsZero() || now.Sub(h.At) > believedFor || h.Looked.Before(h.At) {
			continue
		}
		all++
		if !h.Changed.Before(h.At) {
			right++
		}
	}
	return right / all
}

// Sooner returns when to look at an article of which a hint is heard at now, where
// the last look was at last and the next is planned for next: at once where hints
// are right half of the time or more often, for such a look finds more than most do,
// and else when so much of the wait is over that looks do not become more by more
// than the share of them that finds something. ok is false where that is no sooner.
func Sooner(last, next, now time.Time, trust float64) (at time.Time, ok bool) {
	at = now
	if share := 1 - 2*trust; share > 0 && !last.IsZero() {
		at = last.Add(time.Duration(share * float64(next.Sub(last))))
	}
	if at.Before(now) {
		at = now
	}
	return at, at.Before(next)
}
