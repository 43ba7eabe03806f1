package tracker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// robotsAgain is how long a robots.txt that forbids an article is believed
// (RFC 9309 §2.4: no longer than a day).
const robotsAgain = 24 * time.Hour

// A Watcher looks at articles and records what it sees.
type Watcher struct {
	Store  Store
	Fetch  *fetch.Client
	Owner  string // names this worker in leases; unique among all that share the store
	Log    *slog.Logger
	Rules  *extract.Rules // site rules by which pages are read, beside those shipped; nil: none
	NoLive bool           // skip live blogs
	Tell   func(Result)   // called after each check was recorded, from many goroutines; nil: nobody
	Budget float64        // looks a day to be shared out among all articles; 0: as many as the usual cadence takes

	Announce func(*Record) []Notice // to whom a record is to be told, asked just before it is stored, from many goroutines; nil: to nobody

	steered atomic.Pointer[Schedule] // within Budget; nil: not yet
	judged  judged
}

// A Result is a check as it was recorded.
type Result struct {
	Article Article
	Check   Check
	Change  *Change // nil: none
	Events  []Event // of this article; what lasts comes again with each check
}

// check looks at one article that this worker holds, records what came of it
// and tells. An error means that nothing was recorded: ctx ended, or the store
// did not do its part.
func (w *Watcher) check(ctx context.Context, a Article) error {
	a, ok, err := w.catchUp(ctx, a)
	if err != nil || !ok {
		return err
	}
	began := time.Now()
	page, err := w.Fetch.Get(ctx, w.request(a))
	if err != nil && ctx.Err() != nil {
		return w.abandon(ctx, a)
	}
	if failure, ok := errors.AsType[*fetch.Error](err); ok {
		return w.record(ctx, fetchFailed(a, began, failure))
	}
	if err != nil { // no fault of the network: the store did not say whether the host may be asked
		return fmt.Errorf("fetching %s: %w", a.URL, err)
	}
	if page.NotModified() {
		return w.notModified(ctx, a, page)
	}
	c := Capture{ArticleID: a.ID, Page: *page}
	if err := w.Store.Keep(context.WithoutCancel(ctx), &c); err != nil {
		return fmt.Errorf("keeping what %s answered: %w", a.URL, err)
	}
	_, err = w.understand(ctx, a, &c, nil)
	return err
}

// request asks for the page anew, or for news of it where the last answer came
// with validators and made a version that this extractor would make again.
func (w *Watcher) request(a Article) fetch.Request {
	r := fetch.Request{URL: a.address()}
	own := a.MovedTo == "" || r.URL == a.MovedTo // the address that the validators are of
	if a.Versions > 0 && !a.gone() && a.Misses == 0 && own {
		r.ETag, r.LastModified = a.ETag, a.LastModified
	}
	return r
}

// understand reads what was captured, compares it with the newest version, and
// records the check. Next is what was captured soon after and not understood
// either, nil where there is none; used says that the check speaks of it too.
func (w *Watcher) understand(ctx context.Context, a Article, c, next *Capture) (used bool, err error) {
	r := &Record{Article: a, Check: Check{ArticleID: a.ID, At: c.Began, Elapsed: c.Ended.Sub(c.Began), Status: c.Status, CaptureID: c.ID}}
	verdict, story, err := w.judge(ctx, r, c)
	if err != nil {
		return false, err
	}
	if story == nil {
		r.settle(verdict)
		return false, w.record(ctx, r)
	}
	err = w.compareGuarded(ctx, r, c, next, story)
	switch {
	case errors.Is(err, ErrLeaseLost):
		w.Log.WarnContext(ctx, "check not recorded", "url", a.URL, "err", err)
		return false, nil
	case err != nil && ctx.Err() != nil:
		return false, w.abandon(ctx, a)
	case err != nil:
		return false, err
	}
	return next != nil && r.Check.SecondID == next.ID, w.record(ctx, r)
}

// newest returns the newest version of r's article and the last look that showed
// it. Nobody but this worker can add to them before r is recorded, so the store is
// asked once.
func (w *Watcher) newest(ctx context.Context, r *Record) (Version, Check, error) {
	if r.past == nil {
		v, last, err := w.Store.Latest(ctx, r.Article.ID)
		if err != nil {
			return v, last, err
		}
		r.past = &past{v, last}
	}
	return r.past.version, r.past.look, nil
}

// compareGuarded is compare, but a fault of ours in it fails this article and no
// other: the captures are kept, and the check says that they were not understood.
func (w *Watcher) compareGuarded(ctx context.Context, r *Record, c, next *Capture, story *extract.Story) (err error) {
	before := *r
	defer func() {
		if p := recover(); p != nil {
			w.Log.ErrorContext(ctx, "comparing failed", "url", r.Article.URL, "panic", p, "stack", string(debug.Stack()))
			before.Check.SecondID = r.Check.SecondID
			*r = before
			r.settle(internalFault(p))
		}
	}()
	return w.compare(ctx, r, c, next, story)
}

func internalFault(p any) verdict {
	return verdict{Outcome: OutcomeFailed, Reason: "internal", Detail: fmt.Sprintf("the page could not be understood, through a fault of storydiff: %.200v", p)}
}

// notModified records a check that the server answered with 304.
func (w *Watcher) notModified(ctx context.Context, a Article, p *fetch.Page) error {
	_, last, err := w.Store.Latest(ctx, a.ID)
	if err != nil {
		return err
	}
	r := &Record{Article: a, Check: Check{
		ArticleID: a.ID, At: p.Began, Elapsed: p.Ended.Sub(p.Began), Status: p.Status,
		Version: a.Versions, Modified: last.Modified,
	}}
	r.settle(verdict{Outcome: OutcomeNotModified})
	r.Article.keepValidators(p.Header)
	return w.record(ctx, r)
}

// keepValidators takes both validators of an answer in place of the old ones,
// on 200 and on 304 (RFC 9111 §4.3.4).
func (a *Article) keepValidators(h http.Header) {
	if etag := h.Get("ETag"); etag != "" {
		a.ETag = etag
	}
	if modified := h.Get("Last-Modified"); modified != "" {
		a.LastModified = modified
	}
}

// fetchFailed makes the record of a check that got no usable answer.
func fetchFailed(a Article, began time.Time, failure *fetch.Error) *Record {
	r := &Record{Article: a, Check: Check{ArticleID: a.ID, At: began, Elapsed: time.Since(began)}}
	v := verdict{Outcome: OutcomeFailed, Reason: failure.Reason, Detail: failure.Detail}
	switch failure.Reason {
	case "rate-limited":
		v.Outcome, r.notBefore = OutcomeSkipped, time.Now().Add(failure.Wait)
	case "robots":
		v.Outcome, r.notBefore = OutcomeSkipped, time.Now().Add(robotsAgain)
	}
	r.settle(v)
	return r
}

// record stores r with the next look, and tells.
func (w *Watcher) record(ctx context.Context, r *Record) error {
	// What was seen is recorded even if the daemon is told to stop just now.
	ctx = context.WithoutCancel(ctx)
	now := time.Now()
	a := &r.Article
	a.LastCheck, a.LastOutcome = r.Check.At, r.Check.Outcome
	if at, _ := w.schedule().Next(*a, now); at.IsZero() {
		if a.State == Active {
			a.State = Retired
		}
		a.NextCheck = now
	} else {
		a.NextCheck = at
	}
	if r.notBefore.After(a.NextCheck) {
		a.NextCheck = r.notBefore
	}
	if w.Announce != nil {
		r.Notices = w.Announce(r)
	}
	err := w.Store.Record(ctx, w.Owner, r)
	if errors.Is(err, ErrLeaseLost) {
		w.Log.WarnContext(ctx, "check not recorded", "url", a.URL, "err", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("recording the check of %s: %w", a.URL, err)
	}
	w.judged.note(a.ID, r.judgedBy)
	w.Log.InfoContext(ctx, "checked", r.attrs()...)
	if w.Tell != nil {
		w.Tell(Result{Article: *a, Check: r.Check, Change: r.Change, Events: r.Events})
	}
	return nil
}

// attrs returns what the log says of a check.
func (r *Record) attrs() []any {
	attrs := []any{"url", r.Article.URL, "outcome", r.Check.Outcome}
	if r.Check.Reason != "" {
		attrs = append(attrs, "reason", r.Check.Reason, "detail", r.Check.Detail)
	}
	if r.Check.Version > 0 {
		attrs = append(attrs, "version", r.Check.Version)
	}
	if r.Check.SecondID > 0 {
		attrs = append(attrs, "looks", 2, "unsteady", len(r.Unsteady))
	}
	return append(attrs, "next", r.Article.NextCheck.UTC())
}

// abandon gives up a check that was cut off by the end of ctx.
func (w *Watcher) abandon(ctx context.Context, a Article) error {
	if err := w.Store.Release(context.WithoutCancel(ctx), a.ID, w.Owner); err != nil {
		return err
	}
	return ctx.Err()
}
