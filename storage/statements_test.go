package storage_test

import (
	"context"
	"database/sql"
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

// A connection commits without a sync where it is asked to, and nothing else on it
// does, whatever comes after.
func TestLooseTransactions(t *testing.T) {
	pool, err := storage.OpenPool("file:" + filepath.Join(t.TempDir(), "test.db") + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	must(t, err)
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	const full, normal = 2, 1
	type asker interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}
	want := func(what string, at asker, level int) {
		t.Helper()
		var got int
		must(t, at.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&got))
		if got != level {
			t.Errorf("%s: synchronous is %d, want %d", what, got, level)
		}
	}
	within := func(what string, ctx context.Context, level int, commit bool) {
		t.Helper()
		tx, err := pool.BeginTx(ctx, nil)
		must(t, err)
		want(what, tx, level)
		_, err = tx.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS n (i INTEGER)")
		must(t, err)
		want(what+", after it wrote", tx, level)
		if commit {
			must(t, tx.Commit())
		} else {
			must(t, tx.Rollback())
		}
	}
	loose := storage.Loose(t.Context())
	want("at first", pool, full)
	within("a loose one", loose, normal, true)
	within("a further one", loose, normal, false)
	within("one that is not", t.Context(), full, true)
	within("a loose one again", loose, normal, true)
	want("a query after it", pool, full)
	within("a last loose one", loose, normal, false)
	_, err = pool.ExecContext(t.Context(), "CREATE TABLE level AS SELECT synchronous FROM pragma_synchronous")
	must(t, err)
	var got int
	must(t, pool.QueryRowContext(t.Context(), "SELECT synchronous FROM level").Scan(&got))
	if got != full {
		t.Errorf("a statement after it: synchronous is %d, want %d", got, full)
	}
}
