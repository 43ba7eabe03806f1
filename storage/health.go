package storage

import (
	"context"
	"time"
)

// Counts says how much there is.
type Counts struct {
	Active, Paused, Gone, Retired int // articles by state, those that were removed left out
	Versions, Changes, Checks     int // of all articles
}

// Counts returns how much there is.
func (db *DB) Counts(ctx context.Context) (n Counts, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT COUNT(*) FILTER (WHERE state = 'active'),
		       COUNT(*) FILTER (WHERE state = 'paused'),
		       COUNT(*) FILTER (WHERE state = 'gone'),
		       COUNT(*) FILTER (WHERE state = 'retired'),
		       (SELECT COUNT(*) FROM version),
		       (SELECT COUNT(*) FROM change),
		       (SELECT COUNT(*) FROM look)
		FROM article
		WHERE removed_at IS NULL`).
		Scan(&n.Active, &n.Paused, &n.Gone, &n.Retired, &n.Versions, &n.Changes, &n.Checks)
	return n, failed(err, "counting")
}

// Outlets returns in order the outlets of the articles that are tracked.
func (db *DB) Outlets(ctx context.Context) ([]string, error) {
	all, err := collect(ctx, db.read, scanText, `
		SELECT DISTINCT outlet
		FROM article
		WHERE removed_at IS NULL
		ORDER BY outlet`)
	return all, failed(err, "listing outlets")
}

// Health returns nil if the database can be read and written now. It writes: a
// full disk shows in no other way. While nothing is claimed for want of room it
// is ErrFull, wrapped.
func (db *DB) Health(ctx context.Context) error {
	if err := db.room.refusal(); err != nil {
		return failed(err, "writing %s", db.path)
	}
	return db.health(ctx)
}

func (db *DB) health(ctx context.Context) error {
	var schema int
	if err := db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&schema); err != nil {
		return failed(err, "reading %s", db.path)
	}
	_, err := db.write.ExecContext(ctx, `
		INSERT INTO health (id, at)
		VALUES (1, ?1)
		ON CONFLICT (id) DO UPDATE SET at = ?1`, ms0(time.Now()))
	return failed(err, "writing %s", db.path)
}
