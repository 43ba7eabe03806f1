package tracker

import (
	"context"
	"fmt"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
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
	r.Aliases = aliases(r.Article)
	if newest.N == 0 {
		r.Version = version(c, story, 1)
		r.appear(OutcomeNew)
		return nil
	}
	before, err := w.reread(ctx, r.Article, newest)
	if err != nil {
		return err
	}
	if !last.Modified.IsZero() {
		before.Modified = last.Modified
	}
	before, paged := PagedOut(before, story)
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
		Kinds: rev.Kinds, Disclosure: rev.Disclosure, Proof: rev.Proof,
		NoteSpeaks: rev.NoteSpeaks, Traces: rev.Traces,
		Significance: rev.Significance, Reasons: rev.Reasons,
		WordsAdded: rev.WordsAdded, WordsRemoved: rev.WordsRemoved,
		Summary: summary(rev, earlier), Excerpt: rev.Excerpt, RevertsTo: earlier,
		URL: r.Article.URL, Outlet: r.Article.Outlet, OldHeadline: newest.Story.Headline, NewHeadline: story.Headline,
	}
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

// reread returns the story of a version as today's extractor reads it, by today's
// site rules, so that an improvement of ours is never shown as the newspaper's
// edit. Where the capture cannot be read any more, what was read then stands.
func (w *Watcher) reread(ctx context.Context, a Article, v Version) (*extract.Story, error) {
	if v.Extractor == extract.Revision && v.Story.RulesFingerprint() == w.Rules.Fingerprint(a.URL) {
		return &v.Story, nil
	}
	c, err := w.Store.Capture(ctx, v.CaptureID)
	if err != nil {
		return nil, fmt.Errorf("reading version %d again: %w", v.N, err)
	}
	c.rules = w.Rules
	story, err := read(&c)
	if err != nil {
		return &v.Story, nil
	}
	return story, nil
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
	if a.State == Gone {
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

// aliases returns the identity of an article's canonical address, where it is
// the outlet's own and no front page: some sites point there from every story.
func aliases(a Article) []string {
	if a.Canonical == "" || fetch.HostOf(a.Canonical) != a.Host {
		return nil
	}
	id, err := Identity(a.Canonical)
	if err != nil || id == frontOf(id) {
		return nil
	}
	return []string{id}
}
