package report_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
	"storydiff/tracker/search"
	"storydiff/tracker/worddiff"
)

// A fake is a Source in memory.
type fake struct {
	articles   []tracker.Article
	versions   map[int64][]tracker.Version
	changes    []tracker.Change
	checks     map[int64][]tracker.Check
	events     map[int64][]tracker.Event
	captures   map[int64]tracker.Capture
	readings   map[[2]int64][]tracker.Reading // by article and version
	watching   map[int64]tracker.Watching
	notes      map[int64][]tracker.Annotation
	generation atomic.Int64
	unread     int   // articles that are not indexed
	refuses    error // what Search returns, if set
	broken     error // what every method returns, if set
}

func newFake() *fake {
	return &fake{
		versions: map[int64][]tracker.Version{},
		checks:   map[int64][]tracker.Check{},
		events:   map[int64][]tracker.Event{},
		captures: map[int64]tracker.Capture{},
	}
}

func (f *fake) Health(context.Context) error { return f.broken }

func (f *fake) Articles(_ context.Context, want tracker.ArticleFilter) ([]tracker.Article, error) {
	var out []tracker.Article
	for _, a := range f.articles {
		if (want.Tag == "" || slices.Contains(a.Tags, want.Tag)) && (want.Outlet == "" || a.Outlet == want.Outlet) && (want.State == "" || a.State == want.State) {
			if a.ID > want.After {
				out = append(out, a)
			}
		}
	}
	if want.Limit > 0 && len(out) > want.Limit {
		out = out[:want.Limit]
	}
	return out, f.broken
}

func (f *fake) ArticlesByChange(ctx context.Context, want tracker.ArticleFilter, after tracker.ArticleMark, limit int) ([]tracker.Article, error) {
	all, err := f.Articles(ctx, want)
	order := func(a, b tracker.Article) int {
		return cmp.Or(b.LastChange.Compare(a.LastChange), cmp.Compare(b.ID, a.ID))
	}
	slices.SortFunc(all, order)
	if after.ID > 0 {
		mark := tracker.Article{ID: after.ID, LastChange: after.Changed}
		all = slices.DeleteFunc(all, func(a tracker.Article) bool { return order(a, mark) <= 0 })
	}
	return all[:min(len(all), limit)], err
}

func (f *fake) CountArticles(ctx context.Context, want tracker.ArticleFilter) (int, error) {
	all, err := f.Articles(ctx, want)
	return len(all), err
}

func (f *fake) Heads(_ context.Context, id int64, last, limit int) ([]tracker.Version, error) {
	all := slices.Clone(f.versions[id])
	if last > 0 {
		all = all[:min(len(all), last)]
	}
	all = all[max(0, len(all)-limit):]
	for i := range all {
		all[i].Story.Blocks = nil
	}
	return all, f.broken
}

func (f *fake) Generation(context.Context) (int64, error) {
	return f.generation.Add(1), f.broken // a test may have written meanwhile
}

func (f *fake) Article(_ context.Context, id int64) (tracker.Article, error) {
	if f.broken != nil {
		return tracker.Article{}, f.broken
	}
	for _, a := range f.articles {
		if a.ID == id {
			return a, nil
		}
	}
	return tracker.Article{}, fmt.Errorf("article %d: %w", id, tracker.ErrNotFound)
}

func (f *fake) ArticleByIdentity(_ context.Context, identity string) (tracker.Article, error) {
	for _, a := range f.articles {
		if own, err := tracker.Identity(a.URL); err == nil && own == identity {
			return a, f.broken
		}
	}
	return tracker.Article{}, fmt.Errorf("article %s: %w", identity, tracker.ErrNotFound)
}

func (f *fake) VersionTimes(_ context.Context, id int64) ([]tracker.VersionTime, error) {
	var out []tracker.VersionTime
	for _, v := range f.versions[id] {
		out = append(out, tracker.VersionTime{N: v.N, CapturedAt: v.CapturedAt})
	}
	return out, f.broken
}

func (f *fake) Versions(_ context.Context, id int64) ([]tracker.Version, error) {
	return f.versions[id], f.broken
}

func (f *fake) Looks(_ context.Context, id int64, first, last int) ([]tracker.Look, error) {
	var looks []tracker.Look
	n := len(f.checks[id])
	for i := range f.checks[id] { // the newest check stands first
		if c := f.checks[id][n-1-i]; i < first || i >= n-last {
			looks = append(looks, tracker.Look{At: c.At, Outcome: c.Outcome})
		}
	}
	return looks, f.broken
}

func (f *fake) Version(_ context.Context, id int64, n int) (tracker.Version, error) {
	for _, v := range f.versions[id] {
		if v.N == n {
			return v, f.broken
		}
	}
	return tracker.Version{}, fmt.Errorf("version %d of article %d: %w", n, id, tracker.ErrNotFound)
}

func (f *fake) Changes(_ context.Context, want tracker.ChangeFilter) ([]tracker.Change, error) {
	var out []tracker.Change
	for _, c := range f.changes {
		if f.wanted(c, want) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b tracker.Change) int { return cmp.Compare(b.ID, a.ID) })
	if want.Limit > 0 && len(out) > want.Limit {
		out = out[:want.Limit]
	}
	return out, f.broken
}

func (f *fake) Flips(_ context.Context, articles []int64) ([]tracker.Change, error) {
	var out []tracker.Change
	for _, c := range f.changes {
		if slices.Contains(articles, c.ArticleID) && !c.Ours && slices.Contains(c.Kinds, revision.Headline) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b tracker.Change) int {
		return cmp.Or(cmp.Compare(a.ArticleID, b.ArticleID), cmp.Compare(a.ID, b.ID))
	})
	return out, f.broken
}

func (f *fake) wanted(c tracker.Change, want tracker.ChangeFilter) bool {
	a, _ := f.Article(context.Background(), c.ArticleID)
	return (want.ArticleID == 0 || c.ArticleID == want.ArticleID) &&
		(want.Since.IsZero() || !c.SeenBy.Before(want.Since)) &&
		(want.Until.IsZero() || c.SeenBy.Before(want.Until)) &&
		(want.Words == nil || f.turned(c, want.Words)) &&
		(want.Kind == "" || slices.Contains(c.Kinds, revision.Kind(want.Kind))) &&
		(want.Disclosure == "" || string(c.Disclosure) == want.Disclosure) &&
		c.Significance >= want.MinSignificance &&
		(want.Outlet == "" || c.Outlet == want.Outlet) &&
		(want.Tag == "" || slices.Contains(a.Tags, want.Tag)) &&
		(want.Before == 0 || c.ID < want.Before) && (want.Ours || !c.Ours)
}

// turned reports whether a passage with all the words came or went by a change.
func (f *fake) turned(c tracker.Change, words *search.Query) bool {
	texts := func(n int) []search.Passage { return search.Passages(&f.versions[c.ArticleID][n-1].Story) }
	old, young := texts(c.From), texts(c.To)
	for _, sides := range [][2][]search.Passage{{old, young}, {young, old}} {
		for _, p := range sides[0] {
			if !slices.ContainsFunc(sides[1], func(o search.Passage) bool { return o.Text == p.Text }) && stand(words, []search.Passage{p}) {
				return true
			}
		}
	}
	return false
}

// stand reports whether all terms stand in some passages.
func stand(words *search.Query, in []search.Passage) bool {
	return !slices.ContainsFunc(words.Terms, func(t search.Term) bool {
		one := search.Query{Terms: []search.Term{t}}
		_, _, ok := one.Excerpt(in)
		return !ok
	})
}

// Search finds what stood in each version, the slow way.
func (f *fake) Search(_ context.Context, q tracker.SearchQuery) (out tracker.SearchResult, err error) {
	out.Unread = f.unread
	for i := len(f.articles) - 1; i >= 0; i-- {
		a := f.articles[i]
		h := tracker.SearchHit{ArticleID: a.ID, URL: a.URL, Outlet: a.Outlet, Title: a.Title, Versions: a.Versions}
		for _, v := range f.versions[a.ID] {
			if stand(&q.Words, search.Passages(&v.Story)) {
				h.Stands, h.Version = f.stood(h.Stands, v), v.N
			}
		}
		if len(h.Stands) == 0 || q.Outlet != "" && q.Outlet != a.Outlet || q.Removed && !h.Removed() || q.Before > 0 && a.ID >= q.Before {
			continue
		}
		if limit := cmp.Or(q.Limit, 20); len(out.Hits) == limit && !q.Best {
			out.Next = out.Hits[limit-1].ArticleID
			break
		}
		v := f.versions[a.ID][h.Version-1]
		passages := search.Passages(&v.Story)
		at, pieces, _ := q.Words.Excerpt(passages)
		h.Lang, h.Part, h.Excerpt = v.Story.Lang, passages[at].Part, pieces
		if q.Best {
			h.Match = tracker.Match(q.Words.Match(passages))
		}
		out.Hits = append(out.Hits, h)
	}
	if q.Best && len(out.Hits) > 0 {
		best(&out, q)
	}
	return out, cmp.Or(f.refuses, f.broken)
}

// best keeps of all hits a page of the best.
func best(out *tracker.SearchResult, q tracker.SearchQuery) {
	newest := out.Hits[0].ArticleID
	out.Ranked = len(out.Hits)
	slices.SortStableFunc(out.Hits, func(a, b tracker.SearchHit) int { return cmp.Compare(b.Match.Points(), a.Match.Points()) })
	out.Hits = out.Hits[min(q.Skip, len(out.Hits)):]
	if limit := cmp.Or(q.Limit, 20); len(out.Hits) > limit {
		out.Hits, out.Next, out.Skip = out.Hits[:limit], newest+1, q.Skip+limit
	}
}

// stood adds a version to those in which something stood.
func (f *fake) stood(stands []tracker.Stand, v tracker.Version) []tracker.Stand {
	all := f.versions[v.ArticleID]
	if n := len(stands); n == 0 || stands[n-1].Last != v.N-1 {
		s := tracker.Stand{First: v.N, Came: tracker.Turn{From: v.N - 1, To: v.N, By: v.CapturedAt}}
		if v.N > 1 {
			s.Came.After = v.CapturedAt.Add(-15 * time.Minute)
		}
		stands = append(stands, s)
	}
	s := &stands[len(stands)-1]
	s.Last, s.Open, s.Went = v.N, v.N == len(all), tracker.Turn{}
	if !s.Open {
		s.Went = tracker.Turn{From: v.N, To: v.N + 1, After: all[v.N].CapturedAt.Add(-15 * time.Minute), By: all[v.N].CapturedAt}
	}
	return stands
}

func (f *fake) Checks(_ context.Context, id int64, limit int) ([]tracker.Check, error) {
	list := f.checks[id]
	return list[:min(len(list), limit)], f.broken
}

func (f *fake) ChecksBefore(_ context.Context, id, before int64, limit int) ([]tracker.Check, error) {
	var out []tracker.Check
	for _, c := range f.checks[id] {
		if (before == 0 || c.ID < before) && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, f.broken
}

func (f *fake) LooksByVersion(_ context.Context, id int64, from, until time.Time) (map[int]int, error) {
	looks := map[int]int{}
	for _, c := range f.checks[id] {
		if c.Outcome.Plain() && c.Version > 0 && !c.At.Before(from) && !c.At.After(until) {
			looks[c.Version]++
		}
	}
	return looks, f.broken
}

func (f *fake) Events(_ context.Context, id int64) ([]tracker.Event, error) {
	return f.events[id], f.broken
}

func (f *fake) Watching(_ context.Context, id int64, _ time.Time) (tracker.Watching, error) {
	return f.watching[id], f.broken
}

func (f *fake) Annotations(_ context.Context, id int64) ([]tracker.Annotation, error) {
	return f.notes[id], f.broken
}

func (f *fake) Readings(_ context.Context, id int64, n int) ([]tracker.Reading, error) {
	return f.readings[[2]int64{id, int64(n)}], f.broken
}

// Lives returns all lives whenever it is asked, as if something had happened to
// each.
func (f *fake) Lives(context.Context, int64) (tracker.Lives, error) {
	all := tracker.Lives{Mark: 1}
	for _, a := range f.articles {
		l := tracker.Life{ArticleID: a.ID, Outlet: a.Outlet}
		for _, c := range f.checks[a.ID] {
			if c.Saw() {
				l.SeenWeek = max(l.SeenWeek, tracker.WeekOf(c.At))
			}
		}
		if versions := f.versions[a.ID]; len(versions) > 0 {
			l.FirstSeen, l.Published = versions[0].CapturedAt, versions[0].Story.Published
		}
		var theirs []tracker.Change
		for _, c := range f.changes {
			if c.ArticleID == a.ID && !c.Ours {
				theirs = append(theirs, c)
				l.Edits = append(l.Edits, tracker.Edit{To: c.To, SeenAfter: c.SeenAfter, SeenBy: c.SeenBy, Disclosure: c.Disclosure})
			}
		}
		l.Judge(theirs)
		for _, e := range f.events[a.ID] {
			switch e.Kind {
			case tracker.EventGone:
				l.Gone = append(l.Gone, tracker.LifeSpell{At: e.At, Until: e.Until})
			case tracker.EventBlocked:
				l.Blocked = append(l.Blocked, tracker.LifeSpell{At: e.At, Until: e.Until})
			}
		}
		all.Altered = append(all.Altered, l)
	}
	return all, f.broken
}

func (f *fake) LooksByOutlet(ctx context.Context, from tracker.Week) (map[string]tracker.Looks, error) {
	out := map[string]tracker.Looks{}
	for _, a := range f.articles {
		weeks, _ := f.LooksByWeek(ctx, a.Outlet, from)
		all := tracker.Looks{}
		for _, w := range weeks {
			all.N, all.Spread = all.N+w.N, all.Spread+w.Articles
		}
		out[a.Outlet] = all
	}
	return out, f.broken
}

func (f *fake) LooksByWeek(_ context.Context, outlet string, from tracker.Week) ([]tracker.WeekOfLooks, error) {
	weeks := map[tracker.Week]*tracker.WeekOfLooks{}
	for _, a := range f.articles {
		seen := map[tracker.Week]bool{}
		for _, c := range f.checks[a.ID] {
			week := tracker.WeekOf(c.At)
			if a.Outlet != outlet || !c.Saw() || week < from {
				continue
			}
			w := weeks[week]
			if w == nil {
				w = &tracker.WeekOfLooks{Week: week}
				weeks[week] = w
			}
			w.N++
			if !seen[week] {
				seen[week] = true
				w.Articles, w.Spread = w.Articles+1, w.Spread+1
			}
			if c.At.After(w.Last) {
				w.Last = c.At
			}
		}
	}
	var out []tracker.WeekOfLooks
	for _, w := range weeks {
		out = append(out, *w)
	}
	slices.SortFunc(out, func(a, b tracker.WeekOfLooks) int { return cmp.Compare(a.Week, b.Week) })
	return out, f.broken
}

func (f *fake) Learned(context.Context, int64, []int64) (map[int64]tracker.Known, error) {
	return nil, f.broken
}

func (f *fake) Capture(_ context.Context, id int64) (tracker.Capture, error) {
	c, ok := f.captures[id]
	if !ok {
		return c, fmt.Errorf("capture %d: %w", id, tracker.ErrNotFound)
	}
	return c, f.broken
}

func (f *fake) CaptureHead(ctx context.Context, id int64) (tracker.Capture, error) {
	c, err := f.Capture(ctx, id)
	c.Wire, c.Body = nil, nil
	return c, err
}

// add tracks an article and returns its ID.
func (f *fake) add(address, outlet string, tags ...string) int64 {
	id := int64(len(f.articles) + 1)
	f.articles = append(f.articles, tracker.Article{
		ID: id, URL: address, Canonical: address, Outlet: outlet, Host: outlet, State: tracker.Active,
		Tags: tags, AddedAt: clock(0, 8, 0), NextCheck: clock(3, 10, 35),
	})
	return id
}

// see records that a look showed the article with story.
func (f *fake) see(id int64, at time.Time, story extract.Story) *tracker.Version {
	a := &f.articles[id-1]
	body := []byte("<!doctype html><title>" + story.Headline + "</title>" + story.Body())
	capture := tracker.Capture{
		ID: int64(len(f.captures) + 1), ArticleID: id,
		Page: fetch.Page{URL: a.URL, Final: a.URL, Status: 200, Proto: "HTTP/1.1", Wire: body, Body: body,
			Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Began: at, Ended: at.Add(400 * time.Millisecond)},
		SHA256: sha256.Sum256(body), BodySHA256: sha256.Sum256(body),
	}
	f.captures[capture.ID] = capture
	v := tracker.Version{
		ArticleID: id, N: len(f.versions[id]) + 1, CapturedAt: at, CaptureID: capture.ID, CaptureSHA: capture.SHA256,
		Story: story, Extractor: extract.Revision, SHA256: story.SHA256(),
		Words: worddiff.Words(story.Headline + " " + story.Standfirst + " " + story.Body()),
	}
	f.versions[id] = append(f.versions[id], v)
	a.Title, a.Versions, a.LastChange, a.LastCheck, a.LastOutcome = story.Headline, v.N, at, at, tracker.OutcomeChanged
	outcome := tracker.OutcomeChanged
	if v.N == 1 {
		outcome = tracker.OutcomeNew
	}
	f.look(id, tracker.Check{At: at, Outcome: outcome, Status: 200, Version: v.N, Elapsed: 412 * time.Millisecond})
	return &f.versions[id][v.N-1]
}

// look records a check.
func (f *fake) look(id int64, c tracker.Check) {
	c.ArticleID, c.ID = id, int64(len(f.checks[id])+1)
	f.checks[id] = append([]tracker.Check{c}, f.checks[id]...)
	a := &f.articles[id-1]
	a.LastCheck, a.LastOutcome = c.At, c.Outcome
}

// changed records the change that the newest version of an article made; what
// c leaves out is taken from the two versions.
func (f *fake) changed(id int64, c tracker.Change) {
	versions := f.versions[id]
	before, after := versions[len(versions)-2], versions[len(versions)-1]
	a := f.articles[id-1]
	c.ID, c.ArticleID, c.From, c.To = int64(len(f.changes)+1), id, before.N, after.N
	c.URL, c.Outlet = a.URL, a.Outlet
	c.OldHeadline, c.NewHeadline, c.Lang = before.Story.Headline, after.Story.Headline, after.Story.Lang
	c.SeenBy = after.CapturedAt
	if c.SeenAfter.IsZero() {
		c.SeenAfter = c.SeenBy.Add(-15 * time.Minute)
	}
	if c.WordsAdded+c.WordsRemoved == 0 {
		for _, s := range c.Excerpt {
			switch s.Op {
			case worddiff.Insert:
				c.WordsAdded += worddiff.Words(s.Text)
			case worddiff.Delete:
				c.WordsRemoved += worddiff.Words(s.Text)
			}
		}
	}
	for _, r := range c.Reasons {
		c.Significance += r.Points
	}
	c.Significance = max(0, min(100, c.Significance))
	f.changes = append(f.changes, c)
}

// clock is a time on the given day of the sample, the first being 1 March 2026.
func clock(day, hour, minute int) time.Time {
	return time.Date(2026, time.March, 1+day, hour, minute, 0, 0, time.UTC)
}

// marked reads spans written as "kept [-gone-] kept {+come+}".
func marked(text string) []worddiff.Span {
	var spans []worddiff.Span
	add := func(op worddiff.Op, text string) {
		if text != "" {
			spans = append(spans, worddiff.Span{Op: op, Text: text})
		}
	}
	for text != "" {
		i := strings.Index(text, "[-")
		if j := strings.Index(text, "{+"); i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			add(worddiff.Equal, text)
			break
		}
		add(worddiff.Equal, text[:i])
		op, end := worddiff.Delete, "-]"
		if text[i] == '{' {
			op, end = worddiff.Insert, "+}"
		}
		inner, rest, _ := strings.Cut(text[i+2:], end)
		add(op, inner)
		text = rest
	}
	return spans
}

// story makes a story of a headline and paragraphs; a paragraph may begin with
// its kind, as in "quote: …".
func story(headline string, paragraphs ...string) extract.Story {
	s := extract.Story{Headline: headline, Lang: "en", Published: clock(0, 7, 40)}
	for _, p := range paragraphs {
		kind := extract.Paragraph
		for _, k := range []extract.BlockKind{extract.Heading, extract.List, extract.Quote, extract.Caption, extract.Table, extract.Note} {
			if rest, ok := strings.CutPrefix(p, string(k)+": "); ok {
				kind, p = k, rest
			}
		}
		s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Text: p, End: "\n\n"})
	}
	return s
}
