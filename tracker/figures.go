package tracker

import (
	"cmp"
	"time"

	"storydiff/tracker/revision"
)

// OutletFigures are what was seen of the articles of an outlet in a number of
// whole weeks, the last of which is not over. Articles that were removed count,
// since they were watched; one that turned out to be the same as another does not.
// Each number says out of how many it is.
type OutletFigures struct {
	Outlet string
	From   Week // the first of the weeks

	Articles int // that a look observed in this time: what the numbers of articles are out of
	New      int // of Articles, first seen in this time
	Unread   int // articles that no look ever could read; not of Articles

	Edited  int // of Articles, changed at least once in this time
	Changes int // seen in this time; a headline under test counts once
	Silent  int // of Changes
	Stamped int // of Changes
	Noted   int // of Changes
	Flips   int // further changes that only go on with a headline under test; not of Changes

	// FirstEdit is how long after publication articles were edited first: those
	// whose first edit was seen in this time, and that state when they were
	// published. FirstEdits is how many were edited first in this time.
	FirstEdit  Median
	FirstEdits int

	// FirstLook is how long after publication articles were first seen, of those
	// of New that state when they were published. What was edited before that was
	// not observed.
	FirstLook Median

	// Window is how long the times between two looks were in which the changes
	// were made, of Changes.
	Window Median

	// Late is how long edits had stood without a note that got one in this time.
	Late Median

	Gone         int // of Articles, taken away in this time
	Back         int // of Gone, back again
	Blocked      int // spells that began in this time, in which what was answered was not the article
	BlockedOf    int // of Articles, those that had such a spell
	BlockedFor   time.Duration
	BlockedStill int // of Blocked, that last

	Weeks []WeekFigures // each of the weeks, oldest first
}

// WeekFigures are what was seen of an outlet in a week.
type WeekFigures struct {
	Week                   Week
	Silent, Stamped, Noted int // changes
	Edited                 int // articles
}

// Changes returns how many changes there were in a week.
func (w WeekFigures) Changes() int { return w.Silent + w.Stamped + w.Noted }

// counting is OutletFigures in the making.
type counting struct {
	OutletFigures
	to                             Week
	now                            time.Time
	firstEdit, firstLook, win, lag bounds
}

// Figures counts what was seen of an outlet's articles from a week on until now.
func Figures(outlet string, lives []*Life, from Week, now time.Time) OutletFigures {
	c := counting{OutletFigures: OutletFigures{Outlet: outlet, From: from}, to: max(from, WeekOf(now)), now: now}
	c.Weeks = make([]WeekFigures, c.to-from+1)
	for i := range c.Weeks {
		c.Weeks[i].Week = from + Week(i)
	}
	for _, l := range lives {
		c.life(l)
	}
	c.FirstEdit, c.FirstLook, c.Window, c.Late = c.firstEdit.median(), c.firstLook.median(), c.win.median(), c.lag.median()
	return c.OutletFigures
}

// life counts one article.
func (c *counting) life(l *Life) {
	if l.FirstSeen.IsZero() {
		c.Unread++
		return
	}
	if !l.observed(c.From) {
		return
	}
	c.Articles++
	if WeekOf(l.FirstSeen) >= c.From {
		c.New++
		if l.dated() {
			wait := l.FirstSeen.Sub(l.Published)
			c.firstLook.add(wait, max(wait, 1)) // known to the moment; 0 would be not known
		}
	}
	c.edits(l)
	c.spells(l)
	for _, late := range l.Late {
		if WeekOf(late.SeenBy) >= c.From {
			c.lag.add(late.AtLeast, late.AtMost)
		}
	}
}

// edits counts the changes of an article.
func (c *counting) edits(l *Life) {
	edited, last := false, Week(-1)
	for i, e := range l.Edits {
		week := min(WeekOf(e.SeenBy), c.to)
		if week < c.From {
			continue
		}
		edited = true
		in := &c.Weeks[week-c.From]
		if week != last {
			in.Edited++
			last = week
		}
		if i == 0 {
			c.first(l, e)
		}
		if e.Flip {
			c.Flips++
			continue
		}
		c.edit(in, e)
	}
	if edited {
		c.Edited++
	}
}

// edit counts a change that stands for itself.
func (c *counting) edit(in *WeekFigures, e Edit) {
	c.Changes++
	switch e.Disclosure {
	case revision.Noted:
		c.Noted++
		in.Noted++
	case revision.Stamped:
		c.Stamped++
		in.Stamped++
	default:
		c.Silent++
		in.Silent++
	}
	if !e.SeenAfter.IsZero() {
		width := e.SeenBy.Sub(e.SeenAfter)
		c.win.add(width, max(width, 1))
	}
}

// first counts the first change of an article.
func (c *counting) first(l *Life, e Edit) {
	c.FirstEdits++
	if !l.dated() {
		return
	}
	least := time.Duration(0)
	if !e.SeenAfter.IsZero() {
		least = e.SeenAfter.Sub(l.Published)
	}
	c.firstEdit.add(least, max(1, e.SeenBy.Sub(l.Published)))
}

// spells counts when an article was not to be seen.
func (c *counting) spells(l *Life) {
	gone, back := false, true
	for _, s := range l.Gone {
		if WeekOf(s.At) >= c.From {
			gone, back = true, back && !s.Until.IsZero()
		}
	}
	if gone {
		c.Gone++
		if back {
			c.Back++
		}
	}
	blocked := false
	for _, s := range l.Blocked {
		if WeekOf(s.At) < c.From {
			continue
		}
		blocked = true
		c.Blocked++
		if s.Until.IsZero() {
			c.BlockedStill++
			s.Until = c.now
		}
		c.BlockedFor += max(0, s.Until.Sub(s.At))
	}
	if blocked {
		c.BlockedOf++
	}
}

// ShareFrom is the least denominator of which a share is worth a percentage: of
// fewer, one article more or less moves it by more than five points.
const ShareFrom = 20

// CompareShares orders two shares, the larger last; those of too few to tell
// (see [ShareFrom]) come before all others.
func CompareShares(n, of, m, out int) int {
	small, other := of < ShareFrom, out < ShareFrom
	switch {
	case small && !other:
		return -1
	case !small && other:
		return 1
	}
	return cmp.Compare(n*max(out, 1), m*max(of, 1))
}
