package storage

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"storydiff/tracker"
)

// replanAtOnce is how many looks are planned anew in one transaction: some
// milliseconds, so that checks do not wait for it.
const replanAtOnce = 500

// Replan plans looks anew, where they are planned as the plan says they were and
// no lease is on the article at now, and keeps by what they are planned. If that is
// cut short, those that are left come by the schedule of before.
func (db *DB) Replan(ctx context.Context, now time.Time, by tracker.Schedule, plans []tracker.Plan) error {
	if _, err := db.write.ExecContext(ctx, `
		INSERT INTO planned (id, at, schedule)
		VALUES (1, ?1, ?2)
		ON CONFLICT (id) DO UPDATE SET at = ?1, schedule = ?2`, ms0(now), asJSON(by)); err != nil {
		return failed(err, "keeping by what looks are planned")
	}
	for some := range slices.Chunk(plans, replanAtOnce) {
		err := db.inTx(ctx, func(tx *sql.Tx) error {
			plan, err := tx.PrepareContext(ctx, `
				UPDATE article
				SET next_check = ?3
				WHERE id = ?1
				  AND next_check = ?2
				  AND lease_until <= ?4`)
			if err != nil {
				return err
			}
			defer plan.Close()
			for _, p := range some {
				if _, err := plan.ExecContext(ctx, p.ArticleID, ms0(p.Was), ms0(p.At), ms0(now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return failed(err, "planning looks anew")
		}
	}
	return nil
}

// PlannedBy returns the schedule that Replan kept last; ErrNotFound: none was.
func (db *DB) PlannedBy(ctx context.Context) (s tracker.Schedule, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT schedule FROM planned`).Scan(jsonColumn{&s})
	if err != nil {
		return tracker.Schedule{}, notFound(err, "the schedule by which looks are planned")
	}
	return s, nil
}
