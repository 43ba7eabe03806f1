package report

import (
	"context"
	"fmt"
	"slices"

	"storydiff/diffview"
	"storydiff/tracker"
)

// A testSaid is a headline under test; data of the template "tested".
type testSaid struct {
	Said  string // "4 changes among 2 headlines"
	Flips []flipSaid
}

// A flipSaid is one change of the headline among those of a test.
type flipSaid struct {
	Link     string
	When     interval
	Headline string
	Dir      string // which way Headline runs: "ltr", "rtl" or "auto"
}

// A testTurn is a test as one line of an article's life.
type testTurn struct {
	testSaid
	When   interval // from the first change of the headline to the last
	Shares []shareSaid
	Inner  []turn // the versions that it stands for, newest first
}

// A shareSaid is a headline and how often it was seen.
type shareSaid struct {
	Percent  int
	Looks    string
	Headline string
	Dir      string // which way Headline runs: "ltr", "rtl" or "auto"
}

func newTestSaid(t *tracker.HeadlineTest) *testSaid {
	out := &testSaid{Said: diffview.Count(len(t.Flips), "change") + " among " + diffview.Count(len(t.Headlines), "headline")}
	for _, f := range t.Flips {
		out.Flips = append(out.Flips, flipSaid{linkOf(f), newInterval(f.SeenAfter, f.SeenBy), brief(f.NewHeadline), direction(f.NewHeadline, langTag(f.Lang))})
	}
	return out
}

func newTestTurn(t *tracker.HeadlineTest) *testTurn {
	out := &testTurn{testSaid: *newTestSaid(t), When: newInterval(t.Began, t.Ended)}
	for _, h := range t.Headlines {
		out.Shares = append(out.Shares, shareSaid{h.Share, diffview.Count(h.Looks, "look"), brief(h.Text), direction(h.Text, langTag(t.Flips[0].Lang))})
	}
	return out
}

// A tested list is the tests of headlines of the articles of a list, uncounted.
type tested map[int64][]tracker.HeadlineTest

// testsAmong returns the tests of the articles whose headlines changed by any of
// the changes found.
func (s *site) testsAmong(ctx context.Context, found []tracker.Change) (tested, error) {
	var articles []int64
	for i := range found {
		if c := &found[i]; c.OldHeadline != c.NewHeadline {
			articles = append(articles, c.ArticleID)
		}
	}
	slices.Sort(articles)
	flips, err := s.src.Flips(ctx, slices.Compact(articles))
	if err != nil {
		return nil, fmt.Errorf("listing changes of headlines: %w", err)
	}
	tests := tested{}
	for len(flips) > 0 {
		id := flips[0].ArticleID
		n := slices.IndexFunc(flips, func(c tracker.Change) bool { return c.ArticleID != id })
		if n < 0 {
			n = len(flips)
		}
		tests[id] = tracker.HeadlineTests(flips[:n:n])
		flips = flips[n:]
	}
	return tests, nil
}

// of returns the test that a change is part of; nil where it is of none.
func (t tested) of(c *tracker.Change) *tracker.HeadlineTest {
	if c.OldHeadline == c.NewHeadline {
		return nil
	}
	tests := t[c.ArticleID]
	for i := range tests {
		if tests[i].Has(c) {
			return &tests[i]
		}
	}
	return nil
}

// count counts the looks of tests.
func (s *site) count(ctx context.Context, id int64, tests []tracker.HeadlineTest) error {
	for i := range tests {
		t := &tests[i]
		looks, err := s.src.LooksByVersion(ctx, id, t.LooksFrom, t.LooksUntil)
		if err != nil {
			return fmt.Errorf("counting the looks at article %d: %w", id, err)
		}
		t.Count(looks)
	}
	return nil
}

// entries returns the entries of a list of changes, newest first. Those that
// are no more than flips of one test are one entry, in the place of the newest.
func (s *site) entries(ctx context.Context, found []tracker.Change) ([]listed, error) {
	tests, err := s.testsAmong(ctx, found)
	if err != nil {
		return nil, err
	}
	told := map[*tracker.HeadlineTest]bool{}
	var out []listed
	for i := range found {
		c := &found[i]
		test := tests.of(c)
		folds := test != nil && test.Folds(c)
		if folds && told[test] {
			continue
		}
		var e entry
		if test != nil {
			e = newEntry(*c)
			e.Test = newTestSaid(test)
		} else if e, err = s.drawn(c); err != nil {
			return nil, err
		}
		if folds {
			told[test] = true
		}
		out = append(out, listed{c.SeenBy, e})
	}
	return out, nil
}
