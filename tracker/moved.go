package tracker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// movedAfter is how long a permanent redirect must have led to one address before
// that is taken for the article's own: they are set by mistake, too, and undone.
const movedAfter = 24 * time.Hour

// A Merge says that two tracked articles are one. The history of both stays; what
// led to From leads to Into, and From is looked at no longer.
type Merge struct {
	From, Into int64
	Events     []Event // of both, noted if both are still tracked
}

// address is where to look for an article: where it moved to, if it did, and at
// the address under which it was added again at every second look in a row that
// does not find it there.
func (a *Article) address() string {
	if a.MovedTo == "" || max(a.Failures, a.Misses)%2 == 1 {
		return a.URL
	}
	return a.MovedTo
}

// identify works out which addresses lead to the article that a look has shown,
// whether it has moved, and whether it is one that is tracked already.
func (w *Watcher) identify(ctx context.Context, r *Record, c *Capture, story *extract.Story) error {
	if id := canonicalIdentity(r.Article, c); id != "" {
		other, taken, err := w.whose(ctx, &r.Article, id)
		if err != nil {
			return err
		}
		if !taken {
			r.Aliases = append(r.Aliases, id)
		} else {
			newest, _, err := w.newest(ctx, r)
			if err != nil {
				return err
			}
			if err := w.weigh(ctx, r, other, story, id, shownLong(r, story, &newest)); err != nil {
				return err
			}
		}
	}
	return w.follow(ctx, r, c, story)
}

// canonicalIdentity returns the identity of an article's canonical address, where
// it is on the site that the page came from and no front page: some sites point
// there from every story. Empty: there is none.
func canonicalIdentity(a Article, c *Capture) string {
	if host := fetch.HostOf(a.Canonical); a.Canonical == "" || host != a.Host && host != fetch.HostOf(c.Final) {
		return ""
	}
	id, err := Identity(a.Canonical)
	if err != nil || id == frontOf(id) {
		return ""
	}
	return id
}

// whose returns the article, other than a, that an identity leads to; taken is
// false where there is none.
func (w *Watcher) whose(ctx context.Context, a *Article, id string) (other Article, taken bool, err error) {
	other, err = w.Store.ArticleByIdentity(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && other.ID == a.ID {
		return Article{}, false, nil
	}
	return other, true, err
}

// shownLong reports whether a story is what an article has shown for long enough:
// since it was added, or since movedAfter at least. Caches deliver one story in
// another's place for an hour.
func shownLong(r *Record, story *extract.Story, newest *Version) bool {
	return newest.N == 0 || r.Check.At.Sub(newest.CapturedAt) >= movedAfter && twins(&newest.Story, story)
}

// weigh decides what it means that an article calls itself by an address which
// leads to another one. They are one article where they show one text, and the
// one that was looked at has done so for long enough. Where they show two, the
// address is a bad one that several articles share, and leads to none; that
// under which the other was added stays its own.
func (w *Watcher) weigh(ctx context.Context, r *Record, other Article, story *extract.Story, id string, longEnough bool) error {
	v, _, err := w.Store.Latest(ctx, other.ID)
	if err != nil || v.N == 0 {
		return err
	}
	if twins(&v.Story, story) {
		if longEnough {
			r.merge(other)
		}
		return nil
	}
	if own, err := Identity(other.URL); err != nil || own != id {
		r.Shared = append(r.Shared, id)
	}
	return nil
}

// merge makes the article of r and other one, if both are being looked at: that
// with more versions goes on, or that which was added first.
func (r *Record) merge(other Article) {
	a := r.Article
	if a.State != Active || other.State != Active || !other.RemovedAt.IsZero() || r.Merge != nil {
		return
	}
	from, into := a, other
	if a.Versions > other.Versions || a.Versions == other.Versions && a.ID < other.ID {
		from, into = other, a
	}
	r.Merge = &Merge{From: from.ID, Into: into.ID, Events: []Event{
		{ArticleID: from.ID, Kind: EventMerged, At: r.Check.At, Detail: fmt.Sprintf("it is the same article as %s (article %d), and is looked at there from now on", into.URL, into.ID)},
		{ArticleID: into.ID, Kind: EventMerged, At: r.Check.At, Detail: fmt.Sprintf("%s (article %d) is the same article; what was seen there stays under that number", from.URL, from.ID)},
	}}
	for _, e := range r.Merge.Events {
		if e.ArticleID == a.ID {
			r.remark = e.Detail
		}
	}
}

// follow takes over the address that permanent redirects led to at two looks at
// least movedAfter apart, with the same story behind it each time.
func (w *Watcher) follow(ctx context.Context, r *Record, c *Capture, story *extract.Story) error {
	a := &r.Article
	to := permanent(c)
	another, err := w.another(ctx, r, to, story)
	if err != nil {
		return err
	}
	switch {
	case to == "" && len(c.Hops) == 0 && a.MovedTo != "" && sameAddress(c.URL, a.URL):
		a.MovedTo = ""
		r.say(EventMoved, fmt.Sprintf("it is back at %s", a.URL))
		fallthrough
	case to == "", to == a.MovedTo, another:
		a.LeadsTo, a.LeadsSince = "", time.Time{}
		return nil
	case to != a.LeadsTo:
		a.LeadsTo, a.LeadsSince = to, r.Check.At
		return nil
	case r.Check.At.Sub(a.LeadsSince) < movedAfter:
		return nil
	}
	id, err := Identity(to)
	if err != nil {
		return nil
	}
	other, taken, err := w.whose(ctx, a, id)
	if err != nil {
		return err
	}
	if taken {
		return w.weigh(ctx, r, other, story, id, true)
	}
	return r.adopt(to, id)
}

// another reports whether the story at the end of permanent redirects is none of
// the article's.
func (w *Watcher) another(ctx context.Context, r *Record, to string, story *extract.Story) (bool, error) {
	if to == "" || to == r.Article.MovedTo {
		return false, nil
	}
	newest, _, err := w.newest(ctx, r)
	if err != nil {
		return false, err
	}
	return newest.N > 0 && !resembles(&newest.Story, story), nil
}

// adopt looks for the article at another address from now on.
func (r *Record) adopt(to, id string) error {
	a := &r.Article
	own, err := Identity(a.URL)
	if err != nil {
		return err
	}
	a.MovedTo, a.LeadsTo, a.LeadsSince = to, "", time.Time{}
	if sameAddress(to, a.URL) {
		a.MovedTo = ""
	}
	a.ETag, a.LastModified = "", ""
	if id != own { // else it is another form of the address, such as https
		r.Aliases = append(r.Aliases, id)
		r.say(EventMoved, fmt.Sprintf("%s leads to %s for good, and it is looked at there from now on", a.URL, to))
	}
	return nil
}

// say notes an event of a look that has an outcome of its own, and puts the
// sentence beside that.
func (r *Record) say(kind EventKind, detail string) {
	r.remark = detail
	r.Events = append(r.Events, Event{ArticleID: r.Article.ID, Kind: kind, At: r.Check.At, Detail: detail})
}

// permanent returns where the redirects lead that say they are there for good,
// up to the first that does not; empty where there are none.
func permanent(c *Capture) string {
	to := ""
	for _, hop := range c.Hops {
		if hop.Status != http.StatusMovedPermanently && hop.Status != http.StatusPermanentRedirect {
			break
		}
		to = hop.Location
	}
	if clean, err := Clean(to); err == nil && !sameAddress(clean, c.URL) {
		return clean
	}
	return ""
}

// sameAddress reports whether two addresses are fetched alike.
func sameAddress(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a == b
}
