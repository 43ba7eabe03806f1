package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"storydiff/tracker/fetch"
)

// DB is what all processes on one database share of their politeness.
var _ fetch.Ledger = (*DB)(nil)

// held is how long to wait before asking again for a host whose request runs:
// how long that takes nobody knows.
const held = 50 * time.Millisecond

// A debt is what is owed to a host.
type debt struct {
	owner                       string
	heldUntil, nextAt, retryEnd time.Time
}

// wait returns how long the host is to be left alone at now.
func (d *debt) wait(host string, now time.Time) (time.Duration, error) {
	if left := d.retryEnd.Sub(now); left > 0 {
		return left, &fetch.Error{
			Reason: "rate-limited",
			Detail: fmt.Sprintf("%s asked to be left alone until %s", host, d.retryEnd.UTC().Format(time.RFC3339)),
			Wait:   left,
		}
	}
	left := d.nextAt.Sub(now)
	if d.owner != "" {
		left = max(left, min(d.heldUntil.Sub(now), held))
	}
	return max(left, 0), nil
}

// Take asks for host on behalf of owner; see fetch.Ledger. While a request
// runs, also one of the same owner, the wait is short: ask again.
func (db *DB) Take(ctx context.Context, host, owner string, hold time.Duration) (time.Duration, error) {
	// Whoever waits asks often. That does not take the write lock.
	wait, err := take(ctx, db.read, host)
	if wait > 0 || err != nil {
		return wait, wrapLedger(err, host)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if wait, err = take(ctx, tx, host); wait > 0 || err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO host (host, owner, held_until)
			VALUES (?1, ?2, ?3)
			ON CONFLICT (host) DO UPDATE SET owner = ?2, held_until = ?3`,
			host, owner, ceil(time.Now().Add(hold)))
		return err
	})
	return wait, wrapLedger(err, host)
}

func take(ctx context.Context, q querier, host string) (time.Duration, error) {
	var d debt
	err := q.QueryRowContext(ctx, `
		SELECT owner, held_until, next_at, retry_until
		FROM host
		WHERE host = ?`, host).Scan(&d.owner, when0(&d.heldUntil), when0(&d.nextAt), when0(&d.retryEnd))
	if err == sql.ErrNoRows {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return d.wait(host, time.Now())
}

// wrapLedger leaves the refusal of a host as it is: it names the host itself.
func wrapLedger(err error, host string) error {
	if _, ok := err.(*fetch.Error); ok {
		return err
	}
	return failed(err, "asking for %s", host)
}

// ceil is a time in milliseconds that is not before t: a host is never asked
// too soon for want of digits.
func ceil(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Add(time.Millisecond - 1).UnixMilli()
}

// Free gives the host back; no request may go to it before next. Whoever lost
// the host meanwhile still made its request, so that next holds all the same.
func (db *DB) Free(ctx context.Context, host, owner string, next time.Time) error {
	err := db.exec(ctx, `
		UPDATE host
		SET next_at = max(next_at, ?3),
		    held_until = CASE owner WHEN ?2 THEN 0 ELSE held_until END,
		    owner = CASE owner WHEN ?2 THEN '' ELSE owner END
		WHERE host = ?1`, host, owner, ceil(next))
	return failed(err, "giving %s back", host)
}

// Defer notes that the host asked to be left alone until then. An earlier wish
// for longer stays.
func (db *DB) Defer(ctx context.Context, host string, until time.Time) error {
	err := db.exec(ctx, `
		INSERT INTO host (host, retry_until)
		VALUES (?1, ?2)
		ON CONFLICT (host) DO UPDATE SET retry_until = max(retry_until, ?2)`, host, ceil(until))
	return failed(err, "deferring %s", host)
}

// Robots returns what was kept for an origin; a zero RobotsFile where nothing was.
func (db *DB) Robots(ctx context.Context, origin string) (fetch.RobotsFile, error) {
	var f fetch.RobotsFile
	err := db.read.QueryRowContext(ctx, `
		SELECT origin, fetched, status, body
		FROM robots
		WHERE origin = ?`, origin).Scan(&f.Origin, when0(&f.Fetched), &f.Status, &f.Body)
	if err == sql.ErrNoRows {
		return fetch.RobotsFile{}, nil
	}
	return f, failed(err, "reading the robots.txt of %s", origin)
}

// maxRobots is how much of a robots.txt is kept (RFC 9309, section 2.5).
const maxRobots = 512 << 10

// KeepRobots keeps f for its origin in place of what was kept before; of its
// body the first 512 KiB.
func (db *DB) KeepRobots(ctx context.Context, f fetch.RobotsFile) error {
	body := append([]byte{}, f.Body[:min(len(f.Body), maxRobots)]...) // a nil would be NULL
	_, err := db.write.ExecContext(ctx, `
		INSERT INTO robots (origin, fetched, status, body)
		VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (origin) DO UPDATE SET fetched = ?2, status = ?3, body = ?4`,
		f.Origin, ms0(f.Fetched), f.Status, body)
	return failed(err, "keeping the robots.txt of %s", f.Origin)
}
