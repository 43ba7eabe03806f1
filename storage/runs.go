package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"time"

	"github.com/gofrs/flock"

	"storydiff/tracker"
)

// BeginRun notes that a daemon began to watch, and gives the run its ID.
func (db *DB) BeginRun(ctx context.Context, r *tracker.DaemonRun) error {
	r.Alive = r.Began
	err := db.write.QueryRowContext(ctx, `
		INSERT INTO run (pid, began, alive, moved, after_look, listen, budget)
		VALUES (?1, ?2, ?2, ?3, (SELECT coalesce(max(id), 0) FROM look), ?4, ?5)
		RETURNING id`, r.PID, ms0(r.Began), r.Moved.Milliseconds(), r.Listen, r.Budget).Scan(&r.ID)
	return failed(err, "noting that a daemon runs")
}

// Beat notes that a run goes on at now.
func (db *DB) Beat(ctx context.Context, id int64, now time.Time) error {
	_, err := db.write.ExecContext(ctx, `UPDATE run SET alive = ?2 WHERE id = ?1`, id, ms0(now))
	return failed(err, "noting that the daemon still runs")
}

// EndRun notes that a run was over at now.
func (db *DB) EndRun(ctx context.Context, id int64, now time.Time) error {
	_, err := db.write.ExecContext(ctx, `UPDATE run SET alive = ?2, ended = ?2 WHERE id = ?1`, id, ms0(now))
	return failed(err, "noting that the daemon ended")
}

const runQuery = `
	SELECT id, pid, began, alive, ended, moved, listen, budget
	FROM run
`

func scanRun(row scanner) (r tracker.DaemonRun, err error) {
	var moved int64
	err = row.Scan(&r.ID, &r.PID, when0(&r.Began), when0(&r.Alive), when(&r.Ended), &moved, &r.Listen, &r.Budget)
	r.Moved = time.Duration(moved) * time.Millisecond
	return r, err
}

// Runs returns the runs of daemons that had a sign of life at or after since, and
// the one before them, in their order.
func (db *DB) Runs(ctx context.Context, since time.Time) ([]tracker.DaemonRun, error) {
	all, err := collect(ctx, db.read, scanRun, runQuery+`
		WHERE alive >= ?1
		   OR id = (SELECT max(id) FROM run WHERE alive < ?1)
		ORDER BY id`, ms0(since))
	return all, failed(err, "reading when a daemon ran")
}

// Daemon returns the run of the daemon that holds the database now; ok is false
// where none does, and r then the last there was, if any. Where the lock is another
// user's and cannot be asked, the last sign of life decides.
func (db *DB) Daemon(ctx context.Context) (r tracker.DaemonRun, ok bool, err error) {
	r, err = scanRun(db.read.QueryRowContext(ctx, runQuery+`ORDER BY id DESC LIMIT 1`))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, false, failed(err, "finding out who runs on %s", db.path)
	}
	held, err := db.daemonHeld()
	if errors.Is(err, fs.ErrPermission) {
		return r, r.ID > 0 && r.Over(time.Now()).IsZero(), nil
	}
	return r, held, err
}

// daemonHeld reports whether a process holds the lock of the daemon. It takes the
// lock for a moment where none does; see LockDaemon.
func (db *DB) daemonHeld() (bool, error) {
	lock := flock.New(db.path+".lock", flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for a daemon on %s: %w", db.path, cause(err))
	}
	return !free, lock.Close()
}

// putRest notes that an article's user does not want it looked at from at on, or
// does again.
func putRest(ctx context.Context, tx *sql.Tx, id int64, rests bool, why tracker.GapCause, at time.Time) error {
	query := `
		UPDATE rest
		SET until = max(at, ?3)
		WHERE article = ?1
		  AND reason = ?2
		  AND until IS NULL`
	if rests {
		query = `
			INSERT INTO rest (article, reason, at)
			SELECT ?1, ?2, ?3
			WHERE NOT EXISTS (SELECT 1 FROM rest WHERE article = ?1 AND reason = ?2 AND until IS NULL)
			ON CONFLICT DO UPDATE SET until = NULL`
	}
	_, err := tx.ExecContext(ctx, query, id, string(why), ms0(at))
	return err
}

func scanRest(row scanner) (r tracker.Rest, err error) {
	err = row.Scan(&r.Cause, when0(&r.At), when(&r.Until))
	return r, err
}

// saw is the condition of looks that observed their article: Check.Saw.
const saw = `(outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored', 'gone')
	OR reason IN ('http-404', 'soft-404', 'redirected-to-front'))`

// maxTried bounds how many looks in vain are read of a lapse. They say why it
// lasted, and with the usual backing off there are four a day.
const maxTried = 2000

// leastLapse is how late a look is, in milliseconds, that is worth reading: no
// sooner is it a gap.
const leastLapse = 10 * 60 * 1000

// Watching returns what is known of when an article was looked at, as far as a
// look was late by at least 10 minutes or the clock was set back. ErrNotFound: it
// never was, or was purged.
func (db *DB) Watching(ctx context.Context, articleID int64, now time.Time) (w tracker.Watching, err error) {
	w.ArticleID = articleID
	a, err := db.Article(ctx, articleID)
	if err != nil {
		return w, err
	}
	if a.State == tracker.Retired || a.MergedInto > 0 || now.Before(a.AddedAt) {
		now = latest(a.LastCheck, a.AddedAt)
	}
	if w.Lapses, err = db.lapses(ctx, &a, now); err != nil || len(w.Lapses) == 0 {
		return w, failed(err, "reading when article %d was looked at", articleID)
	}
	w.Rests, err = collect(ctx, db.read, scanRest, `SELECT reason, at, until FROM rest WHERE article = ? ORDER BY at`, articleID)
	if err != nil {
		return w, failed(err, "reading when article %d was to be left alone", articleID)
	}
	first := w.Lapses[0].Planned
	for _, l := range w.Lapses {
		if l.Planned.Before(first) {
			first = l.Planned
		}
	}
	w.Runs, err = db.Runs(ctx, first)
	return w, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// A lapseRow is a lapse and the looks that bound it.
type lapseRow struct {
	tracker.Lapse
	from, until int64 // looks; until is 0 where there is none yet
}

// lateAfter returns the look that a check came late after, as its column keeps it:
// NULL where it was not late, or saw nothing.
func lateAfter(ctx context.Context, tx *sql.Tx, c *tracker.Check, added time.Time) (any, error) {
	if !c.Saw() {
		return nil, nil
	}
	var before int64
	var planned time.Time
	err := tx.QueryRowContext(ctx, `
		SELECT id, planned
		FROM look
		WHERE article = ?
		  AND `+saw+`
		ORDER BY id DESC
		LIMIT 1`, c.ArticleID).Scan(&before, when(&planned))
	if err == sql.ErrNoRows {
		planned = added
		err = nil
	}
	if err != nil || planned.IsZero() || ms0(c.At) <= ms0(planned)+leastLapse {
		return nil, err
	}
	if before > 0 {
		return before, nil
	}
	var unknown bool
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM look WHERE article = ? AND planned IS NULL)`, c.ArticleID).Scan(&unknown)
	if err != nil || unknown {
		return nil, err
	}
	return 0, nil
}

// maxLapses bounds how many lapses are read of an article: its newest.
const maxLapses = 1000

// lapses returns the lapses of an article, those that go on at now included.
func (db *DB) lapses(ctx context.Context, a *tracker.Article, now time.Time) ([]tracker.Lapse, error) {
	rows, err := collect(ctx, db.read, scanLapse, `
		WITH last AS (
			SELECT id, at, planned
			FROM look
			WHERE article = ?1
			  AND `+saw+`
			ORDER BY id DESC
			LIMIT 1),
		late AS (
			SELECT id, at, late_after
			FROM look
			WHERE article = ?1
			  AND late_after IS NOT NULL
			ORDER BY id DESC
			LIMIT ?5)
		SELECT n.late_after, coalesce(p.at, ?3), coalesce(p.planned, ?3), n.id, n.at, 0
		FROM late n
		LEFT JOIN look p ON p.id = n.late_after
		UNION ALL -- not seen again
		SELECT id, at, planned, NULL, NULL, 0
		FROM last
		WHERE planned + ?4 < ?2
		UNION ALL -- never seen
		SELECT 0, ?3, ?3, NULL, NULL, 0
		WHERE ?3 + ?4 < ?2
		  AND NOT EXISTS (SELECT 1 FROM last)
		  AND NOT EXISTS (SELECT 1 FROM look WHERE article = ?1 AND planned IS NULL)
		UNION ALL -- seen on both sides of a moment at which the clock was set back
		SELECT s.id, s.at, s.planned + run.moved, n.id, n.at, 1
		FROM run
		JOIN look s ON s.id = (SELECT id FROM look WHERE article = ?1 AND id <= run.after_look AND `+saw+` ORDER BY id DESC LIMIT 1)
		LEFT JOIN look n ON n.id = (SELECT id FROM look WHERE article = ?1 AND id > run.after_look AND `+saw+` ORDER BY id LIMIT 1)
		WHERE run.moved < 0
		  AND s.planned + run.moved + ?4 < coalesce(n.at, ?2)
		ORDER BY 1, 4`, a.ID, ms0(now), ms0(a.AddedAt), leastLapse, maxLapses)
	if err != nil {
		return nil, err
	}
	lapses := make([]tracker.Lapse, len(rows))
	for i, row := range rows {
		lapses[i] = row.Lapse
		if row.until == 0 {
			row.until = math.MaxInt64
		}
		lapses[i].Tried, err = collect(ctx, db.read, scanCheck, checkQuery+`
			WHERE article = ?1
			  AND id > ?2
			  AND id < ?3
			ORDER BY id
			LIMIT ?4`, a.ID, row.from, row.until, maxTried)
		if err != nil {
			return nil, err
		}
	}
	return lapses, nil
}

func scanLapse(row scanner) (l lapseRow, err error) {
	err = row.Scan(&l.from, when0(&l.Seen), when0(&l.Planned), optional{&l.until}, when(&l.Next), &l.SetBack)
	return l, err
}
