package tracker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"storydiff/tracker/extract"
)

// goneMisses and goneAfter say when a missing article is gone: a 404 is often
// repaired, so it takes three looks over at least a day.
const (
	goneMisses = 3
	goneAfter  = 24 * time.Hour
)

// A verdict is what an answer says about an article, before anything is compared.
type verdict struct {
	Outcome Outcome
	Reason  string
	Detail  string
	Missing bool // one of the signs that count towards gone only together
}

// judge says what a capture is: a story to compare, or none and why.
func judge(a Article, c *Capture) (verdict, *extract.Story) {
	if c.Status/100 != 2 {
		return judgeStatus(a, c), nil
	}
	story, err := read(c)
	v := verdict{}
	if err != nil {
		v = refused(a, err)
	}
	if toFront(c) && v.Outcome != OutcomeBlocked {
		return missed("redirected-to-front", fmt.Sprintf("%s leads to the front page %s", c.URL, c.Final)), nil
	}
	return v, story
}

// judge is the function of that name where the article's history has no say.
// Where a text is cut or redirects led somewhere else, it has. A fault of ours in
// it fails this article and no other.
func (w *Watcher) judge(ctx context.Context, r *Record, c *Capture) (v verdict, story *extract.Story, err error) {
	a := r.Article
	defer func() {
		if p := recover(); p != nil {
			w.fault(ctx, a, p, debug.Stack())
			v, story, err = internalFault(p), nil, nil
		}
	}()
	c.rules, c.extractor = w.Rules, w.extractor
	v, story = judge(a, c)
	if c.fault != nil {
		w.fault(ctx, a, v.Detail, c.fault)
	}
	if story != nil && story.Signals.Live && w.NoLive {
		return liveBlog(a), nil, nil
	}
	suspect := story != nil && asks(story)
	led := c.Status/100 == 2 && len(c.Hops) > 0 && !v.Missing && v.Outcome != OutcomeBlocked
	renamed := story != nil && a.Versions > 0 && story.Headline != a.Title
	if !suspect && !led && !renamed {
		return v, story, nil
	}
	newest, last, err := w.newest(ctx, r)
	if err != nil {
		return v, nil, err
	}
	if led {
		if elsewhere, ok, err := w.elsewhere(ctx, a, c, v, story, &newest); err != nil || ok {
			return elsewhere, nil, err
		}
	}
	if suspect && newest.N > 0 {
		why, cut, err := w.paywalled(ctx, &newest, last, story)
		if err != nil {
			return v, nil, err
		}
		if cut {
			return verdict{Outcome: OutcomeBlocked, Reason: "paywall", Detail: c.Final + ": " + why}, nil, nil
		}
	}
	if renamed && newest.N > 0 {
		if missing, ok, err := w.notFound(ctx, c, &newest, story); err != nil || ok {
			return missing, nil, err
		}
	}
	return v, story, nil
}

func judgeStatus(a Article, c *Capture) verdict {
	said := fmt.Sprintf("%s answered %d %s", c.Final, c.Status, http.StatusText(c.Status))
	v := verdict{Outcome: OutcomeFailed, Reason: httpReason(c.Status), Detail: strings.TrimSpace(said)}
	switch c.Status {
	case http.StatusGone:
		v.Outcome = OutcomeGone
	case http.StatusUnavailableForLegalReasons:
		v.Outcome = OutcomeGone
		v.Detail += ": " + withheld(c)
	case http.StatusNotFound:
		v.Missing = true
	case http.StatusPaymentRequired:
		v.Outcome, v.Reason = OutcomeBlocked, "paywall"
	case http.StatusTooManyRequests:
		v.Outcome, v.Reason = OutcomeBlocked, "rate-limited"
	case http.StatusUnauthorized, http.StatusForbidden:
		v.Outcome = OutcomeBlocked
		fallthrough
	case http.StatusServiceUnavailable:
		// Challenges come under these statuses; their pages tell them apart.
		if _, err := read(c); err != nil {
			if r := refused(a, err); r.Outcome == OutcomeBlocked {
				return r
			}
		}
	}
	return v
}

func missed(reason, detail string) verdict {
	return verdict{Outcome: OutcomeFailed, Reason: reason, Detail: detail, Missing: true}
}

// refused turns the extractor's refusal into a verdict.
func refused(a Article, err error) verdict {
	refusal, ok := errors.AsType[*extract.Refusal](err)
	if !ok {
		return verdict{Outcome: OutcomeFailed, Reason: "internal", Detail: err.Error()}
	}
	v := verdict{Outcome: OutcomeFailed, Reason: refusal.Reason, Detail: refusal.Detail}
	switch refusal.Reason {
	case "bot-challenge", "consent-wall", "geo-block", "login", "paywall":
		v.Outcome = OutcomeBlocked
	case "soft-404":
		v.Missing = true
	}
	return v
}

// settle writes a verdict into the record: the outcome, and what it means for
// the article's state, its failures in a row, and its events.
func (r *Record) settle(v verdict) {
	a := &r.Article
	if v.Missing || v.Outcome == OutcomeGone {
		v = r.miss(v)
	}
	if v.Outcome.Plain() {
		v.Detail = r.remark
		a.Misses, a.MissingFrom = 0, time.Time{}
	}
	r.Check.Outcome, r.Check.Reason, r.Check.Detail = v.Outcome, v.Reason, v.Detail
	a.LastReason = v.Reason
	switch v.Outcome {
	case OutcomeFailed, OutcomeBlocked:
		if a.LastOutcome != v.Outcome && a.LastOutcome != OutcomeSkipped {
			a.Failures = 0 // a night without a network is no reason to leave a site alone that blocks once
		}
		a.Failures++
	case OutcomeSkipped:
	default:
		a.Failures = 0
	}
	r.turn(v)
}

// miss counts a look that found nothing, and says gone once they suffice.
func (r *Record) miss(v verdict) verdict {
	a := &r.Article
	if a.Misses == 0 {
		a.MissingFrom = r.Check.At
	}
	a.Misses++
	enough := a.Misses >= goneMisses && r.Check.At.Sub(a.MissingFrom) >= goneAfter
	switch {
	case a.gone():
		v.Outcome = OutcomeGone
	case v.Missing && enough:
		v.Outcome = OutcomeGone
		v.Detail += fmt.Sprintf("; it has been missing since %s, at %d looks", a.MissingFrom.UTC().Format("2006-01-02 15:04 UTC"), a.Misses)
	}
	return v
}

// turn notes what a verdict means for the article's life. The store notes what
// lasts once for as long as it does.
func (r *Record) turn(v verdict) {
	a := &r.Article
	switch {
	case v.Outcome == OutcomeGone:
		r.event(EventGone, v.Detail)
		if a.GoneFrom.IsZero() {
			a.GoneFrom = r.Check.At
		}
		if a.State != Paused { // only its user ends that
			a.State = Gone
		}
	case v.Missing:
		r.event(EventMissing, v.Detail)
	case v.Outcome == OutcomeBlocked:
		r.event(EventBlocked, v.Detail)
	case v.Outcome.Plain() && a.gone():
		said := "it is back with the text that it had"
		if r.Version != nil {
			said = "it is back, but with another text"
		}
		r.event(EventRestored, said)
		a.GoneFrom = time.Time{}
		if a.State == Gone {
			a.State = Active
		}
	}
}

func (r *Record) event(kind EventKind, detail string) {
	r.Events = append(r.Events, Event{ArticleID: r.Article.ID, Kind: kind, At: r.Check.At, Reason: r.Check.Reason, Detail: detail})
}

// gone reports whether the publisher took an article away, paused or not.
func (a *Article) gone() bool { return a.State == Gone || !a.GoneFrom.IsZero() }

// Missing reports whether the last looks did not find an article, but too few of
// them to say that it is gone.
func (a *Article) Missing() bool { return a.Misses > 0 && !a.gone() }
