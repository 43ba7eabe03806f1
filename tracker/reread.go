package tracker

import (
	"context"
	"fmt"
	"slices"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// A Shelf is what reading versions anew needs of a store.
type Shelf interface {
	// ReadOtherwise returns the tracked articles that have versions which an
	// extractor of another revision than this one read, or with another
	// fingerprint of rules than that for the article's address, in order.
	ReadOtherwise(ctx context.Context, extractor int, fingerprint func(address string) string) ([]int64, error)

	ClaimArticle(ctx context.Context, id int64, owner string, now time.Time, ttl time.Duration) (a Article, ok bool, err error)
	Release(ctx context.Context, id int64, owner string) error
	Versions(ctx context.Context, articleID int64) ([]Version, error)
	Changes(ctx context.Context, f ChangeFilter) ([]Change, error)
	Capture(ctx context.Context, id int64) (Capture, error)

	// What has been learned to be furniture decides here as it does in checks.
	Learner

	// ModifiedShown returns the modified time that the newest look at a version
	// stated; zero where it stated none.
	ModifiedShown(ctx context.Context, articleID int64, n int) (time.Time, error)

	// Reshelve puts versions and changes in the place of those with the same
	// numbers, in one transaction, and notes how the versions were read before.
	// versions are all that the article has. ErrLeaseLost: nothing was stored.
	Reshelve(ctx context.Context, owner string, at time.Time, versions []Version, changes []Change) error
}

// A Reread is what came of reading an article's versions anew.
type Reread struct {
	Busy      bool // another worker had the article; nothing was done
	Versions  int  // read anew
	Altered   int  // of those, the ones whose text came out another
	Lost      int  // of those, the ones whose capture holds no article for this extractor; they stay as they were
	Ours      int  // changes found to be the extractor's doing
	Furniture int  // changes in which nothing differs but what has been learned to be furniture
}

// A Rereader derives versions anew from their captures.
type Rereader struct {
	Shelf Shelf
	Rules *extract.Rules // site rules by which pages are read, beside those shipped; nil: none
	Owner string         // names this worker in leases
	All   bool           // also what this extractor has read already
	Try   bool           // nothing is stored
}

// Outdated returns the articles that have something to be read anew.
func (d *Rereader) Outdated(ctx context.Context) ([]int64, error) {
	return d.Shelf.ReadOtherwise(ctx, extract.Revision, d.Rules.Fingerprint)
}

// Article reads anew the versions of an article that another extractor read,
// and compares each with the one before as a check would do today, without what
// has been learned to be furniture. Versions and changes keep their numbers. A
// change whose two texts are now the same was the extractor's doing and is marked
// so, and one of furniture alone is withdrawn, or stays so.
func (d *Rereader) Article(ctx context.Context, id int64) (done Reread, err error) {
	a, ok, err := d.Shelf.ClaimArticle(ctx, id, d.Owner, time.Now(), leaseFor)
	if err != nil || !ok {
		return Reread{Busy: err == nil}, err
	}
	defer func() {
		if e := d.Shelf.Release(context.WithoutCancel(ctx), id, d.Owner); err == nil {
			err = e
		}
	}()
	versions, err := d.Shelf.Versions(ctx, id)
	if err != nil {
		return done, err
	}
	for i := range versions {
		if err := d.version(ctx, a.URL, &versions[i], &done); err != nil {
			return done, err
		}
	}
	if done.Versions == 0 {
		return done, nil
	}
	changes, err := d.changes(ctx, &a, versions, &done)
	if err != nil || d.Try {
		return done, err
	}
	return done, d.Shelf.Reshelve(context.WithoutCancel(ctx), d.Owner, time.Now(), versions, changes)
}

// version reads one version anew, where its capture can be read.
func (d *Rereader) version(ctx context.Context, address string, v *Version, done *Reread) error {
	reader := Reader{d.Shelf, d.Rules}
	if reader.readSo(address, v) && !d.All {
		return nil
	}
	done.Versions++
	again, ok, err := reader.again(ctx, *v)
	if err != nil {
		return err
	}
	if !ok {
		done.Lost++
		v.Extractor = extract.Revision // it would find the same again
		return nil
	}
	if again.SHA256 != v.SHA256 {
		done.Altered++
	}
	*v = again
	return nil
}

// changes compares the versions anew, each with the one before.
func (d *Rereader) changes(ctx context.Context, a *Article, versions []Version, done *Reread) ([]Change, error) {
	changes, err := d.Shelf.Changes(ctx, ChangeFilter{ArticleID: a.ID, Ours: true})
	if err != nil {
		return nil, err
	}
	byTo := map[int]*Change{}
	for i := range changes {
		byTo[changes[i].To] = &changes[i]
	}
	newest := map[[32]byte]int{} // the newest version of a content so far
	for i := range versions {
		v := &versions[i]
		if c := byTo[v.N]; c != nil && i > 0 {
			v.RevertsTo = newest[v.Key]
			furniture, err := d.change(ctx, a, c, &versions[i-1], v)
			switch {
			case err != nil:
				return nil, err
			case furniture:
				done.Furniture++
			case c.Ours:
				done.Ours++
			}
		}
		newest[v.Key] = v.N
	}
	return changes, nil
}

// change compares two versions anew; furniture says that they differ in nothing
// but what has been learned to be that.
func (d *Rereader) change(ctx context.Context, a *Article, c *Change, before, after *Version) (furniture bool, err error) {
	was, is := *before.Steady(), after.Steady()
	modified, err := d.Shelf.ModifiedShown(ctx, a.ID, before.N)
	if err != nil {
		return false, err
	}
	if !modified.IsZero() {
		was.Modified = modified
	}
	x, y, alone, err := bared(ctx, d.Shelf, a, &was, is)
	if err != nil {
		return false, fmt.Errorf("comparing versions %d and %d anew: %w", before.N, after.N, err)
	}
	if alone && revision.Key(&was) != revision.Key(is) {
		after.RevertsTo = 0
		c.void(furnitureSaid)
		return true, nil
	}
	shown, _ := PagedOut(x, y)
	rev := revision.Compare(shown, y)
	if rev.Same() {
		after.RevertsTo = 0
	}
	c.tell(rev, after.RevertsTo)
	return false, nil
}

// oursSaid is the summary of a change that was the doing of the extractor or of
// site rules: the page itself may well have changed in what they leave out.
const oursSaid = "no edit: an earlier version of storydiff, or other site rules, read it otherwise"

// tell writes into a change what a comparison says of it. Earlier is the
// version that it returns to; 0: none.
func (c *Change) tell(rev *revision.Revision, earlier int) {
	c.Kinds, c.Disclosure, c.Proof = rev.Kinds, rev.Disclosure, rev.Proof
	c.NoteSpeaks, c.Traces = rev.NoteSpeaks, rev.Traces
	c.Significance, c.Reasons = rev.Significance, rev.Reasons
	c.WordsAdded, c.WordsRemoved = rev.WordsAdded, rev.WordsRemoved
	c.Summary, c.Excerpt, c.RevertsTo = summary(rev, earlier), rev.Excerpt, earlier
	c.Ours = false
	if rev.Same() {
		c.void(oursSaid)
	}
}

// Publishers returns the changes that are a publisher's and not the extractor's
// doing. The changes are those of the list that it is given.
func Publishers(list []Change) []Change {
	return slices.DeleteFunc(slices.Clone(list), func(c Change) bool { return c.Ours })
}
