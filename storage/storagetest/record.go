package storagetest

import (
	"fmt"
	"strings"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

func recordAndRead(f *fixture) {
	a := f.add("/a", "x")
	first := f.publish(a.ID, story("One", "It cost 12.", "So it was said."), nil)
	f.now = f.now.Add(15 * time.Minute)
	second := f.publish(a.ID, story("Two", "It cost 14.", "So it was said."), change(f.now, 70, revision.Headline, revision.Number))

	f.same("numbers", []int{first.Version.N, second.Version.N, second.Change.From, second.Change.To, first.Check.Version, second.Check.Version}, []int{1, 2, 1, 2, 1, 2})
	if first.Check.ID == 0 || second.Check.ID <= first.Check.ID || second.Change.ID == 0 {
		f.Errorf("checks %d and %d, change %d: not numbered", first.Check.ID, second.Check.ID, second.Change.ID)
	}
	versions, err := f.Versions(f.Context(), a.ID)
	f.ok(err)
	f.same("versions", versions, []tracker.Version{*first.Version, *second.Version})
	times, err := f.VersionTimes(f.Context(), a.ID)
	f.ok(err)
	f.same("times of versions", times, []tracker.VersionTime{{N: 1, CapturedAt: first.Version.CapturedAt}, {N: 2, CapturedAt: second.Version.CapturedAt}})
	times, err = f.VersionTimes(f.Context(), a.ID+1)
	f.ok(err)
	f.same("times of no versions", len(times), 0)
	v, err := f.Version(f.Context(), a.ID, 2)
	f.ok(err)
	f.same("version 2", v, *second.Version)

	want := *second.Change
	want.URL, want.Outlet, want.OldHeadline, want.NewHeadline, want.Lang = a.URL, "example.com", "One", "Two", "en-GB"
	c, err := f.Change(f.Context(), a.ID, 1, 2)
	f.ok(err)
	f.same("change", c, want)
	changes, err := f.Changes(f.Context(), tracker.ChangeFilter{})
	f.ok(err)
	f.same("changes", changes, []tracker.Change{want})
	checks, err := f.Checks(f.Context(), a.ID, 0)
	f.ok(err)
	f.same("checks", checks, []tracker.Check{second.Check, first.Check})

	got, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("the article that Record gives back", second.Article, got)
	a.Versions, a.Title, a.LastCheck, a.LastOutcome = 2, "Two", f.now, tracker.OutcomeChanged
	a.LastChange, a.NextCheck = second.Version.CapturedAt, f.now.Add(15*time.Minute)
	f.same("the article", got, a)
}

// An article is a live blog while its newest version is one.
func liveBlog(f *fixture) {
	a := f.add("/a")
	for _, live := range []bool{false, true, false} {
		s := story("One", f.now.String())
		if live {
			s.Sources["live"] = "json-ld"
			s.Blocks[0].Post = "post-1"
		}
		f.publish(a.ID, s, nil)
		f.now = f.now.Add(15 * time.Minute)
		got, err := f.Article(f.Context(), a.ID)
		f.ok(err)
		if got.Live != live {
			f.Errorf("with a version that is a live blog: %v, the article is one: %v", live, got.Live)
		}
		v, err := f.Version(f.Context(), a.ID, got.Versions)
		f.ok(err)
		f.same("post", v.Story.Blocks[0].Post, s.Blocks[0].Post)
	}
}

// Whatever is wrong with one part of a record, no other is stored.
func allOrNothing(f *fixture) {
	a := f.add("/a")
	capture := f.keep(a.ID, "<p>text")
	for _, tt := range []struct {
		name  string
		spoil func(*tracker.Record)
	}{
		{"a capture that is not there", func(r *tracker.Record) { r.Check.CaptureID = 999 }},
		{"a version of a capture that is not there", func(r *tracker.Record) { r.Version.CaptureID = 999 }},
		{"a wrong hash", func(r *tracker.Record) { r.Version.SHA256[0]++ }},
		{"text that is not UTF-8", func(r *tracker.Record) {
			r.Version.Story.Blocks[0].Text = "\xff"
			r.Version.SHA256 = r.Version.Story.SHA256()
		}},
		{"a link that is not UTF-8", func(r *tracker.Record) {
			r.Version.Story.Blocks[0].Links = []extract.Link{{Text: "text", URL: "https://example.com/\xff"}}
			r.Version.SHA256 = r.Version.Story.SHA256()
		}},
		{"a change of the first version", func(r *tracker.Record) { r.Change = change(start, 10, revision.Wording) }},
		{"a change without a version", func(r *tracker.Record) { r.Version, r.Change = nil, change(start, 10, revision.Wording) }},
		{"an event of no kind", func(r *tracker.Record) { r.Events[0].Kind = "eaten" }},
		{"a state that is none", func(r *tracker.Record) { r.Article.State = "eaten" }},
	} {
		r := &tracker.Record{
			Article: a,
			Check:   tracker.Check{At: start, Outcome: tracker.OutcomeNew, CaptureID: capture.ID},
			Version: version(capture, story("One", "text")),
			Events:  []tracker.Event{{Kind: tracker.EventGone, At: start}},
			Aliases: []string{"example.com/b"},
		}
		tt.spoil(r)
		f.claim(a.ID)
		before := fmt.Sprintf("%+v %+v %+v", r.Check, r.Article, r.Version)
		if err := f.Record(f.Context(), owner, r); err == nil {
			f.Errorf("%s was recorded", tt.name)
		}
		f.same(tt.name+" leaves the record", fmt.Sprintf("%+v %+v %+v", r.Check, r.Article, r.Version), before)
		f.wantNothing(a)
		f.wantPending(a.ID, capture)
	}
}

// Only the user ends a pause; what a check learns meanwhile is kept.
func pauseOutlivesCheck(f *fixture) {
	a := f.add("/a")
	claimed := f.claim(a.ID)
	f.ok(f.SetState(f.Context(), a.ID, tracker.Paused, time.Time{}))
	claimed.Failures, claimed.ETag, claimed.LastModified, claimed.Canonical = 3, `W/"x"`, "Sat, 14 Mar 2026 10:00:00 GMT", "https://example.com/c"
	claimed.Misses, claimed.MissingFrom = 2, start
	claimed.ReadBy, claimed.WholeAt = "3 0a1b2c3d", start
	f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: claimed, Check: tracker.Check{At: start, Outcome: tracker.OutcomeUnchanged}}))
	got, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	claimed.State, claimed.LastCheck, claimed.LastOutcome = tracker.Paused, start, tracker.OutcomeUnchanged
	f.same("paused while it was checked", got, claimed)

	paused := f.claim(a.ID)
	f.ok(f.SetState(f.Context(), a.ID, tracker.Active, start))
	f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: paused, Check: tracker.Check{At: start, Outcome: tracker.OutcomeUnchanged}}))
	got, err = f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("resumed while it was checked", got.State, tracker.Active)

	got.State = tracker.Gone
	f.claim(a.ID)
	f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: got, Check: tracker.Check{At: start, Outcome: tracker.OutcomeGone}}))
	got, err = f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("gone", got.State, tracker.Gone)
}

func lastLook(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	for i, outcome := range []tracker.Outcome{
		tracker.OutcomeUnchanged, tracker.OutcomeFailed, tracker.OutcomeNotModified, tracker.OutcomeBlocked, tracker.OutcomeGone, tracker.OutcomeRestored, tracker.OutcomeSkipped,
	} {
		f.now = f.now.Add(time.Minute)
		r := &tracker.Record{Article: f.claim(a.ID), Check: tracker.Check{At: f.now, Outcome: outcome, Modified: f.now.Add(-time.Duration(i) * time.Second)}}
		if i%2 == 1 {
			r.Check.Version = 1 // said of a failure, too, it is none that showed it
		}
		before := f.wantLast(a.ID, 1)
		f.ok(f.Record(f.Context(), owner, r))
		if outcome.Plain() {
			before = r.Check
		}
		f.same(fmt.Sprint("the last look after ", outcome), f.wantLast(a.ID, 1), before)
	}
	f.now = f.now.Add(time.Minute)
	r := f.publish(a.ID, story("Two", "text"), change(f.now, 30, revision.Headline))
	f.same("the last look after a change", f.wantLast(a.ID, 2), r.Check)
	f.look(a.ID, tracker.OutcomeFailed, nil)
	f.same("the last look after a failure", f.wantLast(a.ID, 2), r.Check)
}

// wantLast returns the last look that showed the newest version, which is n.
func (f *fixture) wantLast(id int64, n int) tracker.Check {
	f.Helper()
	v, last, err := f.Latest(f.Context(), id)
	f.ok(err)
	if v.N != n || last.Version != n {
		f.Errorf("the latest is version %d, shown by a look at %d; want %d", v.N, last.Version, n)
	}
	head, lastToo, err := f.LatestHead(f.Context(), id)
	f.ok(err)
	v.Story.Blocks = nil
	f.same("the latest without its text", head, v)
	f.same("the last look with it", lastToo, last)
	return last
}

func versionsByKey(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	for i, headline := range []string{"A", "B", "A", "C"} {
		s := story(headline, "text")
		s.Modified = s.Modified.Add(time.Duration(i) * time.Minute)
		f.publish(a.ID, s, change(f.now, 1, revision.Headline))
	}
	key := func(headline string) [32]byte { return version(&tracker.Capture{}, story(headline, "text")).Key }
	for headline, want := range map[string]int{"A": 3, "B": 2, "C": 4, "D": 0} {
		got, err := f.VersionByKey(f.Context(), a.ID, key(headline))
		f.ok(err)
		f.same("the newest version with "+headline, got, want)
	}
	got, err := f.VersionByKey(f.Context(), b.ID, key("A"))
	f.ok(err)
	f.same("a content of another article", got, 0)
}

func aliases(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	r := &tracker.Record{
		Article: f.claim(a.ID), Check: tracker.Check{At: start, Outcome: tracker.OutcomeUnchanged},
		Aliases: []string{"example.com/amp/a", "", "example.com/b", "example.com/a", "example.com/amp/a"},
	}
	f.ok(f.Record(f.Context(), owner, r))
	for identity, want := range map[string]int64{"example.com/amp/a": a.ID, "example.com/a": a.ID, "example.com/b": b.ID} {
		got, err := f.ArticleByIdentity(f.Context(), identity)
		f.ok(err)
		f.same(identity, got.ID, want)
	}
	twin, added, err := f.Add(f.Context(), storage.NewArticle{URL: "https://example.com/amp/a", Identity: "example.com/amp/a", At: start})
	f.ok(err)
	f.same("the twin is the article", []any{twin.ID, added}, []any{a.ID, false})
	_, err = f.ArticleByIdentity(f.Context(), "")
	f.wantErr(err, tracker.ErrNotFound, "article")
}

// hostile are texts that are UTF-8 and nothing else that can be relied upon.
var hostile = []string{
	"", " ", "\x00", "a\x00b", "'); DROP TABLE version; --", `"`, `\`, `\u0000`, "\r\n", "\u2028\u2029", "\u202eevil", "\ufeff", "\ufffd", "<script>alert(1)</script>", "{{.}}", "%s%n", "\x1b[31m",
	strings.Repeat("long ", 1<<16),
}

func hostileTexts(f *fixture) {
	a := f.add("/a")
	for i, s := range hostile {
		text := story(s, s, "between", s)
		text.Standfirst, text.Byline, text.Lang, text.Site, text.Canonical = s, s, s, s, s
		text.Sources = map[string]string{s: s}
		text.Blocks[1].End, text.Blocks[1].Kind = s, extract.BlockKind("k"+s)
		text.Blocks[1].Links = []extract.Link{{Text: s, URL: s}, {Text: "between", URL: "https://example.com/" + s}}
		c := change(f.now, i, revision.Wording)
		c.Summary, c.Proof, c.Reasons[0].Text, c.Excerpt[0].Text, c.Excerpt[0].Was = s, s, s, s, s
		c.Traces.Notes[0], c.Traces.Edits[0].Words[0] = s, s
		r := f.publish(a.ID, text, c)

		v, err := f.Version(f.Context(), a.ID, r.Version.N)
		f.ok(err)
		f.same(fmt.Sprintf("version with %.20q", s), v, *r.Version)
		if i == 0 {
			continue
		}
		got, err := f.Change(f.Context(), a.ID, i, i+1)
		f.ok(err)
		want := *r.Change
		want.URL, want.Outlet, want.OldHeadline, want.NewHeadline, want.Lang = a.URL, a.Outlet, hostile[i-1], s, s
		f.same(fmt.Sprintf("change with %.20q", s), got, want)
	}
	versions, err := f.Versions(f.Context(), a.ID)
	f.ok(err)
	f.same("versions", len(versions), len(hostile))
}

// A live page grows to many versions that have less and less of the first; an
// empty one is a version too.
func growingStory(f *fixture) {
	a := f.add("/a")
	var want []tracker.Version
	for i := range 45 {
		s := story(fmt.Sprintf("Headline %d", i))
		for p := range i {
			s.Blocks = append(s.Blocks, extract.Block{
				Kind: extract.Paragraph, End: "\n\n", Text: fmt.Sprintf("%d: what was said about %d at the time of writing %d.", p/3*i, p*p, i/10),
			})
		}
		want = append(want, *f.publish(a.ID, s, change(f.now, 1, revision.ParagraphAdded)).Version)
	}
	got, err := f.Versions(f.Context(), a.ID)
	f.ok(err)
	f.same("versions", got, want)
	for i := range want {
		want[i].Story.Blocks = nil
	}
	for _, tt := range []struct {
		last, limit int
		want        []tracker.Version
	}{{0, 0, want}, {0, 10, want[35:]}, {20, 10, want[10:20]}, {20, 100, want[:20]}, {100, 2, want[43:]}} {
		got, err = f.Heads(f.Context(), a.ID, tt.last, tt.limit)
		f.ok(err)
		f.same(fmt.Sprintf("%d heads of versions up to %d", tt.limit, tt.last), got, tt.want)
	}
}

func goneAndRestored(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	for _, step := range []struct {
		minute  int
		outcome tracker.Outcome
		kind    tracker.EventKind
	}{
		{1, tracker.OutcomeGone, tracker.EventGone}, {2, tracker.OutcomeGone, tracker.EventGone}, {3, tracker.OutcomeFailed, ""},
		{4, tracker.OutcomeRestored, tracker.EventRestored}, {5, tracker.OutcomeUnchanged, ""}, {6, tracker.OutcomeGone, tracker.EventGone},
	} {
		f.now = at(step.minute)
		var e *tracker.Event
		if step.kind != "" {
			e = &tracker.Event{ArticleID: a.ID, Kind: step.kind, At: f.now, Reason: "http-410", Detail: fmt.Sprint("minute ", step.minute)}
		}
		f.look(a.ID, step.outcome, e)
	}
	events, err := f.Events(f.Context(), a.ID)
	f.ok(err)
	f.same("events", events, []tracker.Event{
		{ArticleID: a.ID, Kind: tracker.EventGone, At: at(1), Until: at(4), Reason: "http-410", Detail: "minute 1"},
		{ArticleID: a.ID, Kind: tracker.EventRestored, At: at(4), Reason: "http-410", Detail: "minute 4"},
		{ArticleID: a.ID, Kind: tracker.EventGone, At: at(6), Reason: "http-410", Detail: "minute 6"},
	})
}

func blockedSpells(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	for minute, outcome := range []tracker.Outcome{
		tracker.OutcomeBlocked, tracker.OutcomeBlocked, tracker.OutcomeFailed, tracker.OutcomeBlocked, tracker.OutcomeUnchanged, tracker.OutcomeNotModified, tracker.OutcomeBlocked,
	} {
		f.now = at(minute)
		var e *tracker.Event
		if outcome == tracker.OutcomeBlocked {
			e = &tracker.Event{Kind: tracker.EventBlocked, At: f.now, Reason: "consent-wall", Detail: fmt.Sprint("minute ", minute)}
		}
		f.look(a.ID, outcome, e)
		if minute == 0 {
			f.look(b.ID, outcome, e) // another article's spell is its own
		}
	}
	events, err := f.Events(f.Context(), a.ID)
	f.ok(err)
	f.same("spells", events, []tracker.Event{
		{ArticleID: a.ID, Kind: tracker.EventBlocked, At: at(0), Until: at(4), Reason: "consent-wall", Detail: "minute 0"},
		{ArticleID: a.ID, Kind: tracker.EventBlocked, At: at(6), Reason: "consent-wall", Detail: "minute 6"},
	})
	events, err = f.Events(f.Context(), b.ID)
	f.ok(err)
	f.same("spells of the other", len(events) == 1 && events[0].Until.IsZero(), true)
}
