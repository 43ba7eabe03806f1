package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// How many of the first and of the last looks at an article its axis draws: more
// than it has room for, unless they all came at one end.
const (
	looksFirst = 300
	looksLast  = 700
)

// An axis is the life of an article along time; data of the template "axis".
type axis struct {
	Drawings []axisDrawing // for wide screens and for narrow ones: one of them is shown
	From     *moment
	Log      bool   // the scale is seen to be logarithmic
	Said     string // what is drawn, in a sentence
	Cut      string // which looks and versions are not drawn; empty: all are
	Looks    bool   // of what is drawn: looks that showed the article
	Trouble  bool   // looks that did not
	Within   bool   // times within which changes were made
	Absent   bool   // spells in which it was not there
	Blocked  bool   // in which it could not be seen
	Unseen   bool   // in which nobody looked
}

// An axisDrawing is an axis at one width, in the units of its view box.
type axisDrawing struct {
	Name          string // "wide", "narrow"
	Width, Height int
	Inner         int // width of the track along which time runs
	Track         int // its top
	Grid          string
	Absent        string // paths: empty where there is nothing
	Blocked       string
	Unseen        string
	Looks         string
	Trouble       string
	Spells        string // between the two looks around each change
	Stems         string
	Times         []axisTime
	Marks         []axisMark
}

// An axisTime is a label below the track.
type axisTime struct {
	X, Y   int
	Anchor string // of SVG
	Text   string
}

// An axisMark stands for a version, or for several that are too close.
type axisMark struct {
	X, Y, Width, Height int
	Middle, Base        int // where its number stands
	Link                string
	Text                string
	Title               string
	Level               string // its class: "first", "minor", "notable", "major", "ours" or severalMarks

	at, row int // where its time stands; how many marks are between it and the track
}

// severalMarks is the class of a mark that stands for several versions.
const severalMarks = "several"

// The measures of a drawing, in units that are about a pixel each.
const (
	trackHeight = 18
	markHeight  = 20
	markPitch   = 25 // from one mark to the one above it
	markRows    = 3  // marks that stand above each other, at most
	markApart   = 3  // from one mark to the next beside it
	axisMargin  = 14
	tickEvery   = 3 // no two looks are drawn closer
	spellApart  = 5 // spells closer than that are drawn as one
)

// newAxis draws the life of an article until now; nil where nobody has looked.
func newAxis(h history, now time.Time) *axis {
	from, until, ok := lifespan(h, now)
	if !ok {
		return nil
	}
	a := &axis{From: newMoment(from), Log: until.Sub(from) > 3*time.Hour}
	if len(h.looks) >= looksFirst+looksLast {
		a.Cut = fmt.Sprintf("Of the looks, the first %d and the last %d are drawn.", looksFirst, looksLast)
	}
	if len(h.versions) > 0 && h.versions[0].N > 1 {
		a.Cut = strings.TrimSpace(fmt.Sprintf("%s Version %d is the first that is drawn.", a.Cut, h.versions[0].N))
	}
	for _, l := range h.looks {
		a.Looks, a.Trouble = a.Looks || l.Outcome.Plain(), a.Trouble || !l.Outcome.Plain()
	}
	for _, size := range []struct {
		name  string
		width int
	}{{"wide", 832}, {"narrow", 352}} {
		d := drawAxis(h, axisScale{from, until, size.width})
		d.Name = size.name
		a.Drawings = append(a.Drawings, d)
	}
	a.Within = a.Drawings[0].Spells != ""
	a.Absent, a.Blocked, a.Unseen = len(h.spells.absent) > 0, len(h.spells.blocked) > 0, len(h.spells.unseen) > 0
	a.Said = axisSaid(h)
	return a
}

// lifespan returns when the first look at an article was and where its axis ends.
func lifespan(h history, now time.Time) (from, until time.Time, ok bool) {
	until = now
	see := func(t time.Time) {
		if t.IsZero() {
			return
		}
		if !ok || t.Before(from) {
			from, ok = t, true
		}
		if t.After(until) {
			until = t
		}
	}
	for _, l := range h.looks {
		see(l.At)
	}
	for _, v := range h.versions {
		see(v.CapturedAt)
	}
	return from, until, ok
}

func axisSaid(h history) string {
	parts := []string{diffview.Count(len(h.versions), "version")}
	for _, p := range []struct {
		n    int
		what string
	}{{len(h.spells.absent), "in which it was not there"}, {len(h.spells.blocked), "in which it could not be seen"}, {len(h.spells.unseen), "in which nobody looked or no look saw it"}} {
		if p.n > 0 {
			parts = append(parts, diffview.Count(p.n, "spell")+" "+p.what)
		}
	}
	return strings.Join(parts, ", ") + ". The list of versions and events below says the same in words."
}

// An axisScale says where along an axis a time stands. It grows with the logarithm
// of the time since the first look, one hour added: the first hour of a month has
// a tenth of the axis, and the first day half of it.
type axisScale struct {
	from, until time.Time
	width       int
}

func (s axisScale) x(t time.Time) int {
	most := math.Log1p(max(s.until.Sub(s.from), time.Second).Hours())
	share := math.Log1p(max(t.Sub(s.from), 0).Hours()) / most
	return axisMargin + int(math.Round(min(share, 1)*float64(s.width-2*axisMargin)))
}

func drawAxis(h history, s axisScale) axisDrawing {
	d := axisDrawing{Width: s.width, Inner: s.width - 2*axisMargin}
	marks, rows := placeMarks(h, s)
	d.Track = 4 + rows*markPitch + 8
	d.Height = d.Track + trackHeight + 28
	var path strings.Builder
	for i := range marks {
		m := &marks[i]
		m.Y = d.Track - 8 - (m.row+1)*markPitch
		m.X, m.Base = m.Middle-m.Width/2, m.Y+14
		if m.Level != severalMarks {
			fmt.Fprintf(&path, "M%d %dL%d %dv%d", m.Middle, m.Y+markHeight, m.at, d.Track, trackHeight)
		}
	}
	d.Marks, d.Stems = marks, path.String()
	d.Absent, d.Blocked, d.Unseen = bands(h.spells.absent, s, d.Track), bands(h.spells.blocked, s, d.Track), bands(h.spells.unseen, s, d.Track)
	d.Looks = ticks(h.looks, s, true, d.Track+5, trackHeight-10)
	d.Trouble = ticks(h.looks, s, false, d.Track-4, trackHeight+10)
	d.Spells = whiskers(h, s, d.Track)
	d.Times, d.Grid = axisTimes(s, d.Track+trackHeight)
	return d
}

// placeMarks gives each version a mark near its time, in one of some rows. The
// width is cut into slots with room for one mark in each row; one that is full has
// a last mark for all the others.
func placeMarks(h history, s axisScale) (marks []axisMark, rows int) {
	slots := s.width / (widthOf(h.versions) + markApart)
	bySlot := map[int][]int{} // numbers in h.versions
	for i, v := range h.versions {
		slot := min(s.x(v.CapturedAt)*slots/s.width, slots-1)
		bySlot[slot] = append(bySlot[slot], i)
	}
	for slot := range slots {
		list := bySlot[slot]
		middle := (2*slot + 1) * s.width / (2 * slots)
		for row, i := range list {
			rows = max(rows, row+1)
			if row == markRows-1 && len(list) > markRows {
				m := manyMark(h, list[row:])
				m.Middle, m.at, m.row = middle, middle, row
				marks = append(marks, m)
				break
			}
			m := oneMark(h, i)
			m.Middle, m.at, m.row = middle, s.x(h.versions[i].CapturedAt), row
			marks = append(marks, m)
		}
	}
	for row := range rows {
		straighten(marks, row, s.width)
	}
	return marks, rows
}

// straighten moves the marks of a row out of the middle of their slots to the
// times they stand for, as far as the marks beside them let it.
func straighten(marks []axisMark, row, width int) {
	last := -1 // the mark before
	for i := range marks {
		m := &marks[i]
		if m.row != row {
			continue
		}
		pitch := m.Width + markApart
		least, most := m.Width/2+1, width-m.Width/2-1
		if last >= 0 {
			least = marks[last].Middle + pitch
		}
		if next := slices.IndexFunc(marks[i+1:], func(o axisMark) bool { return o.row == row }); next >= 0 {
			most = marks[i+1+next].Middle - pitch
		}
		m.Middle = max(least, min(m.at, most))
		last = i
	}
}

// widthOf is how wide marks are: there is room for the longest number and what
// "+" says in its place.
func widthOf(versions []tracker.Version) int {
	digits := 1
	if n := len(versions); n > 0 {
		digits = len(strconv.Itoa(versions[n-1].N))
	}
	return max(27, 13+7*digits)
}

func oneMark(h history, i int) axisMark {
	v := &h.versions[i]
	m := axisMark{Width: widthOf(h.versions), Height: markHeight, Text: strconv.Itoa(v.N)}
	m.Link, m.Level = versionPath(v.ArticleID, v.N), "first"
	what := "the first that was seen"
	if c := h.changes[v.N]; c != nil {
		m.Link, m.Level = changePath(v.ArticleID, c.From, c.To), string(revision.LevelOf(c.Significance))
		what = m.Level
		if c.Ours {
			m.Level, what = "ours", "no edit"
		}
	} else if i > 0 {
		m.Level, what = "ours", "no change is kept"
	}
	m.Title = fmt.Sprintf("Version %d, %s: %s", v.N, what, newMoment(v.CapturedAt).Text)
	return m
}

// manyMark stands for versions that there is no room for.
func manyMark(h history, list []int) axisMark {
	m := axisMark{Width: widthOf(h.versions), Height: markHeight, Text: fmt.Sprintf("+%d", len(list))}
	first, last := &h.versions[list[0]], &h.versions[list[len(list)-1]]
	m.Link, m.Level = orderedPath(first.ArticleID, max(first.N-1, 1), last.N), severalMarks
	m.Title = fmt.Sprintf("Versions %d to %d", first.N, last.N)
	return m
}

// A timeSpell is a time that lasted.
type timeSpell struct{ from, until time.Time }

// lifeSpells are the spells of an article's life in which it was not there, could
// not be seen, and was not looked at; what lasts lasts until now.
type lifeSpells struct{ absent, blocked, unseen []timeSpell }

func spellsOf(events []tracker.Event, gaps []tracker.Gap, now time.Time) (s lifeSpells) {
	lasting := func(from, until time.Time) timeSpell {
		if until.IsZero() {
			until = now
		}
		return timeSpell{from, until}
	}
	for _, e := range events {
		switch e.Kind {
		case tracker.EventGone, tracker.EventMissing:
			s.absent = append(s.absent, lasting(e.At, e.Until))
		case tracker.EventBlocked:
			s.blocked = append(s.blocked, lasting(e.At, e.Until))
		}
	}
	for _, g := range gaps {
		s.unseen = append(s.unseen, lasting(g.From, g.Until))
	}
	return s
}

// bands is the path of spells along the track.
func bands(spells []timeSpell, s axisScale, top int) string {
	list := make([][2]int, 0, len(spells))
	for _, at := range spells {
		from := s.x(at.from)
		list = append(list, [2]int{from, max(s.x(at.until), from+2)})
	}
	slices.SortFunc(list, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	var path strings.Builder
	for i := 0; i < len(list); {
		from, until := list[i][0], list[i][1]
		for i++; i < len(list) && list[i][0] < until+spellApart; i++ {
			until = max(until, list[i][1])
		}
		fmt.Fprintf(&path, "M%d %dh%dv%dh%dz", from, top, until-from, trackHeight, from-until)
	}
	return path.String()
}

// ticks is the path of the looks that showed the article, or of the others.
func ticks(looks []tracker.Look, s axisScale, plain bool, top, height int) string {
	var at []int
	for _, l := range looks {
		if l.Outcome.Plain() == plain {
			at = append(at, s.x(l.At))
		}
	}
	slices.Sort(at)
	var path strings.Builder
	last := -tickEvery
	for _, x := range at {
		if x-last >= tickEvery {
			fmt.Fprintf(&path, "M%d %dv%d", x, top, height)
			last = x
		}
	}
	return path.String()
}

// whiskers is the path of the times in which each change was made: between the
// look before it and the look that showed it.
func whiskers(h history, s axisScale, top int) string {
	var path strings.Builder
	drawn := 0 // up to where
	for _, v := range h.versions {
		c := h.changes[v.N]
		if c == nil || c.Ours || c.SeenAfter.IsZero() {
			continue
		}
		from, until := max(s.x(c.SeenAfter), drawn), s.x(c.SeenBy)
		if until > from {
			fmt.Fprintf(&path, "M%d %dH%d", from, top, until)
			drawn = until
		}
	}
	return path.String()
}

// axisMarkings are the ages that an axis may name, those first that are named
// where there is no room for all.
var axisMarkings = []struct {
	age  time.Duration
	text string
}{
	{24 * time.Hour, "1 day"}, {time.Hour, "1 hour"}, {7 * 24 * time.Hour, "1 week"}, {30 * 24 * time.Hour, "30 days"}, {365 * 24 * time.Hour, "1 year"},
	{6 * time.Hour, "6 hours"}, {10 * time.Minute, "10 minutes"}, {time.Minute, "1 minute"}, {90 * 24 * time.Hour, "90 days"}, {3 * 24 * time.Hour, "3 days"},
	{30 * time.Minute, "30 minutes"}, {5 * time.Minute, "5 minutes"}, {2 * time.Minute, "2 minutes"}, {10 * time.Second, "10 seconds"}, {30 * time.Second, "30 seconds"},
	{2 * 365 * 24 * time.Hour, "2 years"}, {5 * 365 * 24 * time.Hour, "5 years"}, {10 * 365 * 24 * time.Hour, "10 years"},
}

// axisTimes are the labels that fit below the track, and the path of their lines.
func axisTimes(s axisScale, below int) (times []axisTime, grid string) {
	const glyph = 6 // what a character is wide, about
	base := below + 20
	times = []axisTime{{2, base, "start", "first look"}, {s.width - 2, base, "end", "now"}}
	taken := [][2]int{{0, 11 * glyph}, {s.width - 4*glyph, s.width}}
	var path strings.Builder
	for _, m := range axisMarkings {
		if m.age >= s.until.Sub(s.from) {
			continue
		}
		x, half := s.x(s.from.Add(m.age)), (len(m.text)+2)*glyph/2
		if slices.ContainsFunc(taken, func(t [2]int) bool { return x-half < t[1] && x+half > t[0] }) {
			continue
		}
		taken = append(taken, [2]int{x - half, x + half})
		times = append(times, axisTime{x, base, "middle", m.text})
		fmt.Fprintf(&path, "M%d %dv6", x, below)
	}
	return times, path.String()
}
