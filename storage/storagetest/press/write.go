package press

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// owner is who takes the looks of a press.
const owner = "press"

// A written is a version that was written and is to be stored.
type written struct {
	story  extract.Story
	before *extract.Story // the story before, as the last look showed it; nil: there is none
	rev    *revision.Revision
	body   []byte
}

// write fills a store. Stories are written and compared by several goroutines,
// each at its own articles, and stored in the order of their times by this one.
func (p Recipe) write(t testing.TB, db *storage.DB) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lives := p.lives()
	all := moments(lives)
	run := &tracker.DaemonRun{PID: 1, Began: p.Newest().Add(-span - time.Hour), Listen: "127.0.0.1:8080"}
	must(t, db.BeginRun(ctx, run))
	desks := make([]chan written, runtime.GOMAXPROCS(0))
	for i := range desks {
		desks[i] = make(chan written, 64)
		go func() {
			defer close(desks[i])
			desk(ctx, all, i, len(desks), desks[i])
		}()
	}
	for _, m := range all {
		if m.n == 1 {
			must(t, p.add(ctx, db, m.life))
		}
		must(t, p.store(ctx, db, m, <-desks[m.life.number%len(desks)]))
	}
	must(t, db.Beat(ctx, run.ID, p.Newest()))
}

// desk writes the versions of one in so many articles.
func desk(ctx context.Context, all []moment, one, in int, out chan<- written) {
	type work struct {
		pen  *pen
		last extract.Story
	}
	works := map[int]*work{}
	for _, m := range all {
		if m.life.number%in != one {
			continue
		}
		var w written
		if m.n == 1 {
			pen := newPen(uint64(m.life.number))
			w = written{story: pen.first(m.at())}
			works[m.life.number] = &work{pen: pen}
		} else {
			x := works[m.life.number]
			w = x.pen.next(x.last, m.at())
		}
		w.body = page(&w.story)
		works[m.life.number].last = w.story
		if m.n == len(m.life.seen) {
			delete(works, m.life.number)
		}
		select {
		case out <- w:
		case <-ctx.Done():
			return
		}
	}
}

// next edits a story until there is a difference.
func (p *pen) next(before extract.Story, at time.Time) written {
	for {
		w := written{story: p.edit(before, at), before: &before}
		if w.rev = revision.Compare(w.before, &w.story); !w.rev.Same() {
			return w
		}
	}
}

// add takes up an article.
func (p Recipe) add(ctx context.Context, db *storage.DB, l *life) error {
	a, _, err := db.Add(ctx, storage.NewArticle{URL: l.url(), Identity: l.url(), Outlet: l.outlet(), Host: "www." + l.outlet(), Tags: l.tags(), At: l.added})
	l.id = a.ID
	return err
}

// store records a version, the looks after it that showed nothing new, and after
// the last how the article ended.
func (p Recipe) store(ctx context.Context, db *storage.DB, m moment, w written) error {
	l := m.life
	last := m.n == len(l.seen)
	next := p.Newest().Add(time.Duration(l.number%600) * time.Minute)
	if !last {
		next = l.seen[m.n]
	}
	looks := (l.number + m.n) % 3
	pause := next.Sub(m.at()) / time.Duration(looks+1)
	var seenBefore time.Time
	if m.n > 1 {
		seenBefore = l.seen[m.n-2]
	}
	if err := record(ctx, db, l.id, m.at(), m.at().Add(pause), seenBefore, &w); err != nil {
		return err
	}
	for i := range looks {
		at := m.at().Add(time.Duration(i+1) * pause)
		if at.After(p.Newest()) {
			break
		}
		state := tracker.Active
		if last && p.Newest().Sub(l.added) > retireAfter {
			state = tracker.Retired
		}
		if err := glance(ctx, db, l.id, at, at.Add(pause), state); err != nil {
			return err
		}
	}
	switch {
	case last && l.gone:
		return takeAway(ctx, db, l.id, m.at().Add(time.Duration(looks+1)*pause).Add(-time.Second))
	case last && l.paused:
		return db.SetState(ctx, l.id, tracker.Paused, time.Time{})
	}
	return nil
}

// record stores a version as a look does: the lease, the capture, the check.
func record(ctx context.Context, db *storage.DB, id int64, at, next, seenBefore time.Time, w *written) error {
	a, ok, err := db.ClaimArticle(ctx, id, owner, at, time.Minute)
	if err != nil || !ok {
		return fmt.Errorf("claiming article %d: %t, %w", id, ok, err)
	}
	c := &tracker.Capture{ArticleID: id, Page: fetch.Page{
		URL: a.URL, Final: a.URL, Status: http.StatusOK, Proto: "HTTP/2.0", Body: w.body, Began: at, Ended: at.Add(300 * time.Millisecond),
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Server": {"press"}, "Cache-Control": {"max-age=60"}},
	}}
	if err := db.Keep(ctx, c); err != nil {
		return err
	}
	a.NextCheck, a.Published = next, w.story.Published
	r := &tracker.Record{Article: a, Taught: taught(id, &w.story),
		Check:   tracker.Check{At: at, Elapsed: 300 * time.Millisecond, Outcome: tracker.OutcomeNew, Status: http.StatusOK, CaptureID: c.ID, Modified: w.story.Modified},
		Version: &tracker.Version{CapturedAt: c.Ended, CaptureID: c.ID, Story: w.story, Extractor: extract.Revision, Key: revision.Key(&w.story), Words: revision.Words(&w.story)},
	}
	if w.rev != nil {
		r.Check.Outcome = tracker.OutcomeChanged
		r.Change = changeOf(w.rev)
		r.Change.SeenAfter, r.Change.SeenBy = seenBefore, at
	}
	return db.Record(ctx, owner, r)
}

func changeOf(rev *revision.Revision) *tracker.Change {
	return &tracker.Change{
		Kinds: rev.Kinds, Disclosure: rev.Disclosure, Proof: rev.Proof, NoteSpeaks: rev.NoteSpeaks, Traces: rev.Traces,
		Significance: rev.Significance, Reasons: rev.Reasons, WordsAdded: rev.WordsAdded, WordsRemoved: rev.WordsRemoved,
		Summary: rev.Summary, Excerpt: rev.Excerpt,
	}
}

// taught is a lesson for each block, by keys of its own: a story shares no line
// with others.
func taught(id int64, s *extract.Story) []tracker.Lesson {
	list := make([]tracker.Lesson, 0, len(s.Blocks))
	for _, b := range s.Blocks {
		key := fnv.New64a()
		fmt.Fprint(key, id, b.Text)
		list = append(list, tracker.Lesson{Key: int64(key.Sum64()), Text: strings.ToValidUTF8(b.Text[:min(len(b.Text), 60)], ""), Path: b.Path})
	}
	return list
}

// glance records a look that showed nothing new.
func glance(ctx context.Context, db *storage.DB, id int64, at, next time.Time, state tracker.State) error {
	a, ok, err := db.ClaimArticle(ctx, id, owner, at, time.Minute)
	if err != nil || !ok {
		return fmt.Errorf("claiming article %d: %t, %w", id, ok, err)
	}
	a.NextCheck, a.State = next, state
	return db.Record(ctx, owner, &tracker.Record{Article: a,
		Check: tracker.Check{At: at, Elapsed: 80 * time.Millisecond, Outcome: tracker.OutcomeNotModified, Status: http.StatusNotModified}})
}

// takeAway records a look that showed the article gone.
func takeAway(ctx context.Context, db *storage.DB, id int64, at time.Time) error {
	a, ok, err := db.ClaimArticle(ctx, id, owner, at, time.Minute)
	if err != nil || !ok {
		return fmt.Errorf("claiming article %d: %t, %w", id, ok, err)
	}
	const reason, detail = "http-410", "The server answered 410 Gone."
	a.NextCheck, a.State, a.GoneFrom = at.Add(24*time.Hour), tracker.Gone, at
	return db.Record(ctx, owner, &tracker.Record{Article: a,
		Check:  tracker.Check{At: at, Elapsed: 80 * time.Millisecond, Outcome: tracker.OutcomeGone, Status: http.StatusGone, Reason: reason, Detail: detail},
		Events: []tracker.Event{{Kind: tracker.EventGone, At: at, Reason: reason, Detail: detail}}})
}

// Edit lets an article's outlet edit it and a look find that at a time, as the
// daemon would: it reads the newest version, compares, and stores a capture, a
// version and a change. The same seed makes the same edit of the same text.
func (Recipe) Edit(ctx context.Context, db *storage.DB, id int64, at time.Time, seed uint64) error {
	newest, look, err := db.Latest(ctx, id)
	if err != nil {
		return err
	}
	w := newPen(seed).next(newest.Story, at)
	w.body = page(&w.story)
	return record(ctx, db, id, at, at.Add(time.Hour), look.At, &w)
}
