package tracker

import (
	"slices"
	"time"

	"storydiff/tracker/revision"
)

// A Week is one of seven days from Monday 00:00 UTC. That of 1 January 1970 is 0.
type Week int64

// weekShift is how long before 1970 the week 0 began: 1 January was a Thursday.
const (
	weekShift = 3 * 24 * time.Hour
	weekLong  = 7 * 24 * time.Hour
)

// WeekOf returns the week of a time; times before 1970 are in week 0.
func WeekOf(t time.Time) Week {
	return Week(max(0, t.Add(weekShift).UnixMilli()) / weekLong.Milliseconds())
}

// Start returns when a week begins.
func (w Week) Start() time.Time {
	return time.UnixMilli(int64(w) * weekLong.Milliseconds()).Add(-weekShift).UTC()
}

// A Life is what is counted of one article.
type Life struct {
	ArticleID int64
	Outlet    string
	Published time.Time // as its first version states it; zero: it does not
	FirstSeen time.Time // when its first version was captured; zero: no look could read it
	SeenWeek  Week      // the last week in which a look observed it, if only that it is gone
	Edits     []Edit    // oldest first
	Late      []Lateness
	Gone      []LifeSpell // when its publisher had taken it away
	Blocked   []LifeSpell // when what was answered was not the article
}

// An Edit is a [Change] of an article as far as it is counted.
type Edit struct {
	To         int       // the version it made
	SeenAfter  time.Time // the last look that showed the version before; zero: not known
	SeenBy     time.Time // the first look that showed it
	Disclosure revision.Disclosure
	Flip       bool // it only goes on with a [HeadlineTest], which counts once
}

// A Lateness is a [LateNote] as far as it is counted.
type Lateness struct {
	SeenBy          time.Time     // the first look that showed the note
	AtLeast, AtMost time.Duration // how long the edit had stood without one; AtMost is 0 where that is not known
}

// A LifeSpell is a time in which an article was not to be seen.
type LifeSpell struct{ At, Until time.Time } // Until is zero where it still is not

// Lives are articles whose lives are others than they were.
type Lives struct {
	Mark    int64 // to ask with for what comes after these
	Altered []Life
	Dropped []int64 // articles that were purged, or turned out to be the same as others
}

// Judge finds among the changes of an article, oldest first and all of them a
// publisher's, the headlines under test and the late notes.
func (l *Life) Judge(changes []Change) {
	flips := map[int]bool{}
	for _, test := range HeadlineTests(changes) {
		told := false
		for _, f := range test.Flips {
			if test.Folds(f) {
				flips[f.To] = told
				told = true
			}
		}
	}
	for i := range l.Edits {
		l.Edits[i].Flip = flips[l.Edits[i].To]
	}
	l.Late = nil
	for _, late := range LateNotes(changes) {
		l.Late = append(l.Late, Lateness{late.Note.SeenBy, late.AtLeast, late.AtMost})
	}
}

// dated reports whether an article states when it was published, and a time
// before it was first seen.
func (l *Life) dated() bool {
	return !l.Published.IsZero() && !l.FirstSeen.IsZero() && !l.Published.After(l.FirstSeen)
}

// observed reports whether a look observed an article that was read, in a week or
// later.
func (l *Life) observed(from Week) bool {
	return !l.FirstSeen.IsZero() && l.SeenWeek >= from
}

// A WeekOfLooks says how often articles of an outlet were looked at in a week.
type WeekOfLooks struct {
	Week     Week
	Articles int // that a look observed
	Looks
}

// Looks are looks that observed an article, of one outlet.
type Looks struct {
	N          int
	Spread     int           // articles and weeks: an article that was observed in three weeks is three
	Delayed    int           // looks that came late by ten minutes or more
	DelayedFor time.Duration // by how much, together: so long articles were due and not observed
	Last       time.Time     // when the newest began; zero: there was none
}

// A Median is the middle of durations of which each is known to lie between two
// bounds alone.
type Median struct {
	N       int           // of how many; 0: there is none
	AtLeast time.Duration // the middle of their lower bounds
	AtMost  time.Duration // the middle of their upper bounds; 0: it is not known
}

// bounds are durations of which each lies between two bounds.
type bounds struct{ low, high []time.Duration }

// unbounded is an upper bound that is not known.
const unbounded = time.Duration(1<<63 - 1)

// add takes up a duration; a high of 0 is not known.
func (b *bounds) add(low, high time.Duration) {
	low = max(0, low)
	if high <= 0 {
		high = unbounded
	}
	b.low, b.high = append(b.low, low), append(b.high, max(low, high))
}

// median orders the bounds, and returns their middle.
func (b *bounds) median() Median {
	m := Median{N: len(b.low), AtLeast: middle(b.low), AtMost: middle(b.high)}
	if m.AtMost == unbounded {
		m.AtMost = 0
	}
	return m
}

// middle returns the median; of an even number the mean of the two in the midst,
// and 0 of none.
func middle(all []time.Duration) time.Duration {
	n := len(all)
	if n == 0 {
		return 0
	}
	slices.Sort(all)
	below, above := all[(n-1)/2], all[n/2]
	if above == unbounded {
		return unbounded
	}
	return below + (above-below)/2
}
