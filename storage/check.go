package storage

import (
	"context"
	"database/sql"
	"time"

	"storydiff/tracker"
)

// Checks are kept in the table look: CHECK is a word of SQL.

// insertCheck stores a check of an article that was taken up at added.
func insertCheck(ctx context.Context, tx *sql.Tx, c *tracker.Check, added time.Time) (int64, error) {
	after, err := lateAfter(ctx, tx, c, added)
	if err != nil {
		return 0, err
	}
	done, err := tx.ExecContext(ctx, `
		INSERT INTO look (article, at, elapsed_us, outcome, reason, detail, status, capture, second, version, modified, planned, late_after)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ArticleID, ms0(c.At), c.Elapsed.Microseconds(), string(c.Outcome), c.Reason, c.Detail, c.Status,
		ref(c.CaptureID), ref(c.SecondID), c.Version, ms(c.Modified), ms(c.Planned), after)
	if err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

// checkColumns are what is read of a look l.
const checkColumns = `l.id, l.article, l.at, l.elapsed_us, l.outcome, l.reason, l.detail, l.status, l.capture, l.second, l.version, l.modified, l.planned`

const checkQuery = `
	SELECT ` + checkColumns + `
	FROM look l
`

// checkInto is where the checkColumns go, the microseconds that it took apart.
func checkInto(c *tracker.Check, elapsed *int64) []any {
	return []any{&c.ID, &c.ArticleID, when0(&c.At), elapsed, &c.Outcome, &c.Reason, &c.Detail, &c.Status,
		optional{&c.CaptureID}, optional{&c.SecondID}, &c.Version, when(&c.Modified), when(&c.Planned)}
}

func scanCheck(row scanner) (c tracker.Check, err error) {
	var elapsed int64
	err = row.Scan(checkInto(&c, &elapsed)...)
	c.Elapsed = time.Duration(elapsed) * time.Microsecond
	return c, err
}

// Checks returns the newest checks of an article, newest first, at most limit;
// 0 stands for all.
func (db *DB) Checks(ctx context.Context, articleID int64, limit int) ([]tracker.Check, error) {
	all, err := collect(ctx, db.read, scanCheck, checkQuery+`
		WHERE article = ?
		ORDER BY id DESC
		LIMIT ?`, articleID, limitOf(limit))
	return all, failed(err, "reading the checks of article %d", articleID)
}

// Looks returns the first checks of an article and the last, at most so many of
// either, oldest first and each once.
func (db *DB) Looks(ctx context.Context, articleID int64, first, last int) ([]tracker.Look, error) {
	all, err := collect(ctx, db.read, func(row scanner) (l tracker.Look, err error) {
		var id int64
		err = row.Scan(&id, when0(&l.At), &l.Outcome)
		return l, err
	}, `
		SELECT id, at, outcome
		FROM (SELECT id, at, outcome FROM look WHERE article = ?1 ORDER BY id LIMIT ?2)
		UNION
		SELECT id, at, outcome
		FROM (SELECT id, at, outcome FROM look WHERE article = ?1 ORDER BY id DESC LIMIT ?3)
		ORDER BY id`, articleID, max(first, 0), max(last, 0))
	return all, failed(err, "reading the looks at article %d", articleID)
}

// ChecksBefore is Checks of those with a smaller ID than before; 0 stands for all.
func (db *DB) ChecksBefore(ctx context.Context, articleID, before int64, limit int) ([]tracker.Check, error) {
	if before <= 0 {
		return db.Checks(ctx, articleID, limit)
	}
	all, err := collect(ctx, db.read, scanCheck, checkQuery+`
		WHERE article = ?
		  AND id < ?
		ORDER BY id DESC
		LIMIT ?`, articleID, before, limitOf(limit))
	return all, failed(err, "reading the checks of article %d", articleID)
}

// LooksByVersion returns how many checks showed each version of an article,
// those that began from from to until alone. A version that none showed is left
// out.
func (db *DB) LooksByVersion(ctx context.Context, articleID int64, from, until time.Time) (map[int]int, error) {
	type looks struct{ version, n int }
	all, err := collect(ctx, db.read, func(row scanner) (l looks, err error) {
		err = row.Scan(&l.version, &l.n)
		return l, err
	}, `
		SELECT version, count(*)
		FROM look
		WHERE article = ?
		  AND version > 0
		  AND outcome IN ('new', 'changed', 'unchanged', 'not-modified', 'restored')
		  AND at BETWEEN ? AND ?
		GROUP BY version`, articleID, ms0(from), ms0(until))
	byVersion := make(map[int]int, len(all))
	for _, l := range all {
		byVersion[l.version] = l.n
	}
	return byVersion, failed(err, "counting the looks at article %d", articleID)
}

// limitOf turns a limit of ours into SQLite's, where a negative one is none.
func limitOf(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

// Events returns the events of an article in the order in which they began.
func (db *DB) Events(ctx context.Context, articleID int64) ([]tracker.Event, error) {
	all, err := collect(ctx, db.read, scanEvent, `
		SELECT article, kind, at, until, reason, detail
		FROM event
		WHERE article = ?
		ORDER BY id`, articleID)
	return all, failed(err, "reading the events of article %d", articleID)
}

func scanEvent(row scanner) (e tracker.Event, err error) {
	err = row.Scan(&e.ArticleID, &e.Kind, when0(&e.At), when(&e.Until), &e.Reason, &e.Detail)
	return e, err
}

// endSpells ends what lasts of being blocked or missing, at the check that showed
// it over; with gone what lasts of being that, too.
func endSpells(ctx context.Context, tx *sql.Tx, articleID int64, at time.Time, gone bool) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE event
		SET until = ?1
		WHERE article = ?2
		  AND until IS NULL
		  AND (kind IN ('blocked', 'missing') OR ?3 AND kind = 'gone')`, ms0(at), articleID, gone)
	return err
}

// putEvent notes an event; one that lasts is not noted again while it does, and
// ends where another reason takes its place. noted reports whether it was noted.
func putEvent(ctx context.Context, tx *sql.Tx, articleID int64, e *tracker.Event) (noted bool, err error) {
	_, err = tx.ExecContext(ctx, `
		UPDATE event
		SET until = ?3
		WHERE article = ?1
		  AND kind = ?2
		  AND until IS NULL
		  AND reason <> ?4
		  AND kind IN ('gone', 'blocked')`, articleID, string(e.Kind), ms0(e.At), e.Reason)
	if err != nil {
		return false, err
	}
	done, err := tx.ExecContext(ctx, `
		INSERT INTO event (article, kind, at, until, reason, detail)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6
		WHERE NOT EXISTS (
			SELECT 1
			FROM event
			WHERE article = ?1
			  AND kind = ?2
			  AND until IS NULL
			  AND kind IN ('gone', 'blocked', 'missing'))`,
		articleID, string(e.Kind), ms0(e.At), ms(e.Until), e.Reason, e.Detail)
	if err != nil {
		return false, err
	}
	rows, err := done.RowsAffected()
	return rows > 0, err
}
