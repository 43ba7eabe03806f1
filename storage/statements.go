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

// openPool is sql.Open for connections that keep what they have prepared. To
// parse and plan a statement takes SQLite longer than most of ours take to run.
func openPool(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{c}), nil
}

// A keeping connector opens connections that keep what they have prepared.
type keeping struct{ driver.Connector }

// Connect implements driver.Connector.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(connection)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver lacks what is needed of it"), c.Close())
	}
	return &keeper{whole, map[string]*keptStatement{}}, nil
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

// A keeper is a connection that keeps what it has prepared. The pool uses it from
// one goroutine at a time.
type keeper struct {
	connection
	kept map[string]*keptStatement // by their text
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

// ExecContext implements driver.ExecerContext.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
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
	s, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return k.connection.QueryContext(ctx, query, args)
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{rows, s}, nil
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

// keptRows are the rows of a kept statement.
type keptRows struct {
	driver.Rows
	of *keptStatement
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
