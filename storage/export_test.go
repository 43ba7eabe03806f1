package storage

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
)

// Conn is one connection of a pool.
type Conn interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// WriteConns returns every connection that may write.
func WriteConns(t *testing.T, db *DB) []Conn { return conns(t, db.write) }

// ReadConns returns every connection that may not.
func ReadConns(t *testing.T, db *DB) []Conn { return conns(t, db.read) }

// conns takes all connections of a pool until the test ends.
func conns(t *testing.T, pool *sql.DB) (all []Conn) {
	t.Helper()
	for range pool.Stats().MaxOpenConnections {
		conn, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		all = append(all, conn)
	}
	return all
}

// OpenPool is openPool over a file that nobody looks at.
func OpenPool(dsn string) (*sql.DB, error) { return openPool(dsn, &eye{}) }

// Loose is a context for transactions that are not synced.
func Loose(ctx context.Context) context.Context { return context.WithValue(ctx, looseKey{}, true) }

// LimitPages lets a database grow by no more than so many pages, as a disk that
// is about to be full does.
func LimitPages(t *testing.T, db *DB, more int) {
	t.Helper()
	var pages, limit int
	if err := db.write.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if err := db.write.QueryRowContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+more)).Scan(&limit); err != nil || limit != pages+more {
		t.Fatalf("max_page_count is %d, %v", limit, err)
	}
}

// SearchWithin is Search at about so much cost.
var SearchWithin = (*DB).searchWithin

// CostLimit is what a search costs at most.
const CostLimit = costLimit

// QueryOnly refuses writes, or lets them be.
func QueryOnly(t *testing.T, db *DB, on bool) {
	t.Helper()
	if _, err := db.write.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA query_only = %t`, on)); err != nil {
		t.Fatal(err)
	}
}
