package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	json2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"storydiff/tracker/worddiff"
)

// ms is a time as a column keeps it: unix milliseconds, NULL for the zero time.
func ms(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// ms0 is a time as a column keeps it that is compared with others: 0 for the
// zero time.
func ms0(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// A moment reads what ms and ms0 write.
type moment struct {
	t    *time.Time
	zero bool // 0 stands for the zero time
}

func when(t *time.Time) moment  { return moment{t, false} }
func when0(t *time.Time) moment { return moment{t, true} }

// Scan implements sql.Scanner.
func (m moment) Scan(src any) error {
	n, ok := src.(int64)
	switch {
	case src == nil, m.zero && n == 0:
		*m.t = time.Time{}
	case !ok:
		return fmt.Errorf("a %T is no time", src)
	default:
		*m.t = time.UnixMilli(n).UTC()
	}
	return nil
}

// ref is a reference as a column keeps it: NULL for 0.
func ref(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// An optional reads a reference that may be NULL.
type optional struct{ n *int64 }

// Scan implements sql.Scanner.
func (o optional) Scan(src any) error {
	*o.n, _ = src.(int64)
	return nil
}

// A digest reads a hash; a NULL leaves it zero.
type digest struct{ sum *[sha256.Size]byte }

// Scan implements sql.Scanner.
func (d digest) Scan(src any) error {
	b, _ := src.([]byte)
	if src != nil && len(b) != sha256.Size {
		return fmt.Errorf("%w: a hash of %d bytes", ErrDamaged, len(b))
	}
	copy(d.sum[:], b)
	return nil
}

// asJSON is a value as a column keeps it. Its types are ours and can always be
// written.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// A jsonColumn reads what asJSON writes into a pointer.
type jsonColumn struct{ into any }

// Scan implements sql.Scanner.
func (j jsonColumn) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("a %T is no JSON", src)
	}
	if err := readJSON([]byte(s), j.into); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// readJSON reads what asJSON writes, in half of the time that encoding/json takes: a
// list reads some hundred columns of it. Text that is not UTF-8 is read as that does.
func readJSON(text []byte, into any) error {
	return json2.Unmarshal(text, into, jsontext.AllowInvalidUTF8(true), spansQuickly)
}

// spansQuickly reads spans as their UnmarshalJSON does, without a second reader for
// each.
var spansQuickly = json2.WithUnmarshalers(json2.UnmarshalFromFunc(func(from *jsontext.Decoder, s *worddiff.Span) error {
	var row struct {
		Op    worddiff.Op `json:"op"`
		Text  string      `json:"text"`
		Was   *string     `json:"was"`
		Moved int         `json:"moved"`
	}
	if err := json2.UnmarshalDecode(from, &row); err != nil {
		return err
	}
	*s = worddiff.Span{Op: row.Op, Text: row.Text, Moved: row.Moved}
	if row.Was != nil {
		s.Quiet, s.Was = true, *row.Was
	}
	return nil
}))

// A where is a condition in the making.
type where struct {
	terms []string
	args  []any
}

func (w *where) and(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
}

func (w *where) String() string {
	if len(w.terms) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(w.terms, "\n  AND ")
}

// collect runs a query and scans each of its rows.
func collect[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// inLooseTx is inTx for what need not survive the loss of power, for whoever wrote
// it does not either: who holds what. It survives kill -9, and the loss of power
// too once anything was stored by inTx. A sync takes longer than all the rest of it.
func (db *DB) inLooseTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	return db.inTx(context.WithValue(ctx, looseKey{}, true), f)
}

// inTx runs f in a transaction that holds the write lock from its start.
func (db *DB) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}
