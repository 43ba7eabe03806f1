package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
)

// looked takes a look at an article at a time, which plans the next for another.
func (f *fixture) looked(a tracker.Article, at, next time.Time) tracker.Article {
	f.Helper()
	f.claim(a.ID)
	a.NextCheck = next
	r := &tracker.Record{Article: a, Check: tracker.Check{At: at, Outcome: tracker.OutcomeFailed, Reason: "dns"}}
	f.ok(f.Record(f.Context(), owner, r))
	return r.Article
}

// due returns when an article is due, counted from start.
func (f *fixture) due(id int64) time.Duration {
	f.Helper()
	a, err := f.Article(f.Context(), id)
	f.ok(err)
	return a.NextCheck.Sub(start)
}

func backlogSpread(f *fixture) {
	over := func(_ string, backlog int) time.Duration { return time.Duration(backlog) * time.Minute }
	now := start.Add(time.Hour)
	var byHost [2][]int64
	for i := range 20 {
		a := f.addOn(fmt.Sprintf("%c.example", 'a'+i%2), fmt.Sprint("/", i))
		f.looked(a, start, start.Add(time.Duration(20-i)*time.Minute))
		byHost[i%2] = append(byHost[i%2], a.ID)
	}
	later := f.looked(f.addOn("a.example", "/later"), start, now.Add(time.Minute))
	fresh := f.addOn("a.example", "/fresh")
	n, err := f.Spread(f.Context(), now, over)
	f.ok(err)
	f.same("put off of a few", n, 0)

	held := f.looked(f.addOn("b.example", "/held"), start, start)
	_, ok, err := f.Claim(f.Context(), "b.example", other, start.Add(time.Minute), 2*time.Hour)
	f.ok(err)
	f.same("claimed", ok, true)
	pinned, _, err := f.Add(f.Context(), storage.NewArticle{URL: "http://c.example/p", Identity: "c.example/p", Outlet: "c.example", Host: "c.example", Cron: "@every 7s", At: start})
	f.ok(err)
	f.looked(pinned, start, start)
	n, err = f.Spread(f.Context(), now, over)
	f.ok(err)
	f.same("put off", n, 21)
	for _, ids := range byHost {
		slices.Reverse(ids) // the most overdue first
		first := f.due(ids[0])
		if first < time.Hour || first >= time.Hour+time.Minute {
			f.Errorf("the first look of a host is due after %v, want within the first minute", first)
		}
		for i, id := range ids {
			f.same("the time between two looks", f.due(id)-first, time.Duration(i)*time.Minute)
		}
	}
	f.same("due later", f.due(later.ID), time.Hour+time.Minute)
	f.same("never looked at", f.due(fresh.ID), fresh.NextCheck.Sub(start))
	f.same("being looked at", f.due(held.ID), time.Duration(0))
	if at := f.due(pinned.ID); at > time.Hour+7*time.Second {
		f.Errorf("an article with times of its own is due after %v, want it at its next time", at)
	}
}

func looksReplanned(f *fixture) {
	var all []tracker.Article
	for i := range 3 {
		all = append(all, f.looked(f.add(fmt.Sprint("/", i)), start, start.Add(time.Hour)))
	}
	_, ok, err := f.ClaimArticle(f.Context(), all[1].ID, other, start.Add(time.Minute), ttl)
	f.ok(err)
	f.same("claimed", ok, true)
	plans := []tracker.Plan{
		{ArticleID: all[0].ID, Was: start.Add(time.Hour), At: start.Add(30 * time.Minute)},
		{ArticleID: all[1].ID, Was: start.Add(time.Hour), At: start.Add(30 * time.Minute)},
		{ArticleID: all[2].ID, Was: start.Add(59 * time.Minute), At: start.Add(30 * time.Minute)},
		{ArticleID: 99, Was: start, At: start},
	}
	_, err = f.PlannedBy(f.Context())
	f.same("by what looks are planned before anything was", errors.Is(err, tracker.ErrNotFound), true)
	first := tracker.Schedule{Cadence: tracker.Cadence{Knob: 0.25, Least: time.Minute}}
	f.ok(f.Replan(f.Context(), start.Add(time.Minute), first, plans))
	f.plannedBy(first)
	f.same("planned anew", f.due(all[0].ID), 30*time.Minute)
	f.same("held by somebody", f.due(all[1].ID), time.Hour)
	f.same("planned otherwise meanwhile", f.due(all[2].ID), time.Hour)
	spaced := tracker.Schedule{}.Spaced(func(string) float64 { return 1 }, all, start)
	f.ok(f.Replan(f.Context(), start.Add(time.Hour), spaced, plans))
	f.same("free again", f.due(all[1].ID), 30*time.Minute)
	f.plannedBy(spaced)
	f.ok(f.Replan(f.Context(), start.Add(time.Hour), first, nil))
	f.plannedBy(first)
}

// plannedBy wants looks to be planned as s plans them.
func (f *fixture) plannedBy(s tracker.Schedule) {
	f.Helper()
	kept, err := f.PlannedBy(f.Context())
	f.ok(err)
	a := tracker.Article{Host: "example.com", AddedAt: start}
	at := func(s tracker.Schedule) time.Time {
		s.Random = func() float64 { return 0.5 }
		at, _ := s.Next(a, start.Add(time.Hour))
		return at
	}
	f.same("by what looks are planned", at(kept), at(s))
	f.same("what a host is given", kept.Capped("example.com"), s.Capped("example.com"))
}

func clockAhead(f *fixture) {
	const year = 365 * 24 * time.Hour
	usual := f.looked(f.add("/usual"), start, start.Add(time.Hour))
	ahead := f.looked(f.add("/ahead"), start.Add(year), start.Add(year+2*time.Hour))
	old := f.looked(f.add("/old"), start.Add(year), start.Add(year))
	f.ok(f.SetState(f.Context(), old.ID, tracker.Retired, time.Time{}))
	// It had been looked at since the clock was set back: its next look is planned.
	again := f.looked(f.add("/again"), start.Add(year), start.Add(time.Hour))
	_, ok, err := f.ClaimArticle(f.Context(), usual.ID, other, start.Add(year), ttl)
	f.ok(err)
	f.same("claimed", ok, true)

	now := start.Add(time.Minute)
	n, err := f.Rewind(f.Context(), now.Add(time.Minute), now)
	f.ok(err)
	f.same("planned anew", n, 2)
	f.same("due as before", []time.Duration{f.due(usual.ID), f.due(again.ID)}, []time.Duration{time.Hour, time.Hour})
	f.same("due as long after now", f.due(ahead.ID), 2*time.Hour+time.Minute)
	got, err := f.Article(f.Context(), old.ID)
	f.ok(err)
	f.same("the state of what grew old", got.State, tracker.Active)
	if at := f.due(old.ID); at < time.Minute || at > 24*time.Hour+time.Minute {
		f.Errorf("what grew old is due after %v, want within a day", at)
	}
	_, ok, err = f.ClaimArticle(f.Context(), usual.ID, owner, now.Add(2*time.Hour), ttl)
	f.ok(err)
	f.same("free after the lease of a clock that ran ahead", ok, true)
	n, err = f.Rewind(f.Context(), now.Add(time.Minute), now)
	f.ok(err)
	f.same("planned anew once more", n, 0)
}
