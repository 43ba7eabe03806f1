package tracker

import (
	"context"
	"fmt"
	"slices"

	"storydiff/tracker/revision"
)

// maxWithdrawn is how many of an article's newest changes are judged anew by what
// has been learned since.
const maxWithdrawn = 10

// furnitureSaid is the summary of a change that was withdrawn.
const furnitureSaid = "no edit: what came or went is furniture, as was learned since"

// withdraw finds the newest changes of r's article in which nothing changed but
// what has since been learned to be furniture, and puts them into r: they were
// claimed because two looks a few seconds apart happened to agree. They stay in
// the article's history, marked so. It looks for them where something is believed
// of the story by which they were not judged before.
func (w *Watcher) withdraw(ctx context.Context, r *Record, newest Version, by []belief) error {
	if !w.judged.news(r.Article.ID, by) {
		return nil
	}
	changes, err := w.Store.Changes(ctx, ChangeFilter{ArticleID: r.Article.ID, Limit: maxWithdrawn})
	if err != nil {
		return err
	}
	later := newest // the version read last: it is often the next change's too
	for _, c := range changes {
		if !blocksAlone(&c) {
			continue
		}
		after, err := w.version(ctx, later, c.To, r.Article.ID)
		if err != nil {
			return err
		}
		before, err := w.Store.Version(ctx, r.Article.ID, c.From)
		if err != nil {
			return err
		}
		alone, err := w.furnitureAlone(ctx, &r.Article, &before, &after)
		if err != nil {
			return err
		}
		if alone {
			c.void(furnitureSaid)
			r.Withdrawn = append(r.Withdrawn, c)
		}
		later = before
	}
	r.judgedBy = by
	return nil
}

// version returns version n of an article, which at may be.
func (w *Watcher) version(ctx context.Context, at Version, n int, articleID int64) (Version, error) {
	if at.N == n {
		return at, nil
	}
	return w.Store.Version(ctx, articleID, n)
}

// blocksAlone reports whether a change is one of blocks: fields are never
// furniture.
func blocksAlone(c *Change) bool {
	return !slices.ContainsFunc(c.Kinds, func(k revision.Kind) bool {
		return k == revision.Headline || k == revision.Standfirst || k == revision.Byline
	})
}

// furnitureAlone reports whether two versions, read alike, differ in nothing but
// what is known to be furniture.
func (w *Watcher) furnitureAlone(ctx context.Context, a *Article, before, after *Version) (bool, error) {
	was, is := before.Steady(), after.Steady()
	if !before.ReadLike(*after) || revision.Key(was) == revision.Key(is) {
		return false, nil
	}
	_, _, alone, err := bared(ctx, w.Store, a, was, is)
	if err != nil {
		return false, fmt.Errorf("judging versions %d and %d anew: %w", before.N, after.N, err)
	}
	return alone, nil
}

// void makes a change one that is no publisher's.
func (c *Change) void(why string) {
	*c = Change{
		ID: c.ID, ArticleID: c.ArticleID, From: c.From, To: c.To, SeenAfter: c.SeenAfter, SeenBy: c.SeenBy,
		Disclosure: revision.Silent, Summary: why, Ours: true,
		URL: c.URL, Outlet: c.Outlet, OldHeadline: c.OldHeadline, NewHeadline: c.NewHeadline, Lang: c.Lang,
	}
}
