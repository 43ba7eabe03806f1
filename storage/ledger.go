package storage

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"storydiff/tracker/fetch"
)

// DB is what all processes on one database share of their politeness.
var _ fetch.Ledger = (*DB)(nil)

// Take asks for a host; see fetch.Ledger. While a request runs, also one of the
// same owner, the wait is short: ask again.
func (db *DB) Take(ctx context.Context, a fetch.Ask) (fetch.Turn, error) {
	// Whoever waits asks often. That does not take the write lock.
	turn, _, err := take(ctx, db.read, a)
	if turn.Wait > 0 || err != nil {
		return turn, wrapLedger(err, a.Host)
	}
	err = db.inLooseTx(ctx, func(tx *sql.Tx) (err error) {
		var h fetch.HostState
		turn, h, err = take(ctx, tx, a)
		if turn.Wait > 0 || err != nil {
			return err
		}
		return putHost(ctx, tx, &h)
	})
	return turn, wrapLedger(err, a.Host)
}

// take returns what becomes of a wish, and the host as it then is.
func take(ctx context.Context, q querier, a fetch.Ask) (fetch.Turn, fetch.HostState, error) {
	h, err := hostOf(ctx, q, a.Host)
	if err != nil {
		return fetch.Turn{}, h, err
	}
	turn, err := h.Take(a, time.Now())
	return turn, h, err
}

// wrapLedger leaves the refusal of a host as it is: it names the host itself.
func wrapLedger(err error, host string) error {
	if _, ok := err.(*fetch.Error); ok {
		return err
	}
	return failed(err, "asking for %s", host)
}

// Free gives the host back, with what came of the request; see fetch.Ledger. What
// the host asked for survives the loss of power. The gap of a few seconds that is
// owed to every host may not: a machine takes longer to start.
func (db *DB) Free(ctx context.Context, host, owner string, r fetch.Receipt) error {
	inTx := db.inLooseTx
	if r.Retry > 0 || r.Status == http.StatusTooManyRequests || r.Status >= 500 {
		inTx = db.inTx
	}
	err := db.withRoom(func() error {
		return inTx(ctx, func(tx *sql.Tx) error {
			h, err := hostOf(ctx, tx, host)
			if err != nil {
				return err
			}
			h.Free(host, owner, r)
			return putHost(ctx, tx, &h)
		})
	})
	return failed(err, "giving %s back", host)
}

const hostQuery = `
	SELECT host, owner, held_until, gap, next_at, retry_until, backoff_until, why, slowdown, trouble, streak,
	       requests, errors, bytes, last_at, took_us, last_status, last_reason
	FROM host
`

func scanHost(row scanner) (h fetch.HostState, err error) {
	var gap, took int64
	err = row.Scan(&h.Host, &h.Owner, when0(&h.HeldUntil), &gap, when0(&h.Next), when0(&h.RetryUntil), when0(&h.BackOffUntil),
		&h.Why, &h.Slowdown, &h.Trouble, &h.Streak,
		&h.Requests, &h.Errors, &h.Bytes, when0(&h.LastAt), &took, &h.LastStatus, &h.LastReason)
	h.Gap, h.LastTook = time.Duration(gap)*time.Millisecond, time.Duration(took)*time.Microsecond
	return h, err
}

// hostOf returns what is known of a host; nothing where it was never asked.
func hostOf(ctx context.Context, q querier, host string) (fetch.HostState, error) {
	h, err := scanHost(q.QueryRowContext(ctx, hostQuery+`WHERE host = ?`, host))
	if err == sql.ErrNoRows {
		return fetch.HostState{Host: host}, nil
	}
	return h, err
}

func putHost(ctx context.Context, tx *sql.Tx, h *fetch.HostState) error {
	_, err := tx.ExecContext(ctx, `
		INSERT OR REPLACE INTO host (host, owner, held_until, gap, next_at, retry_until, backoff_until, why, slowdown, trouble, streak,
			requests, errors, bytes, last_at, took_us, last_status, last_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		h.Host, h.Owner, ceil(h.HeldUntil), (h.Gap + time.Millisecond - 1).Milliseconds(), ceil(h.Next), ceil(h.RetryUntil), ceil(h.BackOffUntil),
		h.Why, max(h.Slowdown, 1), h.Trouble, h.Streak,
		h.Requests, h.Errors, h.Bytes, ms0(h.LastAt), h.LastTook.Microseconds(), h.LastStatus, h.LastReason)
	return err
}

// Hosts returns what is known of each host that was ever asked, in the order of
// their names.
func (db *DB) Hosts(ctx context.Context) ([]fetch.HostState, error) {
	all, err := collect(ctx, db.read, scanHost, hostQuery+`ORDER BY host`)
	return all, failed(err, "reading what is known of hosts")
}

// ceil is a time in milliseconds that is not before t: a host is never asked
// too soon for want of digits.
func ceil(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Add(time.Millisecond - 1).UnixMilli()
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
