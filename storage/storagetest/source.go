package storagetest

import (
	"fmt"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/discover"
)

// source keeps a source on example.com.
func (f *fixture) source(path string) discover.Source {
	f.Helper()
	s, added, err := f.AddSource(f.Context(), discover.Source{
		URL: "https://www.example.com" + path, Named: "https://www.example.com" + path, Host: "example.com", Kind: discover.KindFeed, Tags: []string{"x"}, AddedAt: f.now,
	})
	f.ok(err)
	if !added {
		f.Fatalf("the source %s was there", path)
	}
	return s
}

func link(path, title string, updated time.Time) discover.Link {
	return discover.Link{URL: "https://www.example.com" + path, Identity: "example.com" + path, Title: title, Updated: updated}
}

// poll records that a source showed what it never showed before.
func (f *fixture) poll(s discover.Source, links ...discover.Link) *discover.Poll {
	f.Helper()
	s.Outcome, s.LastPoll, s.LastRead, s.NextPoll, s.ETag = discover.OutcomeRead, f.now, f.now, f.now.Add(time.Hour), `"e"`
	p := &discover.Poll{Source: s, At: f.now, New: links}
	f.ok(f.RecordPoll(f.Context(), p))
	return p
}

func sources(f *fixture) {
	s := f.source("/feed")
	want := discover.Source{ID: s.ID, URL: "https://www.example.com/feed", Named: "https://www.example.com/feed", Host: "example.com", Kind: discover.KindFeed, Tags: []string{"x"}, AddedAt: start, NextPoll: start}
	f.same("a new source", s, want)

	again, added, err := f.AddSource(f.Context(), discover.Source{URL: "https://www.example.com/", Named: s.URL, Tags: []string{"b", "x"}, Match: "/news/", Every: time.Hour, Limit: 7, AddedAt: start.Add(time.Minute)})
	f.ok(err)
	f.same("added again", added, false)
	want.Tags, want.Match, want.Every, want.Limit = []string{"b", "x"}, "/news/", time.Hour, 7
	f.same("with what else was asked for", again, want)
	again, _, err = f.AddSource(f.Context(), discover.Source{URL: s.URL, Named: s.URL, Exclude: "sport", All: true, AddedAt: start})
	f.ok(err)
	want.Exclude, want.All = "sport", true
	f.same("what was not given stays", again, want)

	other := f.source("/other")
	due, err := f.DueSources(f.Context(), start)
	f.ok(err)
	f.same("due", len(due), 2)
	f.poll(s, link("/a", "A", start))
	due, err = f.DueSources(f.Context(), start.Add(time.Minute))
	f.ok(err)
	f.same("due after a poll", len(due), 1)
	f.same("which is", due[0].ID, other.ID)

	f.ok(f.RemoveSource(f.Context(), s.ID))
	_, err = f.Source(f.Context(), s.ID)
	f.wantErr(err, tracker.ErrNotFound, "source 1")
	f.wantErr(f.RemoveSource(f.Context(), s.ID), tracker.ErrNotFound, "source 1")
	f.wantErr(f.RecordPoll(f.Context(), &discover.Poll{Source: s, At: f.now}), tracker.ErrNotFound, "source 1")
	left, err := f.Sources(f.Context())
	f.ok(err)
	f.same("what is left", left, []discover.Source{other})
	_, err = f.ArticleByIdentity(f.Context(), "example.com/a")
	f.ok(err)
}

func takingUp(f *fixture) {
	s := f.source("/feed")
	s, _, err := f.AddSource(f.Context(), discover.Source{URL: s.URL, Named: s.URL, Limit: 2, AddedAt: start})
	f.ok(err)
	tracked, removed := f.add("/tracked"), f.add("/removed")
	f.ok(f.Remove(f.Context(), removed.ID, false))

	p := f.poll(s, link("/a", "A", start), link("/tracked", "T", time.Time{}), link("/removed", "R", time.Time{}), link("/b", "B", time.Time{}), link("/c", "C", time.Time{}))
	f.same("taken, tracked and left", []int{p.Taken, p.Tracked, p.Source.Left, p.Source.Articles}, []int{2, 2, 1, 2})
	f.same("when it gave something last", p.Source.LastNew, start)
	a, err := f.ArticleByIdentity(f.Context(), "example.com/a")
	f.ok(err)
	f.same("the article", a, tracker.Article{
		ID: a.ID, URL: "https://www.example.com/a", Outlet: "example.com", Host: "example.com", State: tracker.Active, Tags: []string{"x"}, AddedAt: start, NextCheck: start,
	})
	tracked, err = f.Article(f.Context(), tracked.ID)
	f.ok(err)
	f.same("tags of one tracked before", tracked.Tags, []string{"x"})
	removed, err = f.Article(f.Context(), removed.ID)
	f.ok(err)
	f.same("the removed one is tracked", removed.RemovedAt.IsZero(), false)

	seen, err := f.SeenLinks(f.Context(), s.ID)
	f.ok(err)
	f.same("seen", seen["example.com/a"], discover.Seen{Article: a.ID, Title: "A", Updated: start, ShownAt: start})
	f.same("how many", len(seen), 4)

	// Later the same day nothing is taken; the next day what was left is.
	f.now = start.Add(time.Hour)
	p = f.poll(p.Source, link("/c", "C", time.Time{}))
	f.same("taken over the limit", []int{p.Taken, p.Source.Left}, []int{0, 1})
	f.now = start.Add(24 * time.Hour)
	p = f.poll(p.Source, link("/c", "C", time.Time{}), link("/a", "again", time.Time{}))
	f.same("taken the next day", []int{p.Taken, p.Tracked, p.Source.Left, p.Source.Articles}, []int{1, 1, 0, 3})

	// What is shown still is noted; what is not is forgotten after a while.
	known := *p
	known.New, known.Known = nil, []discover.Link{link("/a", "A new", start.Add(time.Hour))}
	known.At = start.Add(60 * 24 * time.Hour)
	known.Parts = []discover.Part{{URL: "https://www.example.com/1.xml", Updated: start, ReadAt: f.now, ETag: "x"}}
	f.ok(f.RecordPoll(f.Context(), &known))
	seen, err = f.SeenLinks(f.Context(), s.ID)
	f.ok(err)
	f.same("noted", seen["example.com/a"], discover.Seen{Article: a.ID, Title: "A new", Updated: start.Add(time.Hour), ShownAt: known.At})
	known.At = known.At.Add(time.Hour)
	f.ok(f.RecordPoll(f.Context(), &known))
	seen, err = f.SeenLinks(f.Context(), s.ID)
	f.ok(err)
	f.same("not forgotten", fmt.Sprint(seen["example.com/c"].Article > 0, len(seen)), "true 2")
	parts, err := f.SourceParts(f.Context(), s.ID)
	f.ok(err)
	f.same("parts", parts, known.Parts)

	// A purge of the article leaves the link: it is not taken up again.
	f.ok(f.Remove(f.Context(), a.ID, true))
	seen, err = f.SeenLinks(f.Context(), s.ID)
	f.ok(err)
	_, there := seen["example.com/a"]
	f.same("of a purged article", there, true)
}

// A poll that failed keeps what the last one that read the source found.
func failedPolls(f *fixture) {
	s := f.poll(f.source("/feed"), link("/a", "A", start)).Source
	f.now = start.Add(time.Hour)
	s.Outcome, s.Reason, s.Detail, s.Failures, s.SickSince, s.LastPoll, s.NextPoll = discover.OutcomeFailed, "http-503", "Busy.", 1, f.now, f.now, f.now.Add(time.Hour)
	f.ok(f.RecordPoll(f.Context(), &discover.Poll{Source: s, At: f.now}))
	got, err := f.Source(f.Context(), s.ID)
	f.ok(err)
	f.same("a sick source", got, s)
	f.same("its state", got.State(), "sick")
	f.same("its validators", got.ETag, `"e"`)
}

func pulledForward(f *fixture) {
	s := f.poll(f.source("/feed"), link("/a", "A", start)).Source
	a, err := f.ArticleByIdentity(f.Context(), "example.com/a")
	f.ok(err)
	trust := 0.5
	pull := func(what string, want bool) {
		f.Helper()
		got, err := f.PullForward(f.Context(), s.ID, a.ID, f.now, trust)
		f.ok(err)
		f.same(what, got, want)
	}
	pull("one that is due", false)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	f.now = start.Add(time.Minute)
	pull("one that is to be looked at in 14 minutes", true)
	now, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("next check", now.NextCheck, f.now)
	seen, err := f.SeenLinks(f.Context(), s.ID)
	f.ok(err)
	f.same("when it was hinted at", seen["example.com/a"].HintedAt, f.now)
	f.look(a.ID, tracker.OutcomeUnchanged, nil)
	f.now = start.Add(5*time.Minute + 59*time.Second)
	pull("again within five minutes", false)
	f.now = start.Add(6 * time.Minute)
	pull("again after five minutes", true)

	for _, state := range []tracker.State{tracker.Paused, tracker.Gone, tracker.Retired} {
		f.now = f.now.Add(time.Hour)
		f.ok(f.SetState(f.Context(), a.ID, state, f.now.Add(time.Hour)))
		pull(string(state), false)
	}
	f.ok(f.SetState(f.Context(), a.ID, tracker.Active, f.now.Add(time.Hour)))
	pull("active again", true)

	// A source that is right in one of four cases brings it to half of the wait, once.
	trust = 0.25
	looked := f.now.Add(time.Hour)
	f.now = looked
	f.looked(now, looked, looked.Add(4*time.Hour))
	f.now = looked.Add(10 * time.Minute)
	pull("of little trust", true)
	now, err = f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("next check with little trust", now.NextCheck, looked.Add(2*time.Hour))
	f.now = looked.Add(30 * time.Minute)
	pull("of little trust, again before a look", false)
	trust = 0.5
	pull("of a trusted source meanwhile", true)
	f.looked(now, f.now, f.now.Add(time.Minute))
	trust = 0
	f.now = f.now.Add(10 * time.Second)
	pull("of no trust", false)
	trust = 0.5
	f.now = f.now.Add(time.Hour)
	f.ok(f.SetState(f.Context(), a.ID, tracker.Active, f.now.Add(time.Hour)))

	backing := f.claim(a.ID)
	r := &tracker.Record{Article: backing, Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeFailed, Reason: "http-503"}}
	r.Article.Failures, r.Article.NextCheck = 1, f.now.Add(time.Hour)
	f.ok(f.Record(f.Context(), owner, r))
	f.now = f.now.Add(10 * time.Minute)
	pull("backing off", false)
	f.ok(f.Remove(f.Context(), a.ID, false))
	pull("removed", false)
	got, err := f.PullForward(f.Context(), s.ID, 99, f.now, trust)
	f.ok(err)
	f.same("one that never was", got, false)
}

func knownAddresses(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	f.addOn("other.example", "/c")
	f.publish(a.ID, story("One", "text"), nil)
	r := &tracker.Record{Article: f.claim(b.ID), Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeFailed, Reason: "no-article"}}
	r.Article.NextCheck = f.now.Add(time.Hour)
	f.ok(f.Record(f.Context(), owner, r))
	articles, others, err := f.KnownAddresses(f.Context(), "example.com")
	f.ok(err)
	f.same("known", fmt.Sprint(articles, others), "[https://www.example.com/a] [https://www.example.com/b]")
}
