package storage

import (
	"context"
	"database/sql"
	"sync"
)

// A watch tells whether anything was committed since it was last asked, by this
// process or another one: SQLite gives one connection another number after each
// commit by another (PRAGMA data_version). Nothing is ever written on its own.
type watch struct {
	mu    sync.Mutex
	pool  *sql.DB // of which it holds one connection
	conn  *sql.Conn
	epoch int64 // how often it had to take another connection, whose numbers begin anew
}

// Generation returns a number that is another after anything was committed, by
// whatever process. What is read after it was asked for is of that generation, or
// of a later one.
func (db *DB) Generation(ctx context.Context) (int64, error) {
	n, err := db.watch.ask(context.WithoutCancel(ctx)) // no visitor who goes takes the connection along
	return n, failed(err, "asking whether %s was written to", db.path)
}

func (w *watch) ask(ctx context.Context) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		conn, err := w.pool.Conn(ctx)
		if err != nil {
			return 0, err
		}
		w.conn = conn
		w.epoch++
	}
	var n int64
	if err := w.conn.QueryRowContext(ctx, `SELECT data_version FROM pragma_data_version`).Scan(&n); err != nil {
		w.conn.Close()
		w.conn = nil
		return 0, err
	}
	return w.epoch<<40 | n, nil
}

func (w *watch) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
	}
	return w.pool.Close()
}
