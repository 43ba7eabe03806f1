package tracker

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	if toFront(c) {
		return missed("redirected-to-front", fmt.Sprintf("%s leads to the front page %s", c.URL, c.Final)), nil
	}
	story, err := read(c)
	if err != nil {
		return refused(a, err), nil
	}
	return verdict{}, story
}

func judgeStatus(a Article, c *Capture) verdict {
	said := fmt.Sprintf("%s answered %d %s", c.Final, c.Status, http.StatusText(c.Status))
	v := verdict{Outcome: OutcomeFailed, Reason: httpReason(c.Status), Detail: strings.TrimSpace(said)}
	switch c.Status {
	case http.StatusGone, http.StatusUnavailableForLegalReasons:
		v.Outcome = OutcomeGone
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

// toFront reports whether redirects led from an article to a front page.
func toFront(c *Capture) bool {
	asked, err1 := url.Parse(c.URL)
	final, err2 := url.Parse(c.Final)
	if err1 != nil || err2 != nil || len(c.Hops) == 0 {
		return false
	}
	return strings.Trim(asked.Path, "/") != "" && strings.Trim(final.Path, "/") == "" && final.RawQuery == ""
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
	if v.Missing {
		v = r.miss(v)
	} else if v.Outcome != OutcomeSkipped && v.Outcome != OutcomeFailed && v.Outcome != OutcomeBlocked {
		a.Misses, a.MissingFrom = 0, time.Time{}
	}
	r.Check.Outcome, r.Check.Reason, r.Check.Detail = v.Outcome, v.Reason, v.Detail
	switch v.Outcome {
	case OutcomeFailed, OutcomeBlocked:
		a.Failures++
	case OutcomeSkipped:
	default:
		a.Failures = 0
	}
	switch {
	case v.Outcome == OutcomeGone && a.State != Gone:
		r.event(EventGone)
		r.turn(Gone)
	case v.Outcome == OutcomeBlocked:
		r.event(EventBlocked)
	case v.Outcome.Plain() && a.State == Gone:
		r.event(EventRestored)
		a.State = Active
	}
}

// miss counts a look that found nothing, and says gone once they suffice.
func (r *Record) miss(v verdict) verdict {
	a := &r.Article
	if a.Misses == 0 {
		a.MissingFrom = r.Check.At
	}
	a.Misses++
	if a.State == Gone || a.Misses >= goneMisses && r.Check.At.Sub(a.MissingFrom) >= goneAfter {
		v.Outcome = OutcomeGone
	}
	return v
}

// turn changes the state of an article that its user has not paused.
func (r *Record) turn(s State) {
	if r.Article.State != Paused {
		r.Article.State = s
	}
}

func (r *Record) event(kind EventKind) {
	r.Event = &Event{ArticleID: r.Article.ID, Kind: kind, At: r.Check.At, Reason: r.Check.Reason, Detail: r.Check.Detail}
}
