package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a file as ours: "stdf".
const applicationID = 0x73746466

// minPage is the least size of a database that is not empty, in bytes.
const minPage = 512

// errForeign is the refusal of a file that is not ours.
var errForeign = errors.New("not a storydiff database")

// A stamp is what the head of a database file says of it.
type stamp struct {
	application int64
	schema      int // number of the newest migration that was applied
	objects     int // tables, indexes …
}

// querier is a database, a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readStamp(ctx context.Context, q querier) (s stamp, err error) {
	row := q.QueryRowContext(ctx, `
		SELECT (SELECT application_id FROM pragma_application_id),
		       (SELECT user_version FROM pragma_user_version),
		       (SELECT COUNT(*) FROM sqlite_schema)`)
	err = row.Scan(&s.application, &s.schema, &s.objects)
	return s, err
}

// blank reports whether nothing was ever written.
func (s stamp) blank() bool { return s == stamp{} }

// recognise refuses a file that is not ours before anything is done to it: the
// pragmas of the connections proper would turn another program's file into one
// with a write-ahead log.
//
// The file is looked at through SQLite alone: to open and close it by other
// means would drop the locks that this process holds on it.
func recognise(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return cause(err)
	}
	if info.Size() > 0 && info.Size() < minPage {
		return errForeign // SQLite would take it for a new database and write over it
	}
	if wal, err := os.Stat(path + "-wal"); info.Size() == 0 && err == nil && wal.Size() > 0 {
		// SQLite would take it for a new database and throw the log away.
		return errors.New("the file is empty although its -wal file is not; restore it from a backup")
	}
	probe, err := sql.Open("sqlite", dsn(path, "mode=rw", "_pragma=query_only(1)"))
	if err != nil {
		return err
	}
	defer probe.Close()
	s, err := readStamp(ctx, probe)
	if err != nil {
		return err
	}
	if !s.blank() && s.application != applicationID {
		return errForeign
	}
	return nil
}

func (s stamp) refuseNewer(known int) error {
	if s.schema <= known {
		return nil
	}
	return fmt.Errorf("it was written by a newer storydiff (schema %d, this program knows %d): update the program", s.schema, known)
}

// schemas returns the migrations in their order; the first is number 1.
func schemas() []string {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return names // Glob sorts
}

// migrate applies the migrations that a database lacks, all or none.
func migrate(ctx context.Context, write *sql.DB) error {
	tx, err := write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	s, err := readStamp(ctx, tx)
	if err != nil {
		return err
	}
	names := schemas()
	if err := s.refuseNewer(len(names)); err != nil {
		return err
	}
	if s.schema == len(names) {
		return writable(ctx, tx)
	}
	for i, name := range names[s.schema:] {
		if err := apply(ctx, tx, name, s.schema+i+1); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// writable refuses a file that may only be read, which SQLite opens without a
// word and even begins an immediate transaction on. Nothing is written.
func writable(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM health WHERE id = 0`)
	return err
}

func apply(ctx context.Context, tx *sql.Tx, name string, number int) error {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	// Both numbers are kept in the file's first page and so part of the transaction.
	text := string(script) + fmt.Sprintf("\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", applicationID, number)
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("migrating to schema %d: %w", number, err)
	}
	return nil
}
