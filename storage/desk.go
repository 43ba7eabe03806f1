package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The bounds of tags that are given one by one.
const (
	maxTag  = 100 // bytes
	maxTags = 50  // of an article
)

// Tag gives an article one more tag; one that it has already is no error.
// ErrNotFound: the article is not there, or was removed. ErrTooMany: it has 50.
func (db *DB) Tag(ctx context.Context, id int64, tag string) error {
	clean, err := cleanTags([]string{tag})
	switch {
	case err != nil:
	case len(clean) == 0:
		err = errors.New("a tag has at least one letter")
	case len(clean[0]) > maxTag:
		err = fmt.Errorf("a tag has %d bytes at most", maxTag)
	default:
		err = db.inTx(ctx, func(tx *sql.Tx) error { return tagOne(ctx, tx, id, clean) })
	}
	return notFound(err, "tagging article %d", id)
}

func tagOne(ctx context.Context, tx *sql.Tx, id int64, tag []string) error {
	var tags int
	err := tx.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM tag WHERE article = a.id AND tag <> ?2)
		FROM article a
		WHERE a.id = ?1
		  AND a.removed_at IS NULL`, id, tag[0]).Scan(&tags)
	if err == nil && tags >= maxTags {
		err = fmt.Errorf("%w tags on it: %d", ErrTooMany, tags)
	}
	if err != nil {
		return err
	}
	return putTags(ctx, tx, id, tag)
}

// Untag takes a tag from an article. ErrNotFound: it has none such.
func (db *DB) Untag(ctx context.Context, id int64, tag string) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `DELETE FROM tag WHERE article = ? AND tag = ?`, id, tag))
	})
	return notFound(err, "taking a tag from article %d", id)
}

// MakeDue makes an article due at now, in spite of its times and of our own
// backing off. ErrNotFound: it is not there, or is not looked at: removed, paused
// or retired.
func (db *DB) MakeDue(ctx context.Context, id int64, now time.Time) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, `
			UPDATE article
			SET next_check = min(next_check, ?2)
			WHERE id = ?1
			  AND removed_at IS NULL
			  AND state IN ('active', 'gone')`, id, ms0(now)))
	})
	return notFound(err, "making article %d due", id)
}
