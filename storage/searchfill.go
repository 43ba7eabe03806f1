package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Unsearched returns how many articles have versions that are not indexed, and so
// are not found: those of a database that an earlier storydiff wrote.
func (db *DB) Unsearched(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM article WHERE searched <> versions`).Scan(&n)
	return n, failed(err, "counting what is not indexed")
}

// IndexRest indexes the articles that are not, each in a transaction of its own,
// and calls step after each. It may be stopped by its ctx and goes on where it was.
// A version that cannot be read is passed over: Verify names it.
func (db *DB) IndexRest(ctx context.Context, step func()) error {
	for after := int64(0); ; step() {
		var id int64
		err := db.read.QueryRowContext(ctx, `SELECT id FROM article WHERE searched <> versions AND id > ? ORDER BY id LIMIT 1`, after).Scan(&id)
		if err == sql.ErrNoRows {
			return nil
		}
		if err == nil {
			err = db.inTx(ctx, func(tx *sql.Tx) error { return db.indexStored(ctx, tx, id) })
		}
		if err != nil && err != sql.ErrNoRows { // purged meanwhile
			return failed(err, "indexing article %d", id)
		}
		after = id
	}
}

// ForgetIndex empties the index, and has IndexRest make it anew.
func (db *DB) ForgetIndex(ctx context.Context) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		for _, query := range []string{
			`INSERT INTO search (search) VALUES ('delete-all')`,
			`DELETE FROM passage_before`,
			`DELETE FROM passage`,
			`UPDATE article SET searched = 0 WHERE searched > 0`,
		} {
			if _, err := tx.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	return failed(err, "forgetting the index")
}

// indexStored indexes an article by the versions stored. It reads and writes in one
// transaction, so that no check can change in between what is read.
func (db *DB) indexStored(ctx context.Context, tx *sql.Tx, articleID int64) error {
	return reindex(ctx, tx, articleID, func(x *indexing) error {
		_, err := db.showStored(ctx, tx, x)
		return err
	})
}

// reindex makes the index of an article anew: show gives it every version, in order.
// ErrNoRows: there is no such article.
func reindex(ctx context.Context, tx *sql.Tx, articleID int64, show func(*indexing) error) error {
	var outlet string
	if err := tx.QueryRowContext(ctx, `SELECT outlet FROM article WHERE id = ?`, articleID).Scan(&outlet); err != nil {
		return err
	}
	x, err := wholeIndex(ctx, tx, articleID, outlet)
	if err != nil {
		return err
	}
	x.forget()
	if err := show(x); err != nil {
		return err
	}
	if err := x.write(ctx, tx); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE article SET searched = versions WHERE id = ?`, articleID)
	return err
}

// showStored gives an index the versions of its article, one after the other, and
// returns how many of them could be read.
func (db *DB) showStored(ctx context.Context, q querier, x *indexing) (read int, err error) {
	_, err = collect(ctx, q, func(row scanner) (none struct{}, err error) {
		v, err := db.scanVersion(row)
		switch {
		case errors.Is(explain(err), ErrDamaged):
			return none, nil
		case err != nil:
			return none, err
		}
		x.show(v.N, entriesOf(&v))
		read++
		return none, nil
	}, versionQuery+`
		WHERE v.article = ?
		ORDER BY v.n`, x.articleID)
	return read, err
}

// verifySearch holds the index of an article against its versions, as both stand
// at one moment.
func (db *DB) verifySearch(ctx context.Context, articleID int64) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var outlet string
	var searched int
	if err := tx.QueryRowContext(ctx, `SELECT outlet, searched FROM article WHERE id = ?`, articleID).Scan(&outlet, &searched); err != nil {
		return err
	}
	x, err := wholeIndex(ctx, tx, articleID, outlet)
	if err != nil {
		return err
	}
	stored := len(x.passages)
	x.forget()
	if read, err := db.showStored(ctx, tx, x); err != nil || read != searched {
		return err // what is still to be indexed is no fault, and what cannot be read is told of elsewhere
	}
	whole := stored == len(x.passages)
	for _, p := range x.passages {
		whole = whole && slices.Equal(p.stands, p.stored)
	}
	var found int
	low, high := passagesOf(articleID)
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?`, quoted(outletMark(x.outlet)), low, high).Scan(&found)
	if err == nil && (!whole || found != stored) {
		err = fmt.Errorf("%w: what is searched is not what its versions say: storydiff search --reindex makes the index anew", ErrDamaged)
	}
	return err
}
