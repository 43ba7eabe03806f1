package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"

	"modernc.org/sqlite"
)

// maxKept is how many statements a connection keeps. The store has fewer; the
// bound is for queries that are put together from filters.
const maxKept = 200

// openPool is sql.Open for connections that keep what they have prepared, and
// whose errors an eye judges. To parse and plan a statement takes SQLite longer
// than most of ours take to run.
func openPool(dsn string, sees *eye) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{c, sees}), nil
}

// A keeping connector opens connections that keep what they have prepared.
type keeping struct {
	driver.Connector
	sees *eye
}

// Connect implements driver.Connector.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, k.sees.judge(err)
	}
	whole, ok := c.(connection)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver lacks what is needed of it"), c.Close())
	}
	return &keeper{connection: whole, sees: k.sees, kept: map[string]*keptStatement{}}, nil
}

// A connection is what the driver's connections can do.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	driver.Pinger
}

// A keeper is a connection that keeps what it has prepared, and commits loosely
// where it is asked to. The pool uses it from one goroutine at a time.
type keeper struct {
	connection
	sees  *eye
	kept  map[string]*keptStatement // by their text
	inTx  bool
	loose bool // commits are not synced at present
}

// A keptStatement is a statement of which one use at a time may go on.
type keptStatement struct {
	driver.StmtExecContext
	driver.StmtQueryContext
	io.Closer
	busy bool // rows of it are being read
}

// statement returns the kept statement of a query; nil: it is not kept, or in use.
func (k *keeper) statement(ctx context.Context, query string) (*keptStatement, error) {
	if s := k.kept[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if len(k.kept) >= maxKept || !worthKeeping(query) {
		return nil, nil
	}
	prepared, err := k.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	exec, canExec := prepared.(driver.StmtExecContext)
	ask, canAsk := prepared.(driver.StmtQueryContext)
	if !canExec || !canAsk {
		return nil, prepared.Close()
	}
	s := &keptStatement{exec, ask, prepared, false}
	k.kept[query] = s
	return s, nil
}

// worthKeeping reports whether a query is one of those that come again and again:
// pragmas and the schema's statements do not.
func worthKeeping(query string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(query, " \t\n"), " ")
	switch strings.TrimSpace(word) {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE":
		return true
	}
	return false
}

// looseKey is in the context of a transaction that need not be synced.
type looseKey struct{}

// BeginTx implements driver.ConnBeginTx. A transaction whose context has a
// looseKey is written to the log as every other, but the log is not synced after it.
func (k *keeper) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if err := k.loosen(ctx, ctx.Value(looseKey{}) != nil); err != nil {
		return nil, err
	}
	tx, err := k.connection.BeginTx(ctx, opts)
	if err != nil {
		return nil, k.sees.judge(err)
	}
	k.inTx = true
	return &keptTx{tx, k}, nil
}

// loosen begins or ends to commit without a sync, where it is not so already.
func (k *keeper) loosen(ctx context.Context, loose bool) error {
	if k.loose == loose || k.inTx {
		return nil
	}
	level := "FULL"
	if loose {
		level = "NORMAL"
	}
	_, err := k.connection.ExecContext(ctx, "PRAGMA synchronous = "+level, nil)
	if err == nil {
		k.loose = loose
	}
	return err
}

// A keptTx is a transaction of a keeper.
type keptTx struct {
	driver.Tx
	of *keeper
}

// Commit implements driver.Tx.
func (t *keptTx) Commit() error {
	t.of.inTx = false
	return t.of.sees.judge(t.Tx.Commit())
}

// Rollback implements driver.Tx.
func (t *keptTx) Rollback() error {
	t.of.inTx = false
	return t.Tx.Rollback()
}

// ExecContext implements driver.ExecerContext.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	done, err := k.exec(ctx, query, args)
	return done, k.sees.judge(err)
}

func (k *keeper) exec(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := k.loosen(ctx, false); err != nil {
		return nil, err
	}
	s, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.connection.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (k *keeper) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := k.query(ctx, query, args)
	if err != nil {
		return nil, k.sees.judge(err)
	}
	return rows, nil
}

func (k *keeper) query(ctx context.Context, query string, args []driver.NamedValue) (*keptRows, error) {
	if err := k.loosen(ctx, false); err != nil { // it may write and return what it wrote
		return nil, err
	}
	s, err := k.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		rows, err := k.connection.QueryContext(ctx, query, args)
		return &keptRows{rows, nil, k.sees}, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err == nil {
		s.busy = true
	}
	return &keptRows{rows, s, k.sees}, err
}

// Close implements driver.Conn.
func (k *keeper) Close() error {
	var errs []error
	for _, s := range k.kept {
		errs = append(errs, s.Close())
	}
	clear(k.kept)
	return errors.Join(append(errs, k.connection.Close())...)
}

// keptRows are the rows of a query.
type keptRows struct {
	driver.Rows
	of   *keptStatement // nil: it is not kept
	sees *eye
}

// Next implements driver.Rows.
func (r *keptRows) Next(row []driver.Value) error { return r.sees.judge(r.Rows.Next(row)) }

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	if r.of != nil {
		r.of.busy = false
	}
	return r.Rows.Close()
}
