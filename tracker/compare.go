package tracker

import (
	"context"
	"fmt"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// compare holds story against the newest version and writes into r what came of it.
func (w *Watcher) compare(ctx context.Context, r *Record, c *Capture, story *extract.Story) error {
	newest, last, err := w.Store.Latest(ctx, r.Article.ID)
	if err != nil {
		return err
	}
	r.Check.Modified = story.Modified
	r.Article.learn(story, c)
	if err := w.identify(ctx, r, c, story, &newest); err != nil {
		return err
	}
	if newest.N == 0 {
		r.Version = version(c, story, 1)
		r.appear(OutcomeNew)
		return nil
	}
	current, err := Reader{w.Store, w.Rules}.Current(ctx, r.Article.URL, newest)
	if err != nil {
		return err
	}
	if !last.Modified.IsZero() {
		current.Story.Modified = last.Modified
	}
	before, paged := PagedOut(&current.Story, story)
	rev := revision.Compare(before, story)
	if rev.Same() {
		r.Check.Version = newest.N
		r.settle(verdict{Outcome: r.Article.plainSame()})
		return nil
	}
	err = w.changed(ctx, r, c, story, newest, last, rev)
	r.Check.Detail = pagedOutText(paged)
	return err
}

// changed writes a new version and the change that led to it into r.
func (w *Watcher) changed(ctx context.Context, r *Record, c *Capture, story *extract.Story, newest Version, last Check, rev *revision.Revision) error {
	v := version(c, story, newest.N+1)
	earlier, err := w.Store.VersionByKey(ctx, r.Article.ID, v.Key)
	if err != nil {
		return err
	}
	v.RevertsTo = earlier
	r.Version = v
	r.Change = &Change{
		ArticleID: r.Article.ID, From: newest.N, To: v.N,
		SeenAfter: last.At, SeenBy: r.Check.At,
		URL: r.Article.URL, Outlet: r.Article.Outlet, OldHeadline: newest.Story.Headline, NewHeadline: story.Headline,
	}
	r.Change.tell(rev, earlier)
	r.appear(OutcomeChanged)
	return nil
}

// summary is that of rev; a return to an earlier version says so first.
func summary(rev *revision.Revision, earlier int) string {
	if earlier == 0 {
		return rev.Summary
	}
	return fmt.Sprintf("returns to version %d: %s", earlier, rev.Summary)
}

// appear settles a check that made a version.
func (r *Record) appear(o Outcome) {
	r.Check.Version = r.Version.N
	r.settle(verdict{Outcome: o})
	r.Article.Versions, r.Article.Live = r.Version.N, r.Version.Story.Live()
	r.Article.LastChange = r.Check.At
}

// version makes version n of what was captured.
func version(c *Capture, story *extract.Story, n int) *Version {
	return &Version{
		ArticleID: c.ArticleID, N: n, CapturedAt: c.Ended, CaptureID: c.ID, CaptureSHA: c.SHA256,
		Story: *story, Extractor: extract.Revision, SHA256: story.SHA256(), Key: revision.Key(story),
		Words: revision.Words(story),
	}
}

// plainSame is the outcome of a look that showed the newest version.
func (a Article) plainSame() Outcome {
	if a.gone() {
		return OutcomeRestored
	}
	return OutcomeUnchanged
}

// learn takes from a story what is known of its article.
func (a *Article) learn(story *extract.Story, c *Capture) {
	a.Title = story.Headline
	a.Canonical = ""
	if story.Canonical != "" && story.Canonical != a.URL {
		a.Canonical = story.Canonical
	}
	a.ETag, a.LastModified = "", ""
	if len(c.Hops) == 0 { // the validators of another address say nothing of this one
		a.keepValidators(c.Header)
	}
}
