package storage

import (
	"context"
	"database/sql"
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

// OpenPool is openPool.
var OpenPool = openPool
