package storagetest

import (
	"fmt"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func addAgain(f *fixture) {
	a := f.add("/a", "x")
	want := tracker.Article{
		ID: a.ID, URL: "https://www.example.com/a", Outlet: "example.com", Host: "example.com", State: tracker.Active,
		Tags: []string{"x"}, AddedAt: start, NextCheck: start,
	}
	f.same("Add", a, want)

	again, added, err := f.Add(f.Context(), storage.NewArticle{
		URL: "http://www.example.com/a?utm_source=x", Identity: "example.com/a", Outlet: "example.com", Host: "example.com", At: start.Add(time.Hour),
	})
	f.ok(err)
	if added {
		f.Error("an article that was there counts as added")
	}
	f.same("Add again", again, want)
	byIdentity, err := f.ArticleByIdentity(f.Context(), "example.com/a")
	f.ok(err)
	f.same("ArticleByIdentity", byIdentity, want)
	byID, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("Article", byID, want)
}

func tagsAndCron(f *fixture) {
	a := f.add("/a", "sport", "", " politics ", "sport")
	f.same("tags", a.Tags, []string{"politics", "sport"})
	f.look(a.ID, tracker.OutcomeFailed, nil) // next check in 15 minutes

	n := storage.NewArticle{URL: a.URL, Identity: "example.com/a", Tags: []string{"élection", "sport"}, Cron: "@every 10s", At: start.Add(time.Minute)}
	a, _, err := f.Add(f.Context(), n)
	f.ok(err)
	f.same("merged tags", a.Tags, []string{"politics", "sport", "élection"})
	f.same("cron", a.Cron, "@every 10s")
	f.same("next check with a new cron line", a.NextCheck, n.At)

	n.Cron, n.Tags = "", nil
	a, _, err = f.Add(f.Context(), n)
	f.ok(err)
	f.same("cron that was not given", a.Cron, "@every 10s")

	n.Tags = []string{"a\x1b[31m"}
	if _, _, err := f.Add(f.Context(), n); err == nil {
		f.Error("a tag with a control character was taken")
	}
}

func articleFilters(f *fixture) {
	a := f.addOn("a.example", "/1", "x", "y")
	b := f.addOn("b.example", "/2", "x")
	c := f.addOn("b.example", "/3")
	f.ok(f.SetState(f.Context(), c.ID, tracker.Paused, time.Time{}))
	for _, tt := range []struct {
		name   string
		filter tracker.ArticleFilter
		want   []int64
	}{
		{"all", tracker.ArticleFilter{}, []int64{a.ID, b.ID, c.ID}},
		{"tag", tracker.ArticleFilter{Tag: "x"}, []int64{a.ID, b.ID}},
		{"tag is no pattern", tracker.ArticleFilter{Tag: "%"}, nil},
		{"outlet", tracker.ArticleFilter{Outlet: "b.example"}, []int64{b.ID, c.ID}},
		{"state", tracker.ArticleFilter{State: tracker.Paused}, []int64{c.ID}},
		{"all three", tracker.ArticleFilter{Tag: "x", Outlet: "b.example", State: tracker.Active}, []int64{b.ID}},
		{"first page", tracker.ArticleFilter{Limit: 2}, []int64{a.ID, b.ID}},
		{"next page", tracker.ArticleFilter{Limit: 2, After: b.ID}, []int64{c.ID}},
		{"page of an outlet", tracker.ArticleFilter{Outlet: "b.example", Limit: 1}, []int64{b.ID}},
		{"page after the last", tracker.ArticleFilter{After: c.ID}, nil},
		{"none", tracker.ArticleFilter{Outlet: "' OR 1=1 --"}, nil},
	} {
		f.Run(tt.name, func(t *testing.T) {
			(&fixture{f.Store, t, f.now}).wantArticles(tt.filter, tt.want...)
		})
	}
	outlets, err := f.Outlets(f.Context())
	f.ok(err)
	f.same("outlets", outlets, []string{"a.example", "b.example"})
}

func (f *fixture) wantArticles(filter tracker.ArticleFilter, want ...int64) {
	f.Helper()
	all, err := f.Articles(f.Context(), filter)
	f.ok(err)
	var got []int64
	for _, a := range all {
		got = append(got, a.ID)
	}
	f.same("articles", got, want)
}

// articlesByChange lists articles page by page: those that changed last first, of
// those that changed at once the one added last, and those without a version last.
func articlesByChange(f *fixture) {
	a := f.addOn("a.example", "/a", "x")
	b := f.addOn("b.example", "/b", "x")
	c := f.addOn("b.example", "/c")
	d := f.addOn("b.example", "/d", "x") // without a version
	e := f.addOn("a.example", "/e")      // likewise
	gone := f.addOn("b.example", "/f", "x")
	for _, id := range []int64{b.ID, a.ID, c.ID, gone.ID} { // b and a at once
		if id == c.ID {
			f.pass(5)
		}
		f.publish(id, story("One", "text"), nil)
	}
	f.ok(f.Remove(f.Context(), gone.ID, false))
	f.pass(5)
	f.look(b.ID, tracker.OutcomeUnchanged, nil) // which is no change
	f.ok(f.SetState(f.Context(), c.ID, tracker.Paused, time.Time{}))
	for _, tt := range []struct {
		name   string
		filter tracker.ArticleFilter
		want   []int64
	}{
		{"all", tracker.ArticleFilter{}, []int64{c.ID, b.ID, a.ID, e.ID, d.ID}},
		{"of a tag", tracker.ArticleFilter{Tag: "x"}, []int64{b.ID, a.ID, d.ID}},
		{"of an outlet", tracker.ArticleFilter{Outlet: "b.example"}, []int64{c.ID, b.ID, d.ID}},
		{"of a state", tracker.ArticleFilter{State: tracker.Active}, []int64{b.ID, a.ID, e.ID, d.ID}},
		{"of all three", tracker.ArticleFilter{Tag: "x", Outlet: "b.example", State: tracker.Active}, []int64{b.ID, d.ID}},
		{"of nobody", tracker.ArticleFilter{Outlet: "%"}, nil},
	} {
		f.Run(tt.name, func(t *testing.T) {
			f := &fixture{f.Store, t, f.now}
			for _, limit := range []int{1, 2, 3, 10} {
				f.same(fmt.Sprintf("in pages of %d", limit), f.pagesByChange(tt.filter, limit), tt.want)
			}
			n, err := f.CountArticles(f.Context(), tt.filter)
			f.ok(err)
			f.same("how many", n, len(tt.want))
		})
	}
	f.publish(d.ID, story("One", "text"), nil)
	f.same("after a first version", f.pagesByChange(tracker.ArticleFilter{}, 10), []int64{d.ID, c.ID, b.ID, a.ID, e.ID})
}

// pagesByChange returns the IDs of all pages together.
func (f *fixture) pagesByChange(filter tracker.ArticleFilter, limit int) (ids []int64) {
	f.Helper()
	var after tracker.ArticleMark
	for range 20 {
		page, err := f.ArticlesByChange(f.Context(), filter, after, limit)
		f.ok(err)
		if len(page) > limit {
			f.Errorf("a page of %d has %d articles", limit, len(page))
		}
		for _, a := range page {
			ids = append(ids, a.ID)
			after = tracker.ArticleMark{Changed: a.LastChange, ID: a.ID}
		}
		if len(page) < limit {
			return ids
		}
	}
	f.Fatal("the pages do not end")
	return nil
}

func pauseAndResume(f *fixture) {
	a := f.add("/a")
	f.ok(f.SetState(f.Context(), a.ID, tracker.Paused, time.Time{}))
	a, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("state", a.State, tracker.Paused)
	f.same("next check", a.NextCheck, start)
	f.wantDue(start.Add(time.Hour))

	f.ok(f.SetState(f.Context(), a.ID, tracker.Active, start.Add(2*time.Hour)))
	f.wantDue(start.Add(time.Hour))
	f.wantDue(start.Add(2*time.Hour), "example.com")
}

func removeAndRevive(f *fixture) {
	a := f.add("/a", "x")
	f.publish(a.ID, story("One", "text"), nil)
	f.publish(a.ID, story("Two", "text"), change(f.now, 30, revision.Headline))
	f.ok(f.SetState(f.Context(), a.ID, tracker.Paused, time.Time{}))
	f.ok(f.Remove(f.Context(), a.ID, false))

	f.wantArticles(tracker.ArticleFilter{})
	f.wantDue(start.Add(time.Hour))
	outlets, err := f.Outlets(f.Context())
	f.ok(err)
	f.same("outlets", outlets, []string{})
	f.wantErr(f.Remove(f.Context(), a.ID, false), tracker.ErrNotFound, "article 1")
	f.wantErr(f.SetState(f.Context(), a.ID, tracker.Active, start), tracker.ErrNotFound, "article 1")
	_, ok, err := f.ClaimArticle(f.Context(), a.ID, owner, start, ttl)
	f.wantErr(err, tracker.ErrNotFound, "article 1")
	f.same("claimed", ok, false)

	removed, err := f.ArticleByIdentity(f.Context(), "example.com/a")
	if err != nil || removed.RemovedAt.IsZero() {
		f.Errorf("a removed article = removed at %v, %v, want when it was", removed.RemovedAt, err)
	}
	versions, err := f.Versions(f.Context(), a.ID)
	f.ok(err)
	f.same("versions that stay", len(versions), 2)
	changes, err := f.Changes(f.Context(), tracker.ChangeFilter{})
	f.ok(err)
	f.same("changes that stay", len(changes), 1)

	f.now = start.Add(24 * time.Hour)
	revived := f.add("/a")
	f.same("the same article", revived.ID, a.ID)
	f.same("its state", revived.State, tracker.Active)
	f.same("removed", revived.RemovedAt.IsZero(), true)
	f.same("its versions", revived.Versions, 2)
	f.same("its next check", revived.NextCheck, f.now)
	f.wantArticles(tracker.ArticleFilter{}, a.ID)
}

func purge(f *fixture) {
	a, b := f.add("/a", "x"), f.add("/b", "x")
	for _, id := range []int64{a.ID, b.ID} {
		f.publish(id, story("One", "text"), nil)
		f.now = f.now.Add(time.Minute)
		f.publish(id, story("Two", "text"), change(f.now, 30, revision.Headline))
		f.look(id, tracker.OutcomeBlocked, &tracker.Event{Kind: tracker.EventBlocked, At: f.now})
		f.keep(id, "a further body")
	}
	f.ok(f.Remove(f.Context(), a.ID, true))
	_, err := f.Article(f.Context(), a.ID)
	f.wantErr(err, tracker.ErrNotFound, "article 1")
	_, err = f.ArticleByIdentity(f.Context(), "example.com/a")
	f.wantErr(err, tracker.ErrNotFound, "example.com/a")
	_, err = f.Version(f.Context(), a.ID, 1)
	f.wantErr(err, tracker.ErrNotFound, "version 1 of article 1")
	f.wantErr(f.Keep(f.Context(), &tracker.Capture{ArticleID: a.ID, Page: page(f.now, []byte("x"))}), tracker.ErrNotFound, "article 1")
	left, err := f.Counts(f.Context())
	f.ok(err)
	f.same("what is left", left, storage.Counts{Active: 1, Versions: 2, Changes: 1, Checks: 3})
	waiting, err := f.Pending(f.Context(), b.ID)
	f.ok(err)
	f.same("pending of the other", len(waiting), 1)

	f.ok(f.Remove(f.Context(), b.ID, false))
	f.ok(f.Remove(f.Context(), b.ID, true))
	f.wantErr(f.Remove(f.Context(), b.ID, true), tracker.ErrNotFound, "article 2")
	c := f.add("/a")
	if c.ID <= b.ID {
		f.Errorf("the number %d of an article was given again", c.ID)
	}
	f.same("versions of the new one", c.Versions, 0)
}

func nothingThere(f *fixture) {
	ctx := f.Context()
	_, err := f.Article(ctx, 9)
	f.wantErr(err, tracker.ErrNotFound, "article 9")
	_, err = f.ArticleByIdentity(ctx, "example.com/a")
	f.wantErr(err, tracker.ErrNotFound, "example.com/a")
	_, err = f.Capture(ctx, 9)
	f.wantErr(err, tracker.ErrNotFound, "capture 9")
	_, err = f.Version(ctx, 9, 3)
	f.wantErr(err, tracker.ErrNotFound, "version 3 of article 9")
	_, err = f.Change(ctx, 9, 1, 2)
	f.wantErr(err, tracker.ErrNotFound, "change from version 1 to 2 of article 9")
	f.wantErr(f.SetState(ctx, 9, tracker.Paused, start), tracker.ErrNotFound, "article 9")
	f.wantErr(f.Remove(ctx, 9, true), tracker.ErrNotFound, "article 9")
	_, _, err = f.ClaimArticle(ctx, 9, owner, start, ttl)
	f.wantErr(err, tracker.ErrNotFound, "article 9")
	f.ok(f.Release(ctx, 9, owner))

	versions, err := f.Versions(ctx, 9)
	f.ok(err)
	changes, err := f.Changes(ctx, tracker.ChangeFilter{})
	f.ok(err)
	checks, err := f.Checks(ctx, 9, 0)
	f.ok(err)
	events, err := f.Events(ctx, 9)
	f.ok(err)
	waiting, err := f.Pending(ctx, 9)
	f.ok(err)
	f.same("lists", len(versions)+len(changes)+len(checks)+len(events)+len(waiting), 0)
	v, last, err := f.Latest(ctx, 9)
	f.ok(err)
	f.same("latest", []int64{int64(v.N), last.ID}, []int64{0, 0})
	v, last, err = f.LatestHead(ctx, 9)
	f.ok(err)
	f.same("latest without its text", []int64{int64(v.N), last.ID}, []int64{0, 0})
	n, err := f.VersionByKey(ctx, 9, [32]byte{1})
	f.ok(err)
	f.same("version by key", n, 0)
}

func countsAndHealth(f *fixture) {
	for i, state := range []tracker.State{tracker.Active, tracker.Active, tracker.Paused, tracker.Gone, tracker.Retired} {
		a := f.add(string(rune('a' + i)))
		f.ok(f.SetState(f.Context(), a.ID, state, time.Time{}))
	}
	n, err := f.Counts(f.Context())
	f.ok(err)
	f.same("counts", n, storage.Counts{Active: 2, Paused: 1, Gone: 1, Retired: 1})
	f.ok(f.Health(f.Context()))
	f.ok(f.Health(f.Context()))
}
