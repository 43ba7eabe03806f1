package storagetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// lives returns what is told of lives since a mark, in the order of the articles.
func (f *fixture) lives(mark int64) (text string, next int64) {
	f.Helper()
	all, err := f.Lives(f.Context(), mark)
	f.ok(err)
	slices.SortFunc(all.Altered, func(a, b tracker.Life) int { return cmp.Compare(a.ArticleID, b.ArticleID) })
	for _, l := range all.Altered {
		text += fmt.Sprintf("%d %s week %d:", l.ArticleID, l.Outlet, l.SeenWeek-tracker.WeekOf(start))
		for _, e := range l.Edits {
			text += fmt.Sprintf(" %d %s %v-%v", e.To, e.Disclosure, e.SeenAfter.Sub(start).Minutes(), e.SeenBy.Sub(start).Minutes())
			if e.Flip {
				text += " flip"
			}
		}
		for _, late := range l.Late {
			text += fmt.Sprintf(" late by %v-%v", late.AtLeast.Minutes(), late.AtMost.Minutes())
		}
		text += fmt.Sprintf(" gone %d blocked %d;", len(l.Gone), len(l.Blocked))
	}
	slices.Sort(all.Dropped)
	for _, id := range all.Dropped {
		text += fmt.Sprintf(" %d dropped;", id)
	}
	return text, all.Mark
}

func livesOfOutlets(f *fixture) {
	told := func(what, want string, mark int64) int64 {
		f.Helper()
		got, next := f.lives(mark)
		f.same(what, strings.TrimSpace(got), want)
		return next
	}
	never := -int64(tracker.WeekOf(start)) - 1
	a, b := f.add("/a"), f.addOn("example.org", "/b")
	mark := told("what nobody looked at", fmt.Sprintf("1 example.com week %d: gone 0 blocked 0;2 example.org week %d: gone 0 blocked 0;", never, never), 0)
	told("nothing new", "", mark)
	f.publish(a.ID, story("One", "text"), nil)
	mark = told("the first look", "1 example.com week 0: gone 0 blocked 0;", mark)
	f.pass(15)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	told("a further look in the same week", "", mark)
	f.pass(15)
	silent := change(f.now, 30, revision.Number)
	silent.Traces.Edits[0].Told, silent.Traces.Notes = false, nil
	f.publish(a.ID, story("One", "text, altered"), silent)
	mark = told("a change", "1 example.com week 0: 2 silent 15-30 gone 0 blocked 0;", mark)
	f.pass(60)
	noted := change(f.now, 30, revision.Correction)
	noted.Disclosure, noted.Traces = revision.Noted, revision.Traces{Lang: "en", Notes: []string{"Correction: An earlier version of this article said that the ferry at the quay cost 12. It cost 14."}}
	f.publish(a.ID, story("One", "text, altered", "note"), noted)
	mark = told("a note that comes late", "1 example.com week 0: 2 silent 15-30 3 noted 75-90 late by 45-75 gone 0 blocked 0;", mark)
	f.look(b.ID, tracker.OutcomeBlocked, &tracker.Event{Kind: tracker.EventBlocked, At: f.now, Reason: "login"})
	mark = told("a spell", fmt.Sprintf("2 example.org week %d: gone 0 blocked 1;", never), mark)
	f.pass(15)
	f.publish(b.ID, story("B", "text"), nil)
	mark = told("the end of a spell", "2 example.org week 0: gone 0 blocked 1;", mark)
	f.ok(f.Remove(f.Context(), a.ID, false))
	told("what is removed counts", "", mark)
	f.ok(f.Remove(f.Context(), a.ID, true))
	told("a purge", "1 dropped;", mark)
	f.flipsOfOutlets(b.ID)
}

// flipsOfOutlets has the headline of an article go there and back.
func (f *fixture) flipsOfOutlets(id int64) {
	f.Helper()
	for _, headline := range []string{"Another", "B"} {
		f.pass(30)
		c := change(f.now, 30, revision.Headline)
		c.Traces = revision.Traces{}
		f.publish(id, story(headline, "text"), c)
	}
	got, _ := f.lives(0)
	f.same("a headline under test", strings.TrimSpace(got), "2 example.org week 0: 2 silent 120-135 3 silent 150-165 flip gone 0 blocked 1; 1 dropped;")
}

func looksAtOutlets(f *fixture) {
	told := func(what, want string) {
		f.Helper()
		week := tracker.WeekOf(start)
		weeks, err := f.LooksByWeek(f.Context(), "example.com", week)
		f.ok(err)
		got := ""
		for _, w := range weeks {
			got += fmt.Sprintf("week %d: %d articles %d looks %d late by %v;", w.Week-week, w.Articles, w.N, w.Delayed, w.DelayedFor)
		}
		f.same(what, got, want)
		all, err := f.LooksByOutlet(f.Context(), week)
		f.ok(err)
		sum := tracker.Looks{}
		for _, w := range weeks {
			sum.N, sum.Delayed, sum.Spread, sum.DelayedFor = sum.N+w.N, sum.Delayed+w.Delayed, sum.Spread+w.Articles, sum.DelayedFor+w.DelayedFor
		}
		one := all["example.com"]
		one.Last = time.Time{}
		f.same(what+", of the outlet", one, sum)
	}
	a, b := f.add("/a"), f.add("/b")
	told("before any look", "")
	f.publish(a.ID, story("One", "text"), nil) // planned for 15
	f.look(b.ID, tracker.OutcomeFailed, nil)   // saw nothing
	told("of one article", "week 0: 1 articles 1 looks 0 late by 0s;")
	f.pass(45)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	f.look(b.ID, tracker.OutcomeGone, &tracker.Event{Kind: tracker.EventGone, At: f.now, Reason: "http-410"})
	told("late by half an hour, and the first sight of another after 45 minutes", "week 0: 2 articles 3 looks 2 late by 1h15m0s;")
	f.pass(7 * 24 * 60)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	told("in the next week", "week 0: 2 articles 3 looks 2 late by 1h15m0s;week 1: 1 articles 1 looks 1 late by 167h45m0s;")
	f.ok(f.Remove(f.Context(), b.ID, true))
	told("without what was purged", "week 0: 1 articles 2 looks 1 late by 30m0s;week 1: 1 articles 1 looks 1 late by 167h45m0s;")
	f.mergedLooks(a.ID, told)
}

// mergedLooks merges a further article into one, and purges that.
func (f *fixture) mergedLooks(into int64, told func(what, want string)) {
	f.Helper()
	const before = "week 0: 1 articles 2 looks 1 late by 30m0s;week 1: 1 articles 1 looks 1 late by 167h45m0s;"
	c, _, err := f.Add(f.Context(), storage.NewArticle{URL: "https://m.example.com/a", Identity: "m.example.com/a", Outlet: "example.com", Host: "example.com", At: f.now})
	f.ok(err)
	f.publish(c.ID, story("One", "text"), nil)
	told("with a twin", "week 0: 1 articles 2 looks 1 late by 30m0s;week 1: 2 articles 2 looks 1 late by 167h45m0s;")
	r := &tracker.Record{Article: f.claim(into), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeFailed, Reason: "dns"}, Merge: &tracker.Merge{From: c.ID, Into: into}}
	f.ok(f.Record(f.Context(), owner, r))
	told("a twin counts no longer", before)
	if got, _ := f.lives(0); !strings.Contains(got, fmt.Sprintf(" %d dropped;", c.ID)) {
		f.Errorf("lives after a merge: %s", got)
	}
	f.ok(f.Remove(f.Context(), into, true))
	told("a twin that is alone again", "week 1: 1 articles 1 looks 0 late by 0s;")
}
