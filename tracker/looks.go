package tracker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// secondWithin is how long after a first look another capture may stand for the
// second one: later, an edit of the day would be taken for furniture.
const secondWithin = 10 * time.Minute

// A secondLook is what came of looking again.
type secondLook struct {
	story *extract.Story // nil: nothing to compare with
	why   string         // why not, for a person
}

// lookAgain takes a second look at the page of r's article, after the gap that is
// owed to its host, or takes for one what was captured soon after the first and
// not understood. What it captures is kept before it is understood, and r speaks
// of it. The page is asked for without conditions: what is wanted is its bytes.
//
// Its error is a fault of the store's, [ErrLeaseLost] where the article is not
// this worker's any more, or that ctx ended.
func (w *Watcher) lookAgain(ctx context.Context, r *Record, first, next *Capture) (secondLook, error) {
	if next == nil && w.now().Sub(first.Ended) > secondWithin {
		return secondLook{why: "it was captured before a stop and understood after it"}, nil
	}
	if next == nil {
		var err error
		var why string
		if next, why, err = w.fetchAgain(ctx, &r.Article); next == nil {
			return secondLook{why: why}, err
		}
	}
	r.Check.SecondID = next.ID
	verdict, story, err := w.judge(ctx, r, next)
	if err != nil {
		return secondLook{}, err
	}
	if story == nil {
		return secondLook{why: verdict.Detail}, nil
	}
	return secondLook{story: story}, nil
}

// fetchAgain fetches the page once more and keeps it. Where there is no answer it
// says why.
func (w *Watcher) fetchAgain(ctx context.Context, a *Article) (c *Capture, why string, err error) {
	// The wait for the host comes on top of what the first look took.
	_, ok, err := w.Store.ClaimArticle(ctx, a.ID, w.Owner, w.now(), leaseFor)
	if errors.Is(err, ErrNotFound) || err == nil && !ok {
		return nil, "", ErrLeaseLost
	}
	if err != nil {
		return nil, "", err
	}
	w.Log.DebugContext(ctx, "looking a second time", "url", a.URL)
	page, err := w.Fetch.Get(ctx, fetch.Request{URL: a.address()})
	if err != nil && ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if failure, ok := errors.AsType[*fetch.Error](err); ok {
		return nil, failure.Detail, nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("fetching %s a second time: %w", a.URL, err)
	}
	if page.NotModified() {
		return nil, "the server answered 304 to a request without conditions", nil
	}
	c = &Capture{ArticleID: a.ID, Page: *page}
	if err := w.Store.Keep(context.WithoutCancel(ctx), c); err != nil {
		return nil, "", fmt.Errorf("keeping what %s answered: %w", a.URL, err)
	}
	return c, "", nil
}

// catchUp understands what was captured before a crash and never recorded, so
// that no edit which was seen is lost. Of two captures within ten minutes the
// later is the second look, where the earlier needs one. It returns the article
// as it then stands; ok is false where somebody else took it meanwhile.
func (w *Watcher) catchUp(ctx context.Context, a Article) (_ Article, ok bool, err error) {
	if a.Pending == 0 {
		return a, true, nil
	}
	pending, err := w.Store.Pending(ctx, a.ID)
	if err != nil {
		return a, false, err
	}
	for len(pending) > 0 {
		var next *Capture
		if len(pending) > 1 && pending[1].Began.Sub(pending[0].Ended) <= secondWithin {
			next = &pending[1]
		}
		used, err := w.understand(ctx, a, &pending[0], next)
		if err != nil {
			return a, false, err
		}
		pending = pending[1:]
		if used {
			pending = pending[1:]
		}
		// Recording ended the lease.
		a, ok, err = w.Store.ClaimArticle(ctx, a.ID, w.Owner, w.now(), leaseFor)
		if errors.Is(err, ErrNotFound) { // it was removed meanwhile
			return a, false, nil
		}
		if err != nil || !ok {
			return a, false, err
		}
	}
	return a, true, nil
}
