package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"storydiff/tracker"
)

// States returns how many articles are in each state, those that were removed
// left out.
func (db *DB) States(ctx context.Context) (map[tracker.State]int, error) {
	type count struct {
		state tracker.State
		n     int
	}
	all, err := collect(ctx, db.read, func(row scanner) (c count, err error) {
		err = row.Scan(&c.state, &c.n)
		return c, err
	}, `
		SELECT state, COUNT(*)
		FROM article
		WHERE removed_at IS NULL
		GROUP BY state`)
	states := map[tracker.State]int{tracker.Active: 0, tracker.Paused: 0, tracker.Gone: 0, tracker.Retired: 0}
	for _, c := range all {
		states[c.state] = c.n
	}
	return states, failed(err, "counting the articles")
}

// Overdue returns how many articles are due at now, and since when the first is;
// zero: none is.
func (db *DB) Overdue(ctx context.Context, now time.Time) (n int, since time.Time, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT COUNT(*), min(next_check)
		FROM article
		WHERE `+due+`
		  AND next_check <= ?`, ms0(now)).Scan(&n, when(&since))
	return n, since, failed(err, "counting what is due")
}

// A HostRest is a host that is left alone for a while.
type HostRest struct {
	Host     string
	Until    time.Time // when it is asked again
	Asked    bool      // as it asked (Retry-After)
	Articles int       // that were not seen at their last look and wait; 0: the host waits, not they
	Reason   string    // of the last of those looks
}

// restsShown is how long a host is left alone, at least, that is said to rest:
// less is the usual gap between two requests.
const restsShown = time.Minute

// HostRests returns the hosts that are left alone at now, because they asked for
// it or because looks at their articles came to nothing; those that wait longest
// first.
func (db *DB) HostRests(ctx context.Context, now time.Time) ([]HostRest, error) {
	all, err := collect(ctx, db.read, func(row scanner) (h HostRest, err error) {
		err = row.Scan(&h.Host, when0(&h.Until), &h.Asked, &h.Articles, &h.Reason)
		return h, err
	}, `
		WITH waiting AS (
			SELECT host, min(next_check) AS until, COUNT(*) AS articles, last_reason, max(last_check)
			FROM article
			WHERE `+due+`
			  AND failures > 0
			  AND misses = 0
			  AND next_check > ?1
			GROUP BY host)
		SELECT h.host, max(h.retry_until, h.backoff_until, h.next_at), h.retry_until > ?1, coalesce(w.articles, 0), coalesce(w.last_reason, h.last_reason)
		FROM host h
		LEFT JOIN waiting w ON w.host = h.host
		WHERE h.retry_until > ?1
		   OR h.backoff_until > ?1
		   OR h.next_at > ?2
		UNION ALL
		SELECT host, until, 0, articles, last_reason
		FROM waiting
		WHERE host NOT IN (SELECT host FROM host WHERE retry_until > ?1 OR backoff_until > ?1 OR next_at > ?2)
		ORDER BY 2 DESC, 1`, ms0(now), ms0(now.Add(restsShown)))
	return all, failed(err, "looking for hosts that are left alone")
}

// A Trouble is why looks came to nothing, and how often.
type Trouble struct {
	Outcome  tracker.Outcome
	Reason   string
	Looks    int
	Articles int
	Last     time.Time // the newest of the looks
	URL      string    // of its article
	Detail   string    // what it said
}

// Troubles returns why looks since then came to nothing, grouped by outcome and
// reason, the newest first.
func (db *DB) Troubles(ctx context.Context, since time.Time) ([]Trouble, error) {
	first, err := db.firstLook(ctx, since)
	if err != nil {
		return nil, failed(err, "looking for errors")
	}
	all, err := collect(ctx, db.read, func(row scanner) (t Trouble, err error) {
		err = row.Scan(&t.Outcome, &t.Reason, &t.Looks, &t.Articles, when0(&t.Last), &t.URL, &t.Detail)
		return t, err
	}, `
		WITH trouble AS (
			SELECT outcome, reason, COUNT(*) AS looks, COUNT(DISTINCT article) AS articles, max(id) AS newest
			FROM look
			WHERE id >= ?1
			  AND at >= ?2
			  AND outcome IN ('failed', 'blocked', 'skipped')
			  AND reason <> 'paused'
			GROUP BY outcome, reason)
		SELECT t.outcome, t.reason, t.looks, t.articles, l.at, a.url, l.detail
		FROM trouble t
		JOIN look l ON l.id = t.newest
		JOIN article a ON a.id = l.article
		ORDER BY t.newest DESC`, first, ms0(since))
	return all, failed(err, "looking for errors")
}

// LooksSince returns how many looks began since then that asked a host.
func (db *DB) LooksSince(ctx context.Context, since time.Time) (n int, err error) {
	first, err := db.firstLook(ctx, since)
	if err == nil {
		err = db.read.QueryRowContext(ctx, `
			SELECT COUNT(*)
			FROM look
			WHERE id >= ?
			  AND at >= ?
			  AND outcome <> 'skipped'`, first, ms0(since)).Scan(&n)
	}
	return n, failed(err, "counting looks")
}

// clockSlack is how far the looks may be out of order, as they are numbered when
// they end: no look takes so long.
const clockSlack = time.Hour

// firstLook returns a number below which no look began since then, but where the
// clock was set back meanwhile: looks are numbered about as they begin, so that no
// index of their times is needed.
func (db *DB) firstLook(ctx context.Context, since time.Time) (int64, error) {
	var low, high int64
	err := db.read.QueryRowContext(ctx, `SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM look`).Scan(&low, &high)
	before := ms0(since.Add(-clockSlack))
	for err == nil && low < high {
		middle := low + (high-low)/2
		var at int64
		err = db.read.QueryRowContext(ctx, `SELECT at FROM look WHERE id >= ? ORDER BY id LIMIT 1`, middle).Scan(&at)
		if at < before {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return high, nil
	}
	return low, err
}
