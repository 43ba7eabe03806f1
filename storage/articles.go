package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"storydiff/tracker"
)

// A NewArticle is a URL to track.
type NewArticle struct {
	URL      string // without credentials
	Identity string // what all forms of the address share; see tracker.Identity
	Outlet   string
	Host     string
	Tags     []string // in any order, twice or not
	Cron     string   // empty: by the schedule
	Unpin    bool     // an article that is tracked loses the cron line that it has, if there is no Cron
	At       time.Time
}

// Add tracks an article from n.At on, when it is also due. Where its identity
// leads to one already, that one is returned and added is false: the tags are
// added to its own, and a cron line takes the place of its own and makes it due
// at n.At; so does n.Unpin with none. An article that was removed is taken up again with its history, is
// active, and counts as added.
func (db *DB) Add(ctx context.Context, n NewArticle) (a tracker.Article, added bool, err error) {
	tags, err := cleanTags(n.Tags)
	if err != nil {
		return a, false, failed(err, "adding %s", n.URL)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		id, err := articleOf(ctx, tx, n.Identity)
		switch err {
		case sql.ErrNoRows:
			added = true
			id, err = insertArticle(ctx, tx, &n)
		case nil:
			added, err = revive(ctx, tx, id, &n)
		}
		if err != nil {
			return err
		}
		for _, tag := range tags {
			if _, err := tx.ExecContext(ctx, `INSERT INTO tag (article, tag) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, tag); err != nil {
				return err
			}
		}
		a, err = article(ctx, tx, id)
		return err
	})
	if err != nil {
		return tracker.Article{}, false, failed(err, "adding %s", n.URL)
	}
	return a, added, nil
}

// cleanTags returns the tags that are not empty, each once and in order.
func cleanTags(tags []string) ([]string, error) {
	var clean []string
	for _, tag := range tags {
		tag = strings.TrimSpace(tag)
		if !utf8.ValidString(tag) || strings.ContainsFunc(tag, unicode.IsControl) {
			return nil, fmt.Errorf("the tag %q has letters that cannot be written", tag)
		}
		if tag != "" {
			clean = append(clean, tag)
		}
	}
	slices.Sort(clean)
	return slices.Compact(clean), nil
}

func articleOf(ctx context.Context, q querier, identity string) (id int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT article FROM alias WHERE identity = ?`, identity).Scan(&id)
	return id, err
}

func insertArticle(ctx context.Context, tx *sql.Tx, n *NewArticle) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		INSERT INTO article (url, outlet, host, state, cron, added_at, next_check)
		VALUES (?1, ?2, ?3, 'active', ?4, ?5, ?5)`,
		n.URL, n.Outlet, n.Host, n.Cron, ms0(n.At))
	if err != nil {
		return 0, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO alias (identity, article) VALUES (?, ?)`, n.Identity, id)
	return id, err
}

// revive takes up an article that was removed, and gives one that is there its
// new cron line.
func revive(ctx context.Context, tx *sql.Tx, id int64, n *NewArticle) (revived bool, err error) {
	done, err := tx.ExecContext(ctx, `
		UPDATE article
		SET removed_at = NULL, state = 'active', next_check = ?2, cron = ?3,
		    failures = 0, missing_from = NULL, misses = 0
		WHERE id = ?1
		  AND removed_at IS NOT NULL`, id, ms0(n.At), n.Cron)
	if err != nil {
		return false, err
	}
	rows, err := done.RowsAffected()
	if err == nil && rows > 0 {
		err = errors.Join(putRest(ctx, tx, id, false, tracker.GapRemoved, n.At), putRest(ctx, tx, id, false, tracker.GapPaused, n.At))
	}
	if err != nil || rows > 0 || n.Cron == "" && !n.Unpin {
		return rows > 0, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE article
		SET cron = ?2, next_check = min(next_check, ?3)
		WHERE id = ?1
		  AND cron <> ?2`, id, n.Cron, ms0(n.At))
	return false, err
}

const articleColumns = `
	id, url, canonical, outlet, host, title, state, cron, added_at, published, removed_at,
	versions, last_check, last_outcome, last_change, next_check, failures,
	missing_from, misses, etag, last_modified, read_by, whole_at,
	last_reason, gone_from, moved_to, leads_to, leads_since, merged_into,
	coalesce((SELECT json_extract(v.sources, '$.live') IS NOT NULL FROM version v WHERE v.article = article.id ORDER BY v.n DESC LIMIT 1), 0),
	(SELECT json_group_array(tag ORDER BY tag) FROM tag WHERE tag.article = article.id)`

// scanArticle reads the articleColumns of a row, and what follows them into more.
func scanArticle(row scanner, more ...any) (a tracker.Article, err error) {
	err = row.Scan(append([]any{&a.ID, &a.URL, &a.Canonical, &a.Outlet, &a.Host, &a.Title, &a.State, &a.Cron, when0(&a.AddedAt), when(&a.Published), when(&a.RemovedAt),
		&a.Versions, when(&a.LastCheck), &a.LastOutcome, when(&a.LastChange), when0(&a.NextCheck), &a.Failures,
		when(&a.MissingFrom), &a.Misses, &a.ETag, &a.LastModified, &a.ReadBy, when(&a.WholeAt),
		&a.LastReason, when(&a.GoneFrom), &a.MovedTo, &a.LeadsTo, when(&a.LeadsSince), optional{&a.MergedInto},
		&a.Live,
		jsonColumn{&a.Tags}}, more...)...)
	return a, err
}

func scanArticleAlone(row scanner) (tracker.Article, error) { return scanArticle(row) }

func article(ctx context.Context, q querier, id int64) (tracker.Article, error) {
	return scanArticle(q.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM article WHERE id = ?`, id))
}

// Article returns one article, also one that was removed. ErrNotFound: it never
// was, or was purged.
func (db *DB) Article(ctx context.Context, id int64) (tracker.Article, error) {
	a, err := article(ctx, db.read, id)
	return a, notFound(err, "article %d", id)
}

// ArticleByIdentity returns the article that an identity leads to, also one
// that was removed.
func (db *DB) ArticleByIdentity(ctx context.Context, identity string) (tracker.Article, error) {
	id, err := articleOf(ctx, db.read, identity)
	if err != nil {
		return tracker.Article{}, notFound(err, "article %s", identity)
	}
	return db.Article(ctx, id)
}

// Articles returns the articles that a filter chooses in the order in which
// they were added, those that were removed left out.
func (db *DB) Articles(ctx context.Context, f tracker.ArticleFilter) ([]tracker.Article, error) {
	w := chosenArticles(f)
	all, err := collect(ctx, db.read, scanArticleAlone,
		`SELECT `+articleColumns+` FROM article `+w.String()+` ORDER BY id LIMIT ?`, append(w.args, limitOf(f.Limit))...)
	return all, failed(err, "listing articles")
}

// chosenArticles is the condition of a filter.
func chosenArticles(f tracker.ArticleFilter) *where {
	w := &where{}
	w.and("removed_at IS NULL")
	if f.Tag != "" {
		w.and("id IN (SELECT article FROM tag WHERE tag = ?)", f.Tag)
	}
	if f.Outlet != "" {
		w.and("outlet = ?", f.Outlet)
	}
	if f.State != "" {
		w.and("state = ?", string(f.State))
	}
	if f.After > 0 {
		w.and("id > ?", f.After)
	}
	return w
}

// ArticlesByChange returns up to limit of the articles that a filter chooses, the
// one that changed last first and of those that changed at once the largest ID;
// an article without a version comes last. The next page is had with after set
// to the mark of the last, and the first with a zero one.
func (db *DB) ArticlesByChange(ctx context.Context, f tracker.ArticleFilter, after tracker.ArticleMark, limit int) ([]tracker.Article, error) {
	w := chosenArticles(f)
	if after.ID > 0 {
		at := ms0(after.Changed)
		w.and("coalesce(last_change, 0) <= ?", at) // the index is entered by this
		w.and("(coalesce(last_change, 0) < ? OR id < ?)", at, after.ID)
	}
	all, err := collect(ctx, db.read, scanArticleAlone, `
		SELECT `+articleColumns+`
		FROM article
		`+w.String()+`
		ORDER BY coalesce(last_change, 0) DESC, id DESC
		LIMIT ?`, append(w.args, limitOf(limit))...)
	return all, failed(err, "listing articles")
}

// CountArticles returns how many articles a filter chooses.
func (db *DB) CountArticles(ctx context.Context, f tracker.ArticleFilter) (n int, err error) {
	w := chosenArticles(f)
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM article `+w.String(), w.args...).Scan(&n)
	return n, failed(err, "counting articles")
}

// SetState pauses an article, resumes it, or says otherwise whether it is
// looked at, and when next; a zero next leaves that as it is. A check that is
// under way neither is stopped nor undoes it. ErrNotFound: the article is not
// there, or was removed.
func (db *DB) SetState(ctx context.Context, id int64, state tracker.State, next time.Time) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		err := one(tx.ExecContext(ctx, `
			UPDATE article
			SET state = ?2, next_check = coalesce(?3, next_check)
			WHERE id = ?1
			  AND removed_at IS NULL`, id, string(state), ms(next)))
		if err != nil {
			return err
		}
		return putRest(ctx, tx, id, state == tracker.Paused, tracker.GapPaused, time.Now())
	})
	return notFound(err, "setting article %d to %s", id, cmp.Or(state, "no state"))
}

// Remove ends the tracking of an article: it is no longer listed or looked at,
// and a check that is under way counts as not made. Its history can still be
// read, and Add takes it up again. With purge all that is known of it is
// deleted for good; that works on a removed article too.
func (db *DB) Remove(ctx context.Context, id int64, purge bool) error {
	query := `
		UPDATE article
		SET removed_at = ?2, lease_owner = '', lease_until = 0
		WHERE id = ?1
		  AND removed_at IS NULL`
	args := []any{id, ms(time.Now())}
	if purge {
		query, args = `DELETE FROM article WHERE id = ?1`, args[:1]
	}
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		if err := one(tx.ExecContext(ctx, query, args...)); err != nil || purge {
			return err
		}
		return putRest(ctx, tx, id, true, tracker.GapRemoved, time.Now())
	})
	return notFound(err, "removing article %d", id)
}

// one reports sql.ErrNoRows where a statement changed none.
func one(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	rows, err := done.RowsAffected()
	if err == nil && rows == 0 {
		return sql.ErrNoRows
	}
	return err
}
