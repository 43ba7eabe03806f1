package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

// Record stores in one transaction a check and all that came of it, ends the
// owner's lease, and gives the check, version and change their IDs and numbers;
// where it fails, nothing was stored and r is as it was. ErrLeaseLost: the
// article is not the owner's any more, because its lease ran out and somebody
// else took it, or because it was removed.
//
// Of r.Article are stored its state and what the next look needs: Canonical,
// NextCheck, Failures, MissingFrom, Misses, GoneFrom, MovedTo, LeadsTo,
// LeadsSince and the validators. What follows from the check and the version is
// worked out here and put into r.Article: Versions, Title, LastCheck,
// LastOutcome, LastReason and LastChange. The rest belongs to the user, and so
// does the state paused: only SetState begins and ends it.
//
// A check with a plain outcome and no Version showed the newest one. It ends
// what lasts, being gone, blocked or missing; one that showed it gone ends the
// latter two. An event of these kinds is noted only where none of its kind
// lasts; where one with another reason does, it ends that (but what is missing
// is so for one reason as for another). An alias that leads to another article
// stays with that, and one that several articles call theirs leads to none. A
// merge is made where both articles are tracked and active.
//
// What the looks showed is learned with it: r.Confirm of the version before, if
// nothing had confirmed that; r.Unsteady and r.Taught for Learned.
//
// Notices are stored with it, but not one of an event that was noted before.
//
// The wire bytes of a capture are dropped where its check came out unchanged.
// They were no more than another coding of the body, which is kept; a capture
// that a version was read from keeps both.
func (db *DB) Record(ctx context.Context, owner string, r *tracker.Record) error {
	var p *plan
	err := db.withRoom(func() (err error) {
		if p, err = db.plan(ctx, r); err != nil {
			return err
		}
		return db.inTx(ctx, func(tx *sql.Tx) error { return p.run(ctx, tx, owner) })
	})
	if err != nil {
		return failed(err, "recording a check of article %d", r.Article.ID)
	}
	r.Article, r.Check = p.article, p.check
	if r.Version != nil {
		*r.Version = p.version
	}
	if r.Change != nil {
		*r.Change = p.change
	}
	return nil
}

// A plan is a record on its way into the tables. It works on copies, so that
// the caller's record is as it was should the transaction fail.
type plan struct {
	r        *tracker.Record
	stored   tracker.Article // as it was before
	article  tracker.Article
	check    tracker.Check
	version  tracker.Version
	change   tracker.Change
	blocks   frame
	searched int                 // versions in the index
	indexed  int                 // the same as stored
	noted    []tracker.EventKind // of the events, those that were not noted before

	entries   []search.Entry // of the version
	again     bool           // the version before has other entries now:
	confirmed []search.Entry
}

// plan does what takes time before the write lock is taken.
func (db *DB) plan(ctx context.Context, r *tracker.Record) (*plan, error) {
	p := &plan{r: r, article: r.Article, check: r.Check}
	p.check.ArticleID = r.Article.ID
	if r.Change != nil {
		if r.Version == nil {
			return nil, errors.New("there is a change but no version")
		}
		p.change = *r.Change
		p.change.ArticleID = r.Article.ID
	}
	if r.Version != nil {
		p.version = *r.Version
		p.version.ArticleID = r.Article.ID
		var err error
		if p.blocks, err = db.encodeBlocks(ctx, r.Article.ID, &p.version); err != nil {
			return nil, err
		}
	}
	return p, p.planIndex(ctx, db)
}

func (p *plan) run(ctx context.Context, tx *sql.Tx, owner string) error {
	if err := p.hold(ctx, tx, owner); err != nil {
		return err
	}
	steps := []func(context.Context, *sql.Tx) error{
		p.putVersion, p.putIndex, p.putCheck, p.putChange, p.putConfirmation, p.putLessons, p.putUnsteady, p.putWithdrawn, p.settleCaptures,
		p.putEvents, p.putShared, p.putAliases, p.putArticle, p.putMerge, p.putNotices,
	}
	for _, step := range steps {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// hold makes sure that the article is the owner's, and takes over what others
// may have changed since it was claimed.
func (p *plan) hold(ctx context.Context, tx *sql.Tx, owner string) error {
	var holder string
	stored, err := scanArticle(tx.QueryRowContext(ctx, `
		SELECT `+articleColumns+`, lease_owner, searched
		FROM article
		WHERE id = ?`, p.article.ID), &holder, &p.searched)
	if err == sql.ErrNoRows {
		return fmt.Errorf("%w: %w", tracker.ErrLeaseLost, tracker.ErrNotFound)
	}
	if err != nil {
		return err
	}
	if holder == "" || holder != owner {
		return tracker.ErrLeaseLost
	}
	after := p.article
	p.article, p.stored, p.indexed = stored, stored, p.searched
	if stored.State != tracker.Paused && after.State != tracker.Paused {
		p.article.State = after.State
	}
	p.article.Published = after.Published
	p.article.Canonical, p.article.NextCheck, p.article.Failures = after.Canonical, after.NextCheck, after.Failures
	p.article.MissingFrom, p.article.Misses, p.article.GoneFrom = after.MissingFrom, after.Misses, after.GoneFrom
	p.article.MovedTo, p.article.LeadsTo, p.article.LeadsSince = after.MovedTo, after.LeadsTo, after.LeadsSince
	p.article.ETag, p.article.LastModified = after.ETag, after.LastModified
	p.article.ReadBy, p.article.WholeAt = after.ReadBy, after.WholeAt
	return nil
}

func (p *plan) putVersion(ctx context.Context, tx *sql.Tx) error {
	if p.r.Version == nil {
		return nil
	}
	p.article.Versions++
	p.article.Title = p.version.Story.Headline
	p.article.LastChange = p.version.CapturedAt
	p.version.N = p.article.Versions
	return insertVersion(ctx, tx, &p.version, p.blocks)
}

func (p *plan) putCheck(ctx context.Context, tx *sql.Tx) error {
	p.article.LastCheck, p.article.LastOutcome, p.article.LastReason = p.check.At, p.check.Outcome, p.check.Reason
	if p.r.Version != nil || p.check.Version == 0 && p.check.Outcome.Plain() {
		p.check.Version = p.article.Versions
	}
	if p.article.State != tracker.Retired {
		p.check.Planned = p.article.NextCheck
	}
	var err error
	p.check.ID, err = insertCheck(ctx, tx, &p.check, p.article.AddedAt)
	return err
}

func (p *plan) putChange(ctx context.Context, tx *sql.Tx) error {
	if p.r.Change == nil {
		return nil
	}
	if p.version.N < 2 {
		return errors.New("there is a change but no version before it")
	}
	p.change.From, p.change.To = p.version.N-1, p.version.N
	var err error
	p.change.ID, err = insertChange(ctx, tx, &p.change)
	return err
}

// settleCaptures notes that a check speaks of its captures.
func (p *plan) settleCaptures(ctx context.Context, tx *sql.Tx) error {
	for _, id := range []int64{p.check.CaptureID, p.check.SecondID} {
		if id == 0 {
			continue
		}
		err := one(tx.ExecContext(ctx, `
			UPDATE capture
			SET pending = 0,
			    wire = CASE
			        WHEN ?3 AND NOT EXISTS (SELECT 1 FROM version WHERE capture = ?1) THEN NULL
			        ELSE wire
			    END
			WHERE id = ?1
			  AND article = ?2`, id, p.article.ID, p.check.Outcome == tracker.OutcomeUnchanged))
		if err != nil {
			return notFound(err, "capture %d of the article", id)
		}
	}
	return nil
}

func (p *plan) putEvents(ctx context.Context, tx *sql.Tx) error {
	if plain := p.check.Outcome.Plain(); plain || p.check.Outcome == tracker.OutcomeGone {
		if err := endSpells(ctx, tx, p.article.ID, p.check.At, plain); err != nil {
			return err
		}
	}
	for i := range p.r.Events {
		noted, err := putEvent(ctx, tx, p.article.ID, &p.r.Events[i])
		if err != nil {
			return err
		}
		if noted {
			p.noted = append(p.noted, p.r.Events[i].Kind)
		}
	}
	return nil
}

// putArticle stores the article as it stands after the check, and ends the lease.
func (p *plan) putArticle(ctx context.Context, tx *sql.Tx) error {
	a := &p.article
	_, err := tx.ExecContext(ctx, `
		UPDATE article
		SET canonical = ?, title = ?, last_check = ?, last_outcome = ?,
		    next_check = ?, failures = ?, missing_from = ?, misses = ?, etag = ?, last_modified = ?,
		    read_by = ?, whole_at = ?,
		    last_reason = ?, gone_from = ?, moved_to = ?, leads_to = ?, leads_since = ?,
		    lease_owner = '', lease_until = 0
		WHERE id = ?`,
		a.Canonical, a.Title, ms(a.LastCheck), string(a.LastOutcome),
		ms0(a.NextCheck), a.Failures, ms(a.MissingFrom), a.Misses, a.ETag, a.LastModified, a.ReadBy, ms(a.WholeAt),
		a.LastReason, ms(a.GoneFrom), a.MovedTo, a.LeadsTo, ms(a.LeadsSince), a.ID)
	if err != nil || !p.turned() {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE article
		SET state = ?, versions = ?, last_change = ?, published = ?, searched = ?
		WHERE id = ?`, string(a.State), a.Versions, ms(a.LastChange), ms(a.Published), p.searched, a.ID)
	return err
}

// turned reports whether the check altered what seldom alters. SQLite writes every
// index anew in which a column stands that a statement sets, whatever it sets it to,
// and these stand in five.
func (p *plan) turned() bool {
	was, is := &p.stored, &p.article
	return was.State != is.State || was.Versions != is.Versions || p.indexed != p.searched ||
		ms0(was.LastChange) != ms0(is.LastChange) || ms(was.Published) != ms(is.Published)
}
