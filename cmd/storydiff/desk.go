package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// A desk does what visitors of the report want changed, as the commands do it.
type desk struct {
	db  *storage.DB
	vet func(address string) error // says why an address is not to be tracked; nil error: it may be
}

var _ report.Desk = (*desk)(nil)

// Add implements report.Desk.
func (d *desk) Add(ctx context.Context, address string, tags []string) (tracker.Article, bool, error) {
	n, err := newArticle(address, tags, "")
	if e, ok := errors.AsType[*tracker.AddressError](err); ok {
		return tracker.Article{}, false, report.Refusal(e.Why)
	}
	if err == nil {
		err = d.vet(n.URL)
	}
	if err != nil {
		return tracker.Article{}, false, report.Refusal(err.Error())
	}
	return d.db.Add(ctx, n)
}

// Pause implements report.Desk.
func (d *desk) Pause(ctx context.Context, id int64) error {
	return d.db.SetState(ctx, id, tracker.Paused, time.Now())
}

// Resume implements report.Desk. What is looked at already stays as it is: an
// article that is gone does not become active by being asked for twice.
func (d *desk) Resume(ctx context.Context, id int64) error {
	a, err := d.db.Article(ctx, id)
	if err != nil {
		return err
	}
	if a.State != tracker.Paused && a.State != tracker.Retired {
		return report.Refusal("it is looked at already")
	}
	return d.db.SetState(ctx, id, tracker.Active, time.Now())
}

// LookNow implements report.Desk.
func (d *desk) LookNow(ctx context.Context, id int64) error {
	err := d.db.MakeDue(ctx, id, time.Now())
	if errors.Is(err, tracker.ErrNotFound) {
		if a, readErr := d.db.Article(ctx, id); readErr == nil && a.RemovedAt.IsZero() {
			return report.Refusal(fmt.Sprintf("it is %s: resume it first", a.State))
		}
	}
	return err
}

// Tag implements report.Desk.
func (d *desk) Tag(ctx context.Context, id int64, tag string) error {
	return refused(d.db.Tag(ctx, id, tag))
}

// Untag implements report.Desk.
func (d *desk) Untag(ctx context.Context, id int64, tag string) error {
	return d.db.Untag(ctx, id, tag)
}

// Annotate implements report.Desk.
func (d *desk) Annotate(ctx context.Context, a *tracker.Annotation) error {
	return refused(d.db.Annotate(ctx, a))
}

// Unannotate implements report.Desk.
func (d *desk) Unannotate(ctx context.Context, articleID, id int64) error {
	return d.db.Unannotate(ctx, articleID, id)
}

// Watched implements report.Desk.
func (d *desk) Watched(ctx context.Context) (bool, error) {
	_, runs, err := d.db.Daemon(ctx)
	return runs, err
}

// refused makes a refusal of what can be told to a visitor.
func refused(err error) error {
	if errors.Is(err, storage.ErrTooMany) {
		return report.Refusal(err.Error())
	}
	return err
}

// vet says why the report must not add an address: the network is not to be asked
// for private ones, or those who would be asked are to know by whom.
func (n *network) vet(address string) error {
	if err := vetPublic(n.allowPrivate)(address); err != nil {
		return err
	}
	return n.known(address)
}

// vetPublic refuses what is no public address, unless private ones are allowed.
// Names are looked up, and judged again, when they are fetched.
func vetPublic(allowPrivate bool) func(string) error {
	return func(address string) error {
		if allowPrivate || fetch.Public(address) {
			return nil
		}
		return fmt.Errorf("%s is not on the public network: storydiff looks at such addresses only with --allow-private", fetch.HostOf(address))
	}
}
