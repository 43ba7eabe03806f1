package storage

import (
	"context"
	"database/sql"
	"time"

	"storydiff/tracker"
)

// due is the condition of the two indexes on what is due. Paused and retired
// articles wait for somebody to wake them.
const due = `removed_at IS NULL AND state IN ('active', 'gone')`

// DueHosts returns in order the hosts for which Claim would find an article:
// one that is active or gone, whose next check is at or before now, and on
// which nobody holds a lease. Another article of the host may be leased.
func (db *DB) DueHosts(ctx context.Context, now time.Time) ([]string, error) {
	hosts, err := collect(ctx, db.read, scanText, `
		SELECT DISTINCT host
		FROM article
		WHERE `+due+`
		  AND next_check <= ?1
		  AND lease_until <= ?1
		ORDER BY host`, ms0(now))
	return hosts, failed(err, "looking for what is due")
}

func scanText(row scanner) (s string, err error) {
	err = row.Scan(&s)
	return s, err
}

// Claim leases the most overdue article of host to owner until now+ttl. ok is
// false where none is due. A lease past its time is free again.
func (db *DB) Claim(ctx context.Context, host, owner string, now time.Time, ttl time.Duration) (a tracker.Article, ok bool, err error) {
	a, err = db.lease(ctx, `
		UPDATE article
		SET lease_owner = ?2, lease_until = ?4
		WHERE id = (
			SELECT id
			FROM article
			WHERE `+due+`
			  AND host = ?1
			  AND next_check <= ?3
			  AND lease_until <= ?3
			ORDER BY next_check, id
			LIMIT 1)
		RETURNING id`, host, owner, ms0(now), ms0(now.Add(ttl)))
	if err == sql.ErrNoRows {
		return tracker.Article{}, false, nil
	}
	return a, err == nil, failed(err, "claiming an article of %s", host)
}

// ClaimArticle leases one article to owner until now+ttl whether it is due or
// not and whatever its state; ok is false while somebody else holds it. Who
// holds it already holds it longer. ErrNotFound: it is not there, or was
// removed.
func (db *DB) ClaimArticle(ctx context.Context, id int64, owner string, now time.Time, ttl time.Duration) (a tracker.Article, ok bool, err error) {
	a, err = db.lease(ctx, `
		UPDATE article
		SET lease_owner = ?2, lease_until = ?4
		WHERE id = ?1
		  AND removed_at IS NULL
		  AND (lease_until <= ?3 OR lease_owner = ?2)
		RETURNING id`, id, owner, ms0(now), ms0(now.Add(ttl)))
	if err != sql.ErrNoRows {
		return a, err == nil, failed(err, "claiming article %d", id)
	}
	var held int
	err = db.read.QueryRowContext(ctx, `SELECT 1 FROM article WHERE id = ? AND removed_at IS NULL`, id).Scan(&held)
	return tracker.Article{}, false, notFound(err, "claiming article %d", id)
}

// lease runs an update that returns the id of the article it leased, and
// returns that. sql.ErrNoRows: it leased none.
func (db *DB) lease(ctx context.Context, update string, args ...any) (a tracker.Article, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		var id int64
		if err := tx.QueryRowContext(ctx, update, args...).Scan(&id); err != nil {
			return err
		}
		a, err = article(ctx, tx, id)
		return err
	})
	return a, err
}

// Release ends a lease without a check. One that is not the owner's stays.
func (db *DB) Release(ctx context.Context, id int64, owner string) error {
	_, err := db.write.ExecContext(ctx, `
		UPDATE article
		SET lease_owner = '', lease_until = 0
		WHERE id = ?
		  AND lease_owner = ?`, id, owner)
	return failed(err, "releasing article %d", id)
}

// FreeOwners frees the articles, hosts and notices that owners hold who are dead, as far
// as dead can tell from their names.
func (db *DB) FreeOwners(ctx context.Context, dead func(owner string) bool) error {
	owners, err := collect(ctx, db.read, scanText, `
		SELECT lease_owner FROM article WHERE lease_owner <> ''
		UNION
		SELECT owner FROM host WHERE owner <> ''
		UNION
		SELECT owner FROM outbox WHERE owner <> ''`)
	if err != nil {
		return failed(err, "looking for who holds what")
	}
	for _, owner := range owners {
		if !dead(owner) {
			continue
		}
		err := db.inTx(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `UPDATE article SET lease_owner = '', lease_until = 0 WHERE lease_owner = ?`, owner); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE host SET owner = '', held_until = 0 WHERE owner = ?`, owner); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE outbox SET owner = '', next_at = 0 WHERE owner = ?`, owner)
			return err
		})
		if err != nil {
			return failed(err, "freeing what %s held", owner)
		}
	}
	return nil
}
