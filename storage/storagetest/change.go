package storagetest

import (
	"fmt"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func changeFilters(f *fixture) {
	a, b := f.addOn("a.example", "/a", "x"), f.addOn("b.example", "/b")
	edit := func(id int64, minutes, significance int, disclosure revision.Disclosure, kinds ...revision.Kind) int64 {
		f.now = start.Add(time.Duration(minutes) * time.Minute)
		c := change(f.now, significance, kinds...)
		c.Disclosure = disclosure
		r := f.publish(id, story(time.Duration(minutes).String(), "text"), c)
		return r.Change.ID
	}
	f.publish(a.ID, story("first", "text"), nil)
	f.publish(b.ID, story("first", "text"), nil)
	a1 := edit(a.ID, 10, 70, revision.Silent, revision.Headline, revision.Number)
	b1 := edit(b.ID, 20, 59, revision.Stamped, revision.Wording)
	a2 := edit(a.ID, 30, 60, revision.Noted, revision.Number)
	b2 := edit(b.ID, 40, 5, revision.Silent, revision.Spelling, revision.Number)

	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	for _, tt := range []struct {
		name   string
		filter tracker.ChangeFilter
		want   []int64
	}{
		{"all", tracker.ChangeFilter{}, []int64{b2, a2, b1, a1}},
		{"article", tracker.ChangeFilter{ArticleID: a.ID}, []int64{a2, a1}},
		{"since, to the minute", tracker.ChangeFilter{Since: at(30)}, []int64{b2, a2}},
		{"since, just after", tracker.ChangeFilter{Since: at(30).Add(time.Millisecond)}, []int64{b2}},
		{"kind", tracker.ChangeFilter{Kind: "number"}, []int64{b2, a2, a1}},
		{"kind that is none", tracker.ChangeFilter{Kind: "numb"}, nil},
		{"disclosure", tracker.ChangeFilter{Disclosure: "silent"}, []int64{b2, a1}},
		{"significance", tracker.ChangeFilter{MinSignificance: 60}, []int64{a2, a1}},
		{"outlet", tracker.ChangeFilter{Outlet: "b.example"}, []int64{b2, b1}},
		{"tag", tracker.ChangeFilter{Tag: "x"}, []int64{a2, a1}},
		{"before", tracker.ChangeFilter{Before: a2}, []int64{b1, a1}},
		{"limit", tracker.ChangeFilter{Limit: 2}, []int64{b2, a2}},
		{"kind, outlet and page", tracker.ChangeFilter{Kind: "number", Outlet: "a.example", Before: b2, Limit: 1}, []int64{a2}},
		{"all at once", tracker.ChangeFilter{ArticleID: a.ID, Since: at(5), Kind: "headline", Disclosure: "silent", MinSignificance: 70, Outlet: "a.example", Tag: "x", Before: b1, Limit: 9}, []int64{a1}},
		{"nothing", tracker.ChangeFilter{Kind: "number", Tag: "y"}, nil},
		{"hostile", tracker.ChangeFilter{Kind: "' OR 1=1 --"}, nil},
	} {
		f.Run(tt.name, func(t *testing.T) {
			(&fixture{f.Store, t, f.now}).wantChanges(tt.filter, tt.want...)
		})
	}
}

func (f *fixture) wantChanges(filter tracker.ChangeFilter, want ...int64) {
	f.Helper()
	all, err := f.Changes(f.Context(), filter)
	f.ok(err)
	var got []int64
	for _, c := range all {
		got = append(got, c.ID)
	}
	f.same("changes", got, want)
}

// Pages show each change once, also while further ones arrive.
func changePages(f *fixture) {
	a := f.add("/a")
	headlines := "ABCDEFGHIJKLMNOPQRSTUVW"
	for _, h := range headlines {
		f.publish(a.ID, story(string(h), "text"), change(f.now, 1, revision.Headline))
	}
	seen := ""
	for page := (tracker.ChangeFilter{Limit: 5}); ; {
		all, err := f.Changes(f.Context(), page)
		f.ok(err)
		if len(all) == 0 {
			break
		}
		for _, c := range all {
			seen = c.NewHeadline + seen
		}
		page.Before = all[len(all)-1].ID
		f.publish(a.ID, story("later "+seen, "text"), change(f.now, 1, revision.Headline))
	}
	f.same("headlines over all pages", seen, headlines[1:])
}

func checksByLimit(f *fixture) {
	a := f.add("/a")
	var want []tracker.Check
	for range 5 {
		f.now = f.now.Add(time.Minute)
		want = append([]tracker.Check{f.look(a.ID, tracker.OutcomeFailed, nil).Check}, want...)
	}
	for _, limit := range []int{0, 1, 4, 5, 9} {
		got, err := f.Checks(f.Context(), a.ID, limit)
		f.ok(err)
		n := len(want)
		if limit > 0 {
			n = min(n, limit)
		}
		f.same("checks", got, want[:n])
	}
	for _, tt := range []struct {
		before int64
		limit  int
		want   []tracker.Check
	}{
		{0, 2, want[:2]}, {want[1].ID, 2, want[2:4]}, {want[1].ID, 0, want[2:]}, {want[4].ID, 9, nil}, {want[0].ID + 1, 9, want},
	} {
		got, err := f.ChecksBefore(f.Context(), a.ID, tt.before, tt.limit)
		f.ok(err)
		f.same("checks before", got, tt.want)
	}
}

// The first looks and the last are read, oldest first, and none twice.
func looksByEnds(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	var want []tracker.Look
	for i := range 6 {
		f.now = f.now.Add(time.Minute)
		outcome := []tracker.Outcome{tracker.OutcomeFailed, tracker.OutcomeBlocked}[i%2]
		f.look(a.ID, outcome, nil)
		f.look(b.ID, tracker.OutcomeFailed, nil)
		want = append(want, tracker.Look{At: f.now, Outcome: outcome})
	}
	for _, tt := range []struct {
		first, last int
		want        []tracker.Look
	}{
		{0, 0, nil}, {2, 0, want[:2]}, {0, 2, want[4:]}, {2, 3, append(want[:2:2], want[3:]...)}, {3, 3, want}, {4, 5, want}, {100, 100, want},
	} {
		got, err := f.Looks(f.Context(), a.ID, tt.first, tt.last)
		f.ok(err)
		f.same(fmt.Sprintf("the first %d looks and the last %d", tt.first, tt.last), got, tt.want)
	}
	got, err := f.Looks(f.Context(), 999, 5, 5)
	f.ok(err)
	f.same("looks at nothing", got, []tracker.Look(nil))
}

// Looks are counted by the version they showed; those that showed none are not.
func looksByVersion(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	f.publish(a.ID, story("One", "text"), nil)
	f.publish(b.ID, story("Other", "text"), nil)
	for m, outcome := range []tracker.Outcome{
		tracker.OutcomeUnchanged, tracker.OutcomeFailed, tracker.OutcomeNotModified, tracker.OutcomeBlocked, tracker.OutcomeGone, tracker.OutcomeRestored, tracker.OutcomeSkipped,
	} {
		f.now = at(m + 1)
		r := &tracker.Record{Article: f.claim(a.ID), Check: tracker.Check{At: f.now, Outcome: outcome, Version: 1}}
		f.ok(f.Record(f.Context(), owner, r)) // a version said of a failure, too, was not shown by it
	}
	f.now = at(10)
	f.publish(a.ID, story("Two", "text"), change(f.now, 30, revision.Headline))
	f.now = at(11)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	for _, tt := range []struct {
		name        string
		from, until time.Time
		want        map[int]int
	}{
		{"all", time.Time{}, at(60), map[int]int{1: 4, 2: 2}},
		{"both ends count", at(1), at(10), map[int]int{1: 3, 2: 1}},
		{"just inside", at(1).Add(time.Millisecond), at(10).Add(-time.Millisecond), map[int]int{1: 2}},
		{"none", at(20), at(60), map[int]int{}},
	} {
		got, err := f.LooksByVersion(f.Context(), a.ID, tt.from, tt.until)
		f.ok(err)
		f.same("looks, "+tt.name, got, tt.want)
	}
	got, err := f.LooksByVersion(f.Context(), 999, time.Time{}, at(60))
	f.ok(err)
	f.same("looks at nothing", got, map[int]int{})
}
