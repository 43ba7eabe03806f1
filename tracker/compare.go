package tracker

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// compare holds story against the newest version and writes into r what came of it.
func (w *Watcher) compare(ctx context.Context, r *Record, c, next *Capture, story *extract.Story) error {
	head, _, err := w.head(ctx, r)
	if err != nil {
		return err
	}
	r.Check.Modified = story.Modified
	r.Article.learn(story, c)
	if err := w.identify(ctx, r, c, story); err != nil {
		return err
	}
	if w.sameAtSight(r, &head, story) {
		r.same(head)
		return nil
	}
	newest, last, err := w.newest(ctx, r)
	if err != nil {
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
	before, doubts := current.Steady(), current.doubts(len(current.Steady().Blocks))
	if revision.Key(before) == revision.Key(story) {
		r.confirm(newest, current, c, settlement{before: before, twice: true})
		r.same(newest)
		return nil
	}
	otherwise := sameOtherwiseRead(before, story)
	if otherwise {
		if before, err = w.readAlike(ctx, last, story); err != nil {
			return err
		}
		if before == nil || revision.Key(before) == revision.Key(story) {
			r.same(newest)
			return nil
		}
		doubts = make([]doubt, len(before.Blocks))
		for i := range doubts {
			doubts[i] = unseen
		}
	}
	known, err := loreOf(ctx, w.Store, &r.Article, before, story)
	if err != nil {
		return err
	}
	if x, y, _ := known.compared(before, story); revision.Key(x) == revision.Key(y) {
		r.Taught = known.repeated(story)
		r.same(newest)
		return w.withdraw(ctx, r, newest, known.believed())
	}
	seen, why, err := w.settled(ctx, r, c, next, before, story, doubts)
	if err != nil {
		return err
	}
	if !otherwise {
		r.confirm(newest, current, c, seen)
	}
	x, y, paged := known.compared(seen.before, seen.story)
	rev := revision.Compare(x, y)
	if rev.Same() {
		r.same(newest)
		return nil
	}
	if err := w.changed(ctx, r, c, seen.story, newest, last, rev); err != nil {
		return err
	}
	if seen.twice && r.Check.SecondID > 0 {
		r.Version.SecondID, r.Version.Doubt = r.Check.SecondID, seen.later
	}
	r.add(pagedOutText(paged))
	if why != "" {
		r.add("one look alone showed the change, for the second came to nothing: " + why)
	}
	return nil
}

// sameAtSight reports whether a story has the content of the newest version, and
// nothing more can be learned from it: no block of that is in doubt, and it was
// read as it would be read today. Only its head is needed for that.
func (w *Watcher) sameAtSight(r *Record, newest *Version, story *extract.Story) bool {
	return newest.N > 0 && !newest.doubted() && Reader{w.Store, w.Rules}.readSo(r.Article.URL, newest) && newest.Key == revision.Key(story)
}

// doubted reports whether a further look can tell something of a version's blocks.
func (v *Version) doubted() bool { return v.SecondID == 0 || len(v.Doubt) > 0 }

// compared returns two stories of one article as they are compared: without what
// is known to be furniture and, of a live blog, the older one without the posts
// that were paged away, and how many those are.
func (l lore) compared(before, after *extract.Story) (x, y *extract.Story, paged int) {
	x, y = l.sides(before, after)
	x, paged = PagedOut(x, y)
	return x, y, paged
}

// add adds a sentence to what the check has to say.
func (r *Record) add(text string) {
	if r.Check.Detail != "" && text != "" {
		text = r.Check.Detail + "; " + text
	}
	r.Check.Detail = cmp.Or(text, r.Check.Detail)
}

// settled returns what a second look leaves of the difference between the newest
// version and story. No second look is taken where only fields and notes differ:
// those of the first count, whatever the second shows. Where it came to nothing
// the first stands, and why says so.
func (w *Watcher) settled(ctx context.Context, r *Record, c, next *Capture, before, story *extract.Story, doubts []doubt) (s settlement, why string, err error) {
	if sameText(before, story) {
		return settlement{before: before, story: story, twice: true}, "", nil
	}
	again, err := w.lookAgain(ctx, r, c, next)
	if err != nil || again.story == nil {
		return settlement{before: before, story: story}, again.why, err
	}
	s = settle(before, story, again.story, doubts)
	for i := range s.unsteady {
		s.unsteady[i].Key = keyOf(r.Article.Outlet, s.unsteady[i])
	}
	r.Unsteady = s.unsteady
	return s, "", nil
}

// sameText reports whether two stories differ in fields and notes at most.
func sameText(x, y *extract.Story) bool {
	text := func(s *extract.Story) [32]byte {
		return revision.Key(&extract.Story{Blocks: slices.DeleteFunc(slices.Clone(s.Blocks), func(b extract.Block) bool { return b.Kind == extract.Note })})
	}
	return text(x) == text(y)
}

// same settles a check that showed the newest version.
func (r *Record) same(newest Version) {
	r.Check.Version = newest.N
	r.settle(verdict{Outcome: r.Article.plainSame()})
}

// confirm writes what a look showed of the newest version into r, where blocks of
// that were in doubt and it is read as it was then.
func (r *Record) confirm(newest, current Version, c *Capture, seen settlement) {
	if !seen.twice || !newest.doubted() || !newest.ReadLike(current) {
		return
	}
	numbers := newest.steadyNumbers()
	loose := slices.Clone(newest.Loose)
	for _, n := range seen.loose {
		loose = append(loose, numbers[n])
	}
	var inDoubt []int
	for _, n := range seen.doubt {
		inDoubt = append(inDoubt, numbers[n])
	}
	slices.Sort(loose)
	r.Confirm = &Confirmation{N: newest.N, CaptureID: c.ID, Loose: loose, Doubt: inDoubt, Key: revision.Key(seen.before)}
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
	r.Taught = lessons(r.Article.Outlet, &r.Version.Story)
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
	if a.Versions == 0 {
		a.Published = story.Published
	}
	a.Canonical = ""
	if story.Canonical != "" && story.Canonical != a.URL {
		a.Canonical = story.Canonical
	}
	a.ETag, a.LastModified, a.ReadBy, a.WholeAt = "", "", readBy(story.RulesFingerprint()), c.Ended
	if len(c.Hops) == 0 { // the validators of another address say nothing of this one
		a.keepValidators(c.Header)
	}
}
