package storage_test

import (
	"context"
	"path/filepath"
	"testing"

	"storydiff/storage"
)

// A statement that is kept can be asked for again while its rows are being read,
// and outlives a change of the schema by another connection.
func TestKeptStatements(t *testing.T) {
	dsn := "file:" + filepath.Join(t.TempDir(), "test.db")
	one, err := storage.OpenPool(dsn)
	must(t, err)
	defer one.Close()
	other, err := storage.OpenPool(dsn)
	must(t, err)
	defer other.Close()
	one.SetMaxOpenConns(1)
	ctx := t.Context()
	for _, step := range []string{"CREATE TABLE n (i INTEGER)", "INSERT INTO n VALUES (1)", "INSERT INTO n VALUES (2)"} {
		_, err := one.ExecContext(ctx, step)
		must(t, err)
	}
	const all = "SELECT i FROM n ORDER BY i"
	tx, err := one.BeginTx(ctx, nil)
	must(t, err)
	outer, err := tx.QueryContext(ctx, all)
	must(t, err)
	pairs := 0
	for outer.Next() && pairs < 10 {
		inner, err := tx.QueryContext(ctx, all)
		must(t, err)
		for inner.Next() {
			pairs++
		}
		must(t, inner.Err())
	}
	must(t, outer.Err())
	must(t, tx.Commit())
	if pairs != 4 {
		t.Errorf("a query within itself gave %d pairs, want 4", pairs)
	}

	_, err = other.ExecContext(ctx, "ALTER TABLE n RENAME TO m")
	must(t, err)
	_, err = other.ExecContext(ctx, "CREATE TABLE n (i INTEGER, more TEXT)")
	must(t, err)
	var i int
	if err := one.QueryRowContext(ctx, all).Scan(&i); err == nil {
		t.Errorf("the new table gave %d, want nothing", i)
	}
	_, err = one.ExecContext(ctx, "INSERT INTO n VALUES (1)")
	if err == nil {
		t.Error("a statement of before the change was run after it")
	}

	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := one.ExecContext(ended, "INSERT INTO m VALUES (3)"); err == nil {
		t.Error("a statement was run after its context had ended")
	}
	must(t, one.QueryRowContext(ctx, "SELECT count(*) FROM m").Scan(&i))
	if i != 2 {
		t.Errorf("%d rows, want 2", i)
	}
}
