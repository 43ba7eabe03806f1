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
	generation atomic.Int64
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
			out = append(out, a)
		}
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

func (f *fake) Versions(_ context.Context, id int64) ([]tracker.Version, error) {
	return f.versions[id], f.broken
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

func (f *fake) wanted(c tracker.Change, want tracker.ChangeFilter) bool {
	a, _ := f.Article(context.Background(), c.ArticleID)
	return (want.ArticleID == 0 || c.ArticleID == want.ArticleID) &&
		(want.Since.IsZero() || !c.SeenBy.Before(want.Since)) &&
		(want.Kind == "" || slices.Contains(c.Kinds, revision.Kind(want.Kind))) &&
		(want.Disclosure == "" || string(c.Disclosure) == want.Disclosure) &&
		c.Significance >= want.MinSignificance &&
		(want.Outlet == "" || c.Outlet == want.Outlet) &&
		(want.Tag == "" || slices.Contains(a.Tags, want.Tag)) &&
		(want.Before == 0 || c.ID < want.Before) && (want.Ours || !c.Ours)
}

func (f *fake) Checks(_ context.Context, id int64, limit int) ([]tracker.Check, error) {
	list := f.checks[id]
	return list[:min(len(list), limit)], f.broken
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

func (f *fake) Readings(_ context.Context, id int64, n int) ([]tracker.Reading, error) {
	return f.readings[[2]int64{id, int64(n)}], f.broken
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
