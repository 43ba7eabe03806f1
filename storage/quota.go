package storage

import (
	"context"
	"database/sql"
	"time"
)

// A quota is pressed on once so much of it is used, and is then made room in
// until no more than so much is, so that the file itself stays within it between
// two looks at its size.
const (
	quotaPressed = 0.95
	quotaRelief  = 0.90
)

// dropAtOnce is how many rows one transaction drops the bytes of.
const dropAtOnce = 100

// Dropped is what Trim dropped.
type Dropped struct {
	Wires  int // bytes of pages as they came over the wire
	Bodies int // pages that nothing was read from
	Over   bool
}

// Trim keeps what the database holds within so many bytes. Once it comes within a
// twentieth of that, the oldest bytes of the wire are dropped first, then the
// oldest bodies of captures that no version, no confirmation of one and no check
// to be made needs, until a tenth is free. Texts, versions and checks are never
// dropped: where these alone are more, Over is true.
//
// That a thing was dropped, and when, stays with it, and so does its hash. The
// file gets no smaller by it, but does not grow while there is room in it.
func (db *DB) Trim(ctx context.Context, most int64, now time.Time) (d Dropped, err error) {
	used, err := db.used(ctx)
	if err != nil || float64(used) <= quotaPressed*float64(most) {
		return d, failed(err, "measuring %s", db.path)
	}
	for _, step := range []struct {
		drop  func(ctx context.Context, tx *sql.Tx, after int64, now time.Time) (last int64, n int, err error)
		count *int
	}{{dropWires, &d.Wires}, {dropBodies, &d.Bodies}, {dropBodies, &d.Bodies}} { // a base can go once none needs it
		for last, more := int64(0), true; more; {
			if used, err = db.used(ctx); err != nil || float64(used) <= quotaRelief*float64(most) {
				return d, failed(err, "measuring %s", db.path)
			}
			var n int
			err := db.inTx(ctx, func(tx *sql.Tx) (err error) {
				last, n, err = step.drop(ctx, tx, last, now)
				return err
			})
			if err != nil {
				return d, failed(err, "making room in %s", db.path)
			}
			*step.count += n
			more = n > 0
		}
	}
	used, err = db.used(ctx)
	d.Over = float64(used) > quotaPressed*float64(most)
	return d, failed(err, "measuring %s", db.path)
}

// used returns how many bytes of the file hold something.
func (db *DB) used(ctx context.Context) (n int64, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT (page_count - freelist_count) * page_size
		FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&n)
	return n, err
}

// dropWires drops the oldest bytes of the wire after a capture.
func dropWires(ctx context.Context, tx *sql.Tx, after int64, now time.Time) (last int64, n int, err error) {
	ids, err := collect(ctx, tx, scanID, `
		UPDATE capture
		SET wire = NULL, wire_dropped = ?2
		WHERE id IN (
			SELECT id
			FROM capture INDEXED BY capture_wire
			WHERE wire IS NOT NULL
			  AND id > ?1
			  AND pending = 0
			ORDER BY id
			LIMIT ?3)
		RETURNING id`, after, ms0(now), dropAtOnce)
	return largest(after, ids), len(ids), err
}

// dropBodies drops the oldest bodies after one that nothing needs. A base goes
// after all that need it, so that a second round finds it.
func dropBodies(ctx context.Context, tx *sql.Tx, after int64, now time.Time) (last int64, n int, err error) {
	ids, err := collect(ctx, tx, scanID, `
		UPDATE body
		SET zstd = x'', base_id = NULL, dropped = ?2
		WHERE id IN (
			SELECT b.id
			FROM body b
			WHERE b.dropped IS NULL
			  AND b.id > ?1
			  AND NOT EXISTS (SELECT 1 FROM body d WHERE d.base_id = b.id)
			  AND NOT EXISTS (
				SELECT 1
				FROM capture c
				WHERE c.body = b.id
				  AND (c.pending = 1
				       OR EXISTS (SELECT 1 FROM version WHERE capture = c.id)
				       OR EXISTS (SELECT 1 FROM version WHERE second = c.id)))
			ORDER BY b.id
			LIMIT ?3)
		RETURNING id`, after, ms0(now), dropAtOnce)
	return largest(after, ids), len(ids), err
}

func scanID(row scanner) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

func largest(most int64, ids []int64) int64 {
	for _, id := range ids {
		most = max(most, id)
	}
	return most
}
