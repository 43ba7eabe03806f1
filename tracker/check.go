package tracker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// robotsAgain is how long a robots.txt that forbids an article is believed
// (RFC 9309 §2.4: no longer than a day).
const robotsAgain = 24 * time.Hour

// contactAgain is how long after a host was not asked for want of a contact the
// next look comes, which may be by a daemon that has one.
const contactAgain = time.Hour

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

	Ticked   func(took time.Duration) // called after each look for what is due, with how long that took; nil: nobody
	Announce func(*Record) []Notice   // to whom a record is to be told, asked just before it is stored, from many goroutines; nil: to nobody

	steered atomic.Pointer[Schedule] // within Budget; nil: not yet
	planned *Schedule                // by which the looks to come are planned; nil: not known yet. steer alone uses it
	judged  judged
	downs   downs
	reach   reach

	extractor func(extract.Input) (*extract.Story, error) // nil: extract.Read

	Cadence    Cadence                         // what the looks begin with; its knob is steered by Budget
	HostBudget float64                         // looks a day at one host; 0: as many as its gap lets through
	Gap        func(host string) time.Duration // from an answer of a host to the next request; nil: none
	Clock      func() time.Time                // nil: time.Now
}

// A Result is a check as it was recorded.
type Result struct {
	Article Article
	Check   Check
	Change  *Change   // nil: none
	Events  []Event   // of this article; what lasts comes again with each check
	Due     time.Time // when it was due, which is later than the check where it was not yet
}

// check looks at one article that this worker holds, records what came of it
// and tells. An error means that nothing was recorded: ctx ended, or the store
// did not do its part.
func (w *Watcher) check(ctx context.Context, a Article) error { return w.checkFor(ctx, a, false) }

// checkNow is check for somebody who waits: in spite of our own back-off, and
// past caches.
func (w *Watcher) checkNow(ctx context.Context, a Article) error { return w.checkFor(ctx, a, true) }

func (w *Watcher) checkFor(ctx context.Context, a Article, somebody bool) error {
	a, ok, err := w.catchUp(ctx, a)
	if err != nil || !ok {
		return err
	}
	began := w.now()
	request := w.request(a, began)
	if somebody {
		request.Pressing, request.NoCache = true, true
	}
	page, err := w.Fetch.Get(ctx, request)
	if err != nil && ctx.Err() != nil {
		return w.abandon(ctx, a)
	}
	if failure, ok := errors.AsType[*fetch.Error](err); ok {
		r := w.fetchFailed(a, began, failure)
		w.lose(r, failure)
		return w.record(ctx, r)
	}
	if err != nil { // no fault of the network: the store did not say whether the host may be asked
		return fmt.Errorf("fetching %s: %w", a.URL, err)
	}
	w.date(page)
	w.regain(a)
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

// wholeEvery is how often a page is asked for anew, past all caches, although
// its server only ever says that it was not modified: some say so for ever.
const wholeEvery = 7 * 24 * time.Hour

// request asks for the page anew, or for news of it where the last answer came
// with validators, was read as it would be read today, and is no week old.
func (w *Watcher) request(a Article, now time.Time) fetch.Request {
	r := fetch.Request{URL: a.address()}
	own := a.MovedTo == "" || r.URL == a.MovedTo // the address that the validators are of
	if a.Versions == 0 || a.gone() || a.Misses > 0 || !own || a.ReadBy != readBy(w.Rules.Fingerprint(r.URL)) {
		return r
	}
	if age := now.Sub(a.WholeAt); age < 0 || age >= wholeEvery { // below 0: the clock was set back
		r.NoCache = true
		return r
	}
	r.ETag, r.LastModified = a.ETag, a.LastModified
	return r
}

// readBy names the extractor of today with rules of a fingerprint.
func readBy(fingerprint string) string {
	return strings.TrimSpace(strconv.Itoa(extract.Revision) + " " + fingerprint)
}

// understand reads what was captured, compares it with the newest version, and
// records the check. Next is what was captured soon after and not understood
// either, nil where there is none; used says that the check speaks of it too.
func (w *Watcher) understand(ctx context.Context, a Article, c, next *Capture) (used bool, err error) {
	by := a.inOrder(c.Began)
	c.Began, c.Ended = c.Began.Add(by), c.Ended.Add(by) // what was kept says what the clock said
	r := &Record{Article: a, setBack: by, Check: Check{ArticleID: a.ID, At: c.Began, Elapsed: c.Ended.Sub(c.Began), Status: c.Status, CaptureID: c.ID}}
	verdict, story, err := w.judge(ctx, r, c)
	if err != nil && ctx.Err() != nil {
		return false, w.abandon(ctx, a)
	}
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
	r.letRest(&c.Page)
	return next != nil && r.Check.SecondID == next.ID, w.record(ctx, r)
}

// newest returns the newest version of r's article and the last look that showed
// it. Nobody but this worker can add to them before r is recorded, so the store is
// asked once.
func (w *Watcher) newest(ctx context.Context, r *Record) (Version, Check, error) {
	if r.past == nil || !r.past.whole {
		v, last, err := w.Store.Latest(ctx, r.Article.ID)
		if err != nil {
			return v, last, err
		}
		r.past = &past{v, last, true}
	}
	return r.past.version, r.past.look, nil
}

// head is newest, but the version may be without its text: to read that, and to
// hold it against its hash, takes longer than all else that is asked of the store
// for a page that shows nothing new.
func (w *Watcher) head(ctx context.Context, r *Record) (Version, Check, error) {
	if r.past == nil {
		v, last, err := w.Store.LatestHead(ctx, r.Article.ID)
		if err != nil {
			return v, last, err
		}
		r.past = &past{v, last, v.N == 0}
	}
	return r.past.version, r.past.look, nil
}

// compareGuarded is compare, but a fault of ours in it fails this article and no
// other: the captures are kept, and the check says that they were not understood.
func (w *Watcher) compareGuarded(ctx context.Context, r *Record, c, next *Capture, story *extract.Story) (err error) {
	before := *r
	defer func() {
		if p := recover(); p != nil {
			w.fault(ctx, r.Article, p, debug.Stack())
			before.Check.SecondID = r.Check.SecondID
			*r = before
			r.settle(internalFault(p))
		}
	}()
	return w.compare(ctx, r, c, next, story)
}

// fault tells of a fault of ours. Where in the program it was is for those alone
// who look for it.
func (w *Watcher) fault(ctx context.Context, a Article, p any, stack []byte) {
	w.Log.ErrorContext(ctx, "page not understood through a fault of storydiff", "url", a.URL, "fault", fmt.Sprintf("%.200v", p))
	w.Log.DebugContext(ctx, "where the fault was", "url", a.URL, "stack", string(stack))
}

func internalFault(p any) verdict {
	return verdict{Outcome: OutcomeFailed, Reason: "internal", Detail: fmt.Sprintf("the page could not be understood, through a fault of storydiff: %.200v", p)}
}

// notModified records a check that the server answered with 304.
func (w *Watcher) notModified(ctx context.Context, a Article, p *fetch.Page) error {
	_, last, err := w.Store.LatestHead(ctx, a.ID)
	if err != nil {
		return err
	}
	by := a.inOrder(p.Began)
	r := &Record{Article: a, setBack: by, Check: Check{
		ArticleID: a.ID, At: p.Began.Add(by), Elapsed: p.Ended.Sub(p.Began), Status: p.Status,
		Version: a.Versions, Modified: last.Modified,
	}}
	r.settle(verdict{Outcome: OutcomeNotModified})
	r.Article.keepValidators(p.Header)
	r.letRest(p)
	return w.record(ctx, r)
}

// letRest has the next look wait for as long as an answer says that it is fresh,
// up to an hour, unless its user says when to look.
func (r *Record) letRest(p *fetch.Page) {
	if r.Check.Outcome.Plain() && r.Article.Cron == "" {
		r.notBefore = p.Ended.Add(p.Fresh())
	}
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
func (w *Watcher) fetchFailed(a Article, began time.Time, failure *fetch.Error) *Record {
	by := a.inOrder(began)
	r := &Record{Article: a, setBack: by, Check: Check{ArticleID: a.ID, At: began.Add(by), Elapsed: max(w.now().Sub(began), 0)}}
	v := verdict{Outcome: OutcomeFailed, Reason: failure.Reason, Detail: failure.Detail}
	switch failure.Reason {
	case "rate-limited":
		v.Outcome, r.notBefore = OutcomeSkipped, w.now().Add(failure.Wait)
	case "robots":
		v.Outcome, r.notBefore = OutcomeSkipped, w.now().Add(robotsAgain)
	case "no-contact":
		v.Outcome, r.notBefore = OutcomeSkipped, w.now().Add(contactAgain)
	}
	r.settle(v)
	return r
}

// record stores r with the next look, and tells.
func (w *Watcher) record(ctx context.Context, r *Record) error {
	// What was seen is recorded even if the daemon is told to stop just now.
	ctx = context.WithoutCancel(ctx)
	now := w.now()
	a := &r.Article
	r.add(setBackText(r.setBack))
	wasDue := a.NextCheck
	a.LastCheck, a.LastOutcome = r.Check.At, r.Check.Outcome
	if at, _ := w.Schedule().Next(*a, now); at.IsZero() {
		if a.State == Active {
			a.State = Retired
		}
		a.NextCheck = now
	} else {
		a.NextCheck = at
	}
	if !r.notAfter.IsZero() && a.Cron == "" && r.notAfter.Before(a.NextCheck) {
		a.NextCheck = r.notAfter
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
	w.downs.note(ctx, w.Log, a.Host, &r.Check)
	if w.Tell != nil {
		w.Tell(Result{Article: *a, Check: r.Check, Change: r.Change, Events: r.Events, Due: wasDue})
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
