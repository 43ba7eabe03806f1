package tracker

import (
	"slices"
	"time"

	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// What makes flips among headlines a test of them. One return can be a second
// thought, so it has to be quick and the headline alone; two are no accident.
const (
	testHeadlines = 4              // at most, among which the flips go
	testReturns   = 2              // flips to a headline that was there before …
	testWithin    = 24 * time.Hour // … within this time from the first flip
	quickReturn   = 6 * time.Hour  // one return suffices within this, if nothing but the headline changed
	testMargin    = 6 * time.Hour  // looks so long before the first and after the last flip count too
)

// MayTest is the longest time between two changes of a headline that follow one
// another in a test: one that no other is so close to is part of none.
const MayTest = testWithin

// A HeadlineTest is a spell in which an outlet let its headlines take turns.
type HeadlineTest struct {
	Headlines []TestedHeadline // in the order in which they were first seen
	Flips     []*Change        // from one to another, oldest first
	From, To  int              // the first and the last version of it
	Began     time.Time        // the first flip was seen by then
	Ended     time.Time        // and the last by then

	// Looks in this time count for the shares: those of the test, and of six
	// hours before it and after it, since the first and the last headline were
	// up there too.
	LooksFrom, LooksUntil time.Time

	shown map[int]int // version → index into Headlines
}

// A TestedHeadline is one of the headlines of a test.
type TestedHeadline struct {
	Text  string
	Looks int // how many showed it; see HeadlineTest.Count
	Share int // percent of the looks that showed any; the shares add up to 100
}

// HeadlineTests returns the tests among the changes of one article, oldest
// first. A test is a run of changes of the headline, among at most four
// headlines and with no more than a day from one to the next, that holds two
// returns to a headline of it within a day; or one return within six hours
// where nothing but the headline changed. It ends with its last return. The
// result points into changes.
func HeadlineTests(changes []Change) []HeadlineTest {
	var flips []flip
	for i := range changes {
		c := &changes[i]
		before, after := worddiff.Fingerprint(c.OldHeadline), worddiff.Fingerprint(c.NewHeadline)
		if before != after && c.NewHeadline != "" && c.OldHeadline != "" {
			flips = append(flips, flip{c, before, after})
		}
	}
	var tests []HeadlineTest
	for i := 0; i < len(flips); {
		n := testLen(flips[i:])
		if n == 0 {
			i++
			continue
		}
		tests = append(tests, newHeadlineTest(flips[i:i+n]))
		i += n
	}
	return tests
}

// A flip is a change of the headline.
type flip struct {
	*Change
	before, after [32]byte
}

// testLen returns how many flips, from the first, are one test; 0 where the
// first begins none, as where it leaves a headline that does not return.
func testLen(flips []flip) int {
	seen := [][32]byte{flips[0].before}
	returns, n, isTest := 0, 0, false
	for i, f := range flips {
		if i > 0 && (f.before != flips[i-1].after || f.SeenBy.Sub(flips[i-1].SeenBy) > testWithin) {
			break
		}
		if !slices.Contains(seen, f.after) {
			if seen = append(seen, f.after); len(seen) > testHeadlines {
				break
			}
			continue
		}
		returns, n = returns+1, i+1
		since := f.SeenBy.Sub(flips[0].SeenBy)
		quick := i == 1 && since <= quickReturn && headlineAlone(flips[0].Change) && headlineAlone(f.Change)
		isTest = isTest || quick || returns >= testReturns && since <= testWithin
	}
	if !isTest || !slices.ContainsFunc(flips[:n], func(f flip) bool { return f.after == flips[0].before }) {
		return 0
	}
	return n
}

// headlineAlone reports whether nothing of weight but the headline changed.
// Finer kinds may stand beside its own, where they are of the headline too.
func headlineAlone(c *Change) bool {
	for _, k := range c.Kinds {
		switch k {
		case revision.Standfirst, revision.Byline, revision.Caption, revision.Correction, revision.Link,
			revision.ParagraphAdded, revision.ParagraphRemoved, revision.ParagraphMoved:
			return false
		}
	}
	return !slices.ContainsFunc(c.Traces.Edits, func(t revision.Trace) bool { return t.Field != "headline" })
}

func newHeadlineTest(flips []flip) HeadlineTest {
	first, last := flips[0], flips[len(flips)-1]
	t := HeadlineTest{
		From: first.From, To: last.To, Began: first.SeenBy, Ended: last.SeenBy,
		LooksFrom: first.SeenBy.Add(-testMargin), LooksUntil: last.SeenBy.Add(testMargin),
		shown: map[int]int{},
	}
	var keys [][32]byte
	index := func(key [32]byte, text string) int {
		i := slices.Index(keys, key)
		if i < 0 {
			i = len(keys)
			keys = append(keys, key)
			t.Headlines = append(t.Headlines, TestedHeadline{Text: text})
		}
		return i
	}
	at := index(first.before, first.OldHeadline)
	version := first.From
	for _, f := range flips {
		for ; version < f.To; version++ {
			t.shown[version] = at
		}
		at = index(f.after, f.NewHeadline)
		t.Flips = append(t.Flips, f.Change)
	}
	t.shown[version] = at
	return t
}

// Count fills in how many looks showed each headline, from how many showed each
// version between LooksFrom and LooksUntil. Shares are rounded so that they add
// up to 100; where there were no looks, they stay 0.
func (t *HeadlineTest) Count(looks map[int]int) {
	all := 0
	for version, n := range looks {
		if i, ok := t.shown[version]; ok {
			t.Headlines[i].Looks += n
			all += n
		}
	}
	if all == 0 {
		return
	}
	left := 100
	byRest := make([]int, len(t.Headlines))
	for i := range t.Headlines {
		h := &t.Headlines[i]
		h.Share = h.Looks * 100 / all
		left -= h.Share
		byRest[i] = i
	}
	rest := func(i int) int { return t.Headlines[i].Looks * 100 % all }
	slices.SortStableFunc(byRest, func(a, b int) int { return rest(b) - rest(a) })
	for _, i := range byRest[:left] {
		t.Headlines[i].Share++
	}
}

// Has reports whether a change of the article is one of the test's flips.
func (t *HeadlineTest) Has(c *Change) bool {
	return slices.ContainsFunc(t.Flips, func(f *Change) bool { return f.From == c.From && f.To == c.To })
}

// Folds reports whether the test says all there is to say of a change: it is
// one of its flips, and nothing else of weight changed with it.
func (t *HeadlineTest) Folds(c *Change) bool { return t.Has(c) && headlineAlone(c) }
