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
//
// ErrFull, wrapped, while what is left on the disk is kept for the checks in
// hand; see Reserve. It is so with Claim.
func (db *DB) DueHosts(ctx context.Context, now time.Time) ([]string, error) {
	if err := db.room.refusal(); err != nil {
		return nil, failed(err, "looking for what is due")
	}
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
// false where none is due. A lease past its time is free again, and so may one be
// that was taken just before the machine lost its power.
func (db *DB) Claim(ctx context.Context, host, owner string, now time.Time, ttl time.Duration) (a tracker.Article, ok bool, err error) {
	if err := db.room.refusal(); err != nil {
		return a, false, failed(err, "claiming an article of %s", host)
	}
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
		RETURNING `+leased, host, owner, ms0(now), ms0(now.Add(ttl)))
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
		RETURNING `+leased, id, owner, ms0(now), ms0(now.Add(ttl)))
	if err != sql.ErrNoRows {
		return a, err == nil, failed(err, "claiming article %d", id)
	}
	var held int
	err = db.read.QueryRowContext(ctx, `SELECT 1 FROM article WHERE id = ? AND removed_at IS NULL`, id).Scan(&held)
	return tracker.Article{}, false, notFound(err, "claiming article %d", id)
}

// leased is what is returned of an article that is leased.
const leased = articleColumns + `, (SELECT COUNT(*) FROM capture c WHERE c.article = article.id AND c.pending = 1)`

// lease runs an update that returns the article it leased. sql.ErrNoRows: it
// leased none.
func (db *DB) lease(ctx context.Context, update string, args ...any) (a tracker.Article, err error) {
	err = db.inLooseTx(ctx, func(tx *sql.Tx) (err error) {
		var pending int
		a, err = scanArticle(tx.QueryRowContext(context.WithoutCancel(ctx), update, args...), &pending)
		a.Pending = pending
		return err
	})
	return a, err
}

// fewOverdue is how many overdue articles are no stampede, and not put off.
const fewOverdue = 20

// Spread puts off what is overdue at now, where that is more than 20 articles:
// those of a host evenly over the time that over says for so many, the most
// overdue first, and the hosts not all at once. What was never looked at is left
// as it is. It returns how many articles were put off.
func (db *DB) Spread(ctx context.Context, now time.Time, over func(host string, backlog int) time.Duration) (int, error) {
	spread := 0
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		type overdue struct {
			id         int64
			host, cron string
		}
		late, err := collect(ctx, tx, func(row scanner) (o overdue, err error) {
			err = row.Scan(&o.id, &o.host, &o.cron)
			return o, err
		}, `
			SELECT id, host, cron
			FROM article
			WHERE `+due+`
			  AND next_check <= ?1
			  AND lease_until <= ?1
			  AND last_check IS NOT NULL
			ORDER BY host, next_check, id`, ms0(now))
		if err != nil || len(late) <= fewOverdue {
			return err
		}
		for first := 0; first < len(late); {
			end := first + 1
			for end < len(late) && late[end].host == late[first].host {
				end++
			}
			step := over(late[first].host, end-first) / time.Duration(end-first)
			begin := step * time.Duration(first) / time.Duration(len(late)) // within the first step
			for i, o := range late[first:end] {
				at := ownTime(o.cron, now, now.Add(begin+step*time.Duration(i)))
				if _, err := tx.ExecContext(ctx, `UPDATE article SET next_check = ?2 WHERE id = ?1`, o.id, ms0(at)); err != nil {
					return err
				}
			}
			first = end
		}
		spread = len(late)
		return nil
	})
	return spread, failed(err, "spreading what is overdue")
}

// ownTime returns at, or the next time of a cron line where that is earlier.
func ownTime(cron string, now, at time.Time) time.Time {
	if cron == "" {
		return at
	}
	if s, err := tracker.ParseCron(cron); err == nil {
		if own := s.Next(now.UTC()); own.Before(at) {
			return own
		}
	}
	return at
}

// Rewind plans articles anew that were looked at after limit, by a clock that ran
// ahead: they are due as long after now as they were after that look, leases end
// as if they had begun now, and what was retired since is active again, and due
// within a day. It returns how many articles those are.
func (db *DB) Rewind(ctx context.Context, limit, now time.Time) (int, error) {
	var ahead int64
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `
			UPDATE article
			SET next_check = CASE state
			        WHEN 'retired' THEN ?2 + id * 7919 * 1000 % 86400000
			        ELSE ?2 + next_check - last_check
			    END,
			    state = CASE state WHEN 'retired' THEN 'active' ELSE state END
			WHERE last_check > ?1
			  AND (next_check > last_check OR state = 'retired')`, ms0(limit), ms0(now))
		if err != nil {
			return err
		}
		if ahead, err = done.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE article
			SET lease_until = ?2
			WHERE lease_until > ?1`, ms0(limit.Add(longestLease)), ms0(now.Add(longestLease)))
		return err
	})
	return int(ahead), failed(err, "planning anew what was looked at in the future")
}

// longestLease is longer than any lease is taken for.
const longestLease = time.Hour

// Release ends a lease without a check. One that is not the owner's stays.
func (db *DB) Release(ctx context.Context, id int64, owner string) error {
	err := db.exec(ctx, `
		UPDATE article
		SET lease_owner = '', lease_until = 0
		WHERE id = ?
		  AND lease_owner = ?`, id, owner)
	return failed(err, "releasing article %d", id)
}

// FreeOwners frees the articles, hosts and notices that owners hold who are dead, as
// far as dead can tell from their names. A request that died with its owner is
// followed by its gap.
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
			if _, err := tx.ExecContext(ctx, `UPDATE host SET owner = '', held_until = 0, next_at = max(next_at, ?2 + gap) WHERE owner = ?1`, owner, ceil(time.Now())); err != nil {
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
