package storage

import (
	"context"
	"database/sql"

	"storydiff/tracker"
)

// putShared takes identities that several articles call theirs from whom they
// lead to, and keeps them from leading anywhere.
func (p *plan) putShared(ctx context.Context, tx *sql.Tx) error {
	for _, identity := range p.r.Shared {
		if _, err := tx.ExecContext(ctx, `INSERT INTO shared_address (identity) VALUES (?) ON CONFLICT DO NOTHING`, identity); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM alias WHERE identity = ?`, identity); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) putAliases(ctx context.Context, tx *sql.Tx) error {
	for _, identity := range p.r.Aliases {
		if identity == "" {
			continue
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO alias (identity, article)
			SELECT ?1, ?2
			WHERE NOT EXISTS (SELECT 1 FROM shared_address WHERE identity = ?1)
			ON CONFLICT DO NOTHING`, identity, p.article.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// putMerge makes one article of two, unless somebody paused or removed one of
// them meanwhile. What was seen of either stays under its number.
func (p *plan) putMerge(ctx context.Context, tx *sql.Tx) error {
	m := p.r.Merge
	if m == nil {
		return nil
	}
	var live int
	err := tx.QueryRowContext(ctx, `
		SELECT COUNT(*)
		FROM article
		WHERE id IN (?, ?)
		  AND removed_at IS NULL
		  AND state = 'active'`, m.From, m.Into).Scan(&live)
	if err != nil || live != 2 {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE article SET removed_at = ?3, merged_into = ?2, lease_owner = '', lease_until = 0 WHERE id = ?1`, []any{m.From, m.Into, ms0(p.check.At)}},
		{`UPDATE article SET merged_into = ?2 WHERE merged_into = ?1`, []any{m.From, m.Into}},
		{`UPDATE alias SET article = ?2 WHERE article = ?1`, []any{m.From, m.Into}},
		{`UPDATE article SET cron = (SELECT cron FROM article WHERE id = ?1) WHERE id = ?2 AND cron = ''`, []any{m.From, m.Into}},
		{`INSERT INTO tag (article, tag) SELECT ?2, tag FROM tag WHERE article = ?1 ON CONFLICT DO NOTHING`, []any{m.From, m.Into}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	for i := range m.Events {
		if _, err := putEvent(ctx, tx, m.Events[i].ArticleID, &m.Events[i]); err != nil {
			return err
		}
	}
	p.article, err = article(ctx, tx, p.article.ID)
	return err
}

// LeadsToo reports whether redirects led from an article other than the given
// one to the address final, at any look. One that was found to be the same
// article as another does not count.
func (db *DB) LeadsToo(ctx context.Context, articleID int64, final string) (bool, error) {
	var found bool
	err := db.read.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1
			FROM capture c
			JOIN article a ON a.id = c.article
			WHERE c.final = ?1
			  AND c.article <> ?2
			  AND c.hops NOT IN ('null', '[]')
			  AND a.merged_into IS NULL)`, final, articleID).Scan(&found)
	return found, failed(err, "looking for what else leads to %s", final)
}

// Aliases returns in order the identities that lead to an article, that under
// which it was added among them; see tracker.Identity.
func (db *DB) Aliases(ctx context.Context, articleID int64) ([]string, error) {
	all, err := collect(ctx, db.read, scanText, `
		SELECT identity
		FROM alias
		WHERE article = ?
		ORDER BY identity`, articleID)
	return all, failed(err, "reading the addresses of article %d", articleID)
}

var _ tracker.Store = (*DB)(nil)
