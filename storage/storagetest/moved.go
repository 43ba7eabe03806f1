package storagetest

import (
	"errors"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

func (f *fixture) minute(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }

// lookFor records a check with an event of that reason; plain ones have none.
func (f *fixture) lookFor(id int64, minute int, outcome tracker.Outcome, kind tracker.EventKind, reason string) {
	f.Helper()
	f.now = f.minute(minute)
	var e *tracker.Event
	if kind != "" {
		e = &tracker.Event{Kind: kind, At: f.now, Reason: reason}
	}
	f.look(id, outcome, e)
}

func (f *fixture) wantEvents(id int64, want ...tracker.Event) {
	f.Helper()
	events, err := f.Events(f.Context(), id)
	f.ok(err)
	for i := range want {
		want[i].ArticleID = id
	}
	f.same("events", events, want)
}

// Another reason is another spell, without a gap; what is gone for another reason
// stays gone.
func spellsByReason(f *fixture) {
	a := f.add("/a")
	f.lookFor(a.ID, 0, tracker.OutcomeBlocked, tracker.EventBlocked, "http-403")
	f.lookFor(a.ID, 1, tracker.OutcomeBlocked, tracker.EventBlocked, "bot-challenge")
	f.lookFor(a.ID, 2, tracker.OutcomeBlocked, tracker.EventBlocked, "bot-challenge")
	f.lookFor(a.ID, 3, tracker.OutcomeBlocked, tracker.EventBlocked, "http-403")
	f.lookFor(a.ID, 4, tracker.OutcomeGone, tracker.EventGone, "http-410")
	f.lookFor(a.ID, 5, tracker.OutcomeGone, tracker.EventGone, "http-451")
	f.lookFor(a.ID, 6, tracker.OutcomeGone, tracker.EventGone, "http-451")
	f.wantEvents(a.ID,
		tracker.Event{Kind: tracker.EventBlocked, At: f.minute(0), Until: f.minute(1), Reason: "http-403"},
		tracker.Event{Kind: tracker.EventBlocked, At: f.minute(1), Until: f.minute(3), Reason: "bot-challenge"},
		tracker.Event{Kind: tracker.EventBlocked, At: f.minute(3), Until: f.minute(4), Reason: "http-403"},
		tracker.Event{Kind: tracker.EventGone, At: f.minute(4), Until: f.minute(5), Reason: "http-410"},
		tracker.Event{Kind: tracker.EventGone, At: f.minute(5), Reason: "http-451"})
}

// What is missing is so for one reason as for another, until it is back or gone.
func missingSpells(f *fixture) {
	a := f.add("/a")
	f.lookFor(a.ID, 0, tracker.OutcomeFailed, tracker.EventMissing, "http-404")
	f.lookFor(a.ID, 1, tracker.OutcomeFailed, tracker.EventMissing, "soft-404")
	f.lookFor(a.ID, 2, tracker.OutcomeFailed, "", "")
	f.lookFor(a.ID, 3, tracker.OutcomeNotModified, "", "")
	f.lookFor(a.ID, 4, tracker.OutcomeFailed, tracker.EventMissing, "soft-404")
	f.lookFor(a.ID, 5, tracker.OutcomeGone, tracker.EventGone, "http-404")
	f.wantEvents(a.ID,
		tracker.Event{Kind: tracker.EventMissing, At: f.minute(0), Until: f.minute(3), Reason: "http-404"},
		tracker.Event{Kind: tracker.EventMissing, At: f.minute(4), Until: f.minute(5), Reason: "soft-404"},
		tracker.Event{Kind: tracker.EventGone, At: f.minute(5), Reason: "http-404"})
}

func whereabouts(f *fixture) {
	a := f.add("/a")
	r := &tracker.Record{Article: f.claim(a.ID), Check: tracker.Check{At: start, Outcome: tracker.OutcomeFailed, Reason: "http-404"}}
	r.Article.GoneFrom, r.Article.MovedTo, r.Article.LeadsTo, r.Article.LeadsSince = f.minute(1), "https://example.com/b", "https://example.com/c", f.minute(2)
	f.ok(f.Record(f.Context(), owner, r))
	a.GoneFrom, a.MovedTo, a.LeadsTo, a.LeadsSince = f.minute(1), "https://example.com/b", "https://example.com/c", f.minute(2)
	a.LastCheck, a.LastOutcome, a.LastReason = start, tracker.OutcomeFailed, "http-404"
	got, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("the article", got, a)
	f.same("the article that Record gives back", r.Article, a)
}

func sharedAddresses(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	call := func(id int64, aliases, shared []string) {
		f.Helper()
		f.ok(f.Record(f.Context(), owner, &tracker.Record{
			Article: f.claim(id), Check: tracker.Check{At: start, Outcome: tracker.OutcomeUnchanged}, Aliases: aliases, Shared: shared,
		}))
	}
	call(a.ID, []string{"example.com/index", "example.com/amp/a"}, nil)
	call(b.ID, nil, []string{"example.com/index"})
	call(a.ID, []string{"example.com/index"}, nil)
	call(b.ID, []string{"example.com/index"}, []string{"example.com/index"})
	_, err := f.ArticleByIdentity(f.Context(), "example.com/index")
	f.wantErr(err, tracker.ErrNotFound, "example.com/index")
	for id, want := range map[int64][]string{a.ID: {"example.com/a", "example.com/amp/a"}, b.ID: {"example.com/b"}, 9: nil} {
		got, err := f.Aliases(f.Context(), id)
		f.ok(err)
		f.same("aliases", got, want)
	}
	c, added, err := f.Add(f.Context(), storage.NewArticle{URL: "https://example.com/index", Identity: "example.com/index", At: start})
	f.ok(err)
	f.same("who adds it, has it", []any{c.ID > b.ID, added}, []any{true, true})
}

// merge records a check of from or into that found the two to be one.
func (f *fixture) merge(looked, from, into int64) *tracker.Record {
	f.Helper()
	r := &tracker.Record{
		Article: f.claim(looked), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged},
		Aliases: []string{"example.com/canonical"},
		Merge: &tracker.Merge{From: from, Into: into, Events: []tracker.Event{
			{ArticleID: from, Kind: tracker.EventMerged, At: f.now, Detail: "from"}, {ArticleID: into, Kind: tracker.EventMerged, At: f.now, Detail: "into"},
		}},
	}
	f.ok(f.Record(f.Context(), owner, r))
	return r
}

func merges(f *fixture) {
	a, b, c := f.add("/a", "x"), f.add("/b", "x", "y"), f.add("/c")
	_, _, err := f.Add(f.Context(), storage.NewArticle{URL: b.URL, Identity: "example.com/b", Cron: "@hourly", At: start})
	f.ok(err)
	f.publish(a.ID, story("One", "text"), nil)
	f.publish(b.ID, story("One", "text"), nil)
	r := f.merge(b.ID, b.ID, a.ID) // looked at, and given up
	f.same("the article that Record gives back", []any{r.Article.MergedInto, r.Article.RemovedAt}, []any{a.ID, f.now})
	f.wantArticles(tracker.ArticleFilter{}, a.ID, c.ID)
	f.wantArticles(tracker.ArticleFilter{Tag: "y"}, a.ID)
	for _, identity := range []string{"example.com/a", "example.com/b", "example.com/canonical"} {
		got, err := f.ArticleByIdentity(f.Context(), identity)
		f.ok(err)
		f.same(identity, got.ID, a.ID)
	}
	versions, err := f.Versions(f.Context(), b.ID)
	f.ok(err)
	f.same("versions that stay", len(versions), 1)
	f.wantEvents(b.ID, tracker.Event{Kind: tracker.EventMerged, At: f.now, Detail: "from"})
	f.wantEvents(a.ID, tracker.Event{Kind: tracker.EventMerged, At: f.now, Detail: "into"})

	_, ok, err := f.ClaimArticle(f.Context(), a.ID, other, f.now, ttl) // a look at a is under way
	f.ok(err)
	f.same("held", ok, true)
	got, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("the cron line goes over", got.Cron, "@hourly")
	f.merge(c.ID, a.ID, c.ID) // looked at, and goes on
	_, err = f.Article(f.Context(), b.ID)
	f.ok(err)
	for _, id := range []int64{a.ID, b.ID} {
		got, err := f.Article(f.Context(), id)
		f.ok(err)
		f.same("merged into", got.MergedInto, c.ID)
	}
	err = f.Record(f.Context(), other, &tracker.Record{Article: a, Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged}})
	f.same("the look that was under way is lost", errors.Is(err, tracker.ErrLeaseLost), true)

	f.ok(f.Remove(f.Context(), c.ID, true))
	got, err = f.Article(f.Context(), b.ID)
	f.ok(err)
	f.same("merged into what was purged", got.MergedInto, int64(0))
}

// What its user paused or removed while it was looked at takes no part.
func mergesRefused(f *fixture) {
	a, b, c := f.add("/a"), f.add("/b"), f.add("/c")
	f.ok(f.SetState(f.Context(), b.ID, tracker.Paused, time.Time{}))
	f.ok(f.Remove(f.Context(), c.ID, false))
	f.merge(a.ID, a.ID, b.ID)
	f.merge(a.ID, c.ID, a.ID)
	f.merge(a.ID, a.ID, 99)
	f.wantArticles(tracker.ArticleFilter{}, a.ID, b.ID)
	f.wantEvents(a.ID)
	f.wantEvents(b.ID)
}

func leadsToo(f *fixture) {
	a, b, c := f.add("/a"), f.add("/b"), f.add("/c")
	keep := func(id int64, final string, hops ...fetch.Hop) {
		p := page(f.now, []byte("x"))
		p.Final, p.Hops = final, hops
		f.ok(f.Keep(f.Context(), &tracker.Capture{ArticleID: id, Page: p}))
	}
	const list, page = "https://example.com/list", "https://example.com/page"
	keep(a.ID, list, fetch.Hop{URL: a.URL, Status: 302, Location: list})
	keep(b.ID, page)
	keep(c.ID, page, []fetch.Hop{}...)
	for _, tt := range []struct {
		id    int64
		final string
		want  bool
	}{{a.ID, list, false}, {b.ID, list, true}, {a.ID, page, false}, {b.ID, "", false}} {
		got, err := f.LeadsToo(f.Context(), tt.id, tt.final)
		f.ok(err)
		f.same("another article leads to "+tt.final, got, tt.want)
	}
	f.merge(b.ID, a.ID, b.ID)
	got, err := f.LeadsToo(f.Context(), b.ID, list)
	f.ok(err)
	f.same("the same article leads there", got, false)
}
