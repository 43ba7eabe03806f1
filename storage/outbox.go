package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"storydiff/tracker/alert"
)

// DB keeps what is to be told until it was.
var _ alert.Outbox = (*DB)(nil)

const (
	maxBatch    = 500                 // notices in one message
	keepGivenUp = 30 * 24 * time.Hour // how long is told of what was given up
	maxNotices  = 10_000              // of one record
)

// putNotices stores to whom the record is to be told.
func (p *plan) putNotices(ctx context.Context, tx *sql.Tx) error {
	if len(p.r.Notices) > maxNotices {
		return fmt.Errorf("there are %d notices, at most %d are stored", len(p.r.Notices), maxNotices)
	}
	for i := range p.r.Notices {
		n := &p.r.Notices[i]
		version := 0
		switch {
		case n.Event != "" && !slices.Contains(p.noted, n.Event):
			continue
		case n.Event == "" && p.r.Change == nil:
			return errors.New("there is a notice of a change but no change")
		case n.Event == "":
			version = p.version.N
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO channel (name) VALUES (?) ON CONFLICT DO NOTHING`, n.Channel); err != nil {
			return err
		}
		now := time.Now()
		due := n.Due
		if due.IsZero() {
			due = now
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO outbox (channel, batch, payload, article, version, created, next_at)
			VALUES (?, ?, ?, ?, ?, ?, ?)`,
			n.Channel, n.Batch, append([]byte{}, n.Payload...), p.article.ID, version, ms0(now), ms0(due))
		if err != nil {
			return err
		}
	}
	return nil
}

// DueChannels returns the channels for which TakeNotices would find something at now,
// those that failed least often first, and of these the ones that took a message once.
func (db *DB) DueChannels(ctx context.Context, now time.Time) ([]alert.Due, error) {
	all, err := collect(ctx, db.read, func(row scanner) (d alert.Due, err error) {
		err = row.Scan(&d.Channel, &d.Failures, &d.Proven)
		return d, err
	}, `
		SELECT name, failures, sent > 0
		FROM channel
		WHERE retry_at <= ?1
		  AND EXISTS (
			SELECT 1
			FROM outbox
			WHERE outbox.channel = channel.name
			  AND given_up IS NULL
			  AND next_at <= ?1)
		ORDER BY failures, sent = 0, name`, ms0(now))
	return all, failed(err, "looking for notices to send")
}

// TakeNotices gives the next notices of a channel to owner until now+ttl.
func (db *DB) TakeNotices(ctx context.Context, channel, owner string, now time.Time, ttl time.Duration) (taken []alert.Pending, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		taken, err = next(ctx, tx, channel, now)
		if err != nil {
			return err
		}
		for _, n := range taken {
			_, err := tx.ExecContext(ctx, `
				UPDATE outbox
				SET owner = ?, next_at = ?
				WHERE id = ?`, owner, ms0(now.Add(ttl)), n.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return taken, failed(err, "taking what is to be sent to %s", channel)
}

const pendingColumns = `id, article, version, batch, payload, created, attempts`

func scanPending(row scanner) (n alert.Pending, err error) {
	err = row.Scan(&n.ID, &n.Article, &n.Version, &n.Batch, &n.Payload, when0(&n.Created), &n.Attempts)
	return n, err
}

// next returns the notice that is due first at a channel, with its batch.
//
// That which failed least often is due first: one that its receiver will not
// have keeps nothing from going out behind it.
func next(ctx context.Context, tx *sql.Tx, channel string, now time.Time) ([]alert.Pending, error) {
	first, err := scanPending(tx.QueryRowContext(ctx, `
		SELECT `+pendingColumns+`
		FROM outbox
		WHERE channel = ?1
		  AND given_up IS NULL
		  AND next_at <= ?2
		  AND (SELECT retry_at FROM channel WHERE name = ?1) <= ?2
		ORDER BY attempts, next_at, id
		LIMIT 1`, channel, ms0(now)))
	if err == sql.ErrNoRows {
		return nil, nil
	}
	if err != nil || first.Batch == "" {
		return []alert.Pending{first}, err
	}
	return collect(ctx, tx, scanPending, `
		SELECT `+pendingColumns+`
		FROM outbox
		WHERE channel = ?
		  AND batch = ?
		  AND batch <> ''
		  AND given_up IS NULL
		  AND next_at <= ?
		ORDER BY id
		LIMIT ?`, channel, first.Batch, ms0(now), maxBatch)
}

// SentNotices forgets notices that were delivered as one message at at.
func (db *DB) SentNotices(ctx context.Context, channel string, ids []int64, at time.Time) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		if err := forget(ctx, tx, ids); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE channel
			SET sent = sent + 1, sent_at = ?2, failures = 0, retry_at = 0
			WHERE name = ?1`, channel, ms0(at))
		return err
	})
	return failed(err, "noting what was sent to %s", channel)
}

// DropNotices forgets notices that are not to be sent any more.
func (db *DB) DropNotices(ctx context.Context, ids []int64) error {
	return failed(db.inTx(ctx, func(tx *sql.Tx) error { return forget(ctx, tx, ids) }), "dropping notices")
}

func forget(ctx context.Context, tx *sql.Tx, ids []int64) error {
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

// FailNotices notes a failure, and returns how many notices were given up for it.
// Where the channel is at fault, all that is due there counts as tried.
func (db *DB) FailNotices(ctx context.Context, f alert.Failure) (givenUp int, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range f.IDs {
			_, err := tx.ExecContext(ctx, `
				UPDATE outbox
				SET attempts = attempts + 1, error = ?2, owner = '', next_at = ?3, first_at = coalesce(first_at, ?4),
				    given_up = CASE WHEN coalesce(first_at, ?4) <= ?5 THEN ?4 END
				WHERE id = ?1`, id, f.Error, ms0(f.Next), ms0(f.At), ms0(f.GiveUp))
			if err != nil {
				return err
			}
		}
		if !f.Retry.IsZero() {
			if err := holdBack(ctx, tx, &f); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE given_up < ?`, ms0(f.At.Add(-keepGivenUp))); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM outbox WHERE channel = ? AND given_up = ?`, f.Channel, ms0(f.At)).Scan(&givenUp)
	})
	return givenUp, failed(err, "noting what could not be sent to %s", f.Channel)
}

// holdBack notes that a channel is at fault.
func holdBack(ctx context.Context, tx *sql.Tx, f *alert.Failure) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE channel
		SET failures = failures + 1, retry_at = ?2, error = ?3, error_at = ?4
		WHERE name = ?1`, f.Channel, ms0(f.Retry), f.Error, ms0(f.At))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE outbox
		SET first_at = coalesce(first_at, ?2),
		    error = CASE WHEN coalesce(first_at, ?2) <= ?4 THEN ?3 ELSE error END,
		    given_up = CASE WHEN coalesce(first_at, ?2) <= ?4 THEN ?2 END
		WHERE channel = ?1
		  AND given_up IS NULL
		  AND next_at <= ?2
		  AND owner = ''
		  AND (first_at IS NULL OR first_at <= ?4)`, f.Channel, ms0(f.At), f.Error, ms0(f.GiveUp))
	return err
}

// GiveBackNotices ends what TakeNotices began, as if it had not been.
func (db *DB) GiveBackNotices(ctx context.Context, owner string, ids []int64, now time.Time) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, `UPDATE outbox SET owner = '', next_at = ? WHERE id = ? AND owner = ?`, ms0(now), id, owner); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "giving notices back")
}

// Channels returns how it stands with each channel that ever had a notice, by
// name.
func (db *DB) Channels(ctx context.Context) ([]alert.ChannelState, error) {
	all, err := collect(ctx, db.read, func(row scanner) (s alert.ChannelState, err error) {
		err = row.Scan(&s.Name, &s.Pending, &s.GivenUp, when(&s.Oldest), when(&s.Next), &s.Sent, when(&s.SentAt), &s.Failures, &s.Error, when(&s.ErrorAt))
		return s, err
	}, `
		SELECT c.name,
		       COUNT(o.id) FILTER (WHERE o.given_up IS NULL),
		       COUNT(o.given_up),
		       MIN(o.created) FILTER (WHERE o.given_up IS NULL),
		       max(MIN(o.next_at) FILTER (WHERE o.given_up IS NULL), c.retry_at),
		       c.sent, c.sent_at, c.failures, c.error, c.error_at
		FROM channel c
		LEFT JOIN outbox o ON o.channel = c.name
		GROUP BY c.name
		ORDER BY c.name`)
	return all, failed(err, "asking how it stands with the channels")
}
