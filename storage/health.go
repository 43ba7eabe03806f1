package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Counts says how much there is.
type Counts struct {
	Active, Paused, Gone, Retired int // articles by state, those that were removed left out
	Versions, Changes, Checks     int // of all articles
}

// Counts returns how much there is.
func (db *DB) Counts(ctx context.Context) (n Counts, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT COUNT(*) FILTER (WHERE state = 'active'),
		       COUNT(*) FILTER (WHERE state = 'paused'),
		       COUNT(*) FILTER (WHERE state = 'gone'),
		       COUNT(*) FILTER (WHERE state = 'retired'),
		       (SELECT COUNT(*) FROM version),
		       (SELECT COUNT(*) FROM change),
		       (SELECT COUNT(*) FROM look)
		FROM article
		WHERE removed_at IS NULL`).
		Scan(&n.Active, &n.Paused, &n.Gone, &n.Retired, &n.Versions, &n.Changes, &n.Checks)
	return n, failed(err, "counting")
}

// Outlets returns in order the outlets of the articles that are tracked.
func (db *DB) Outlets(ctx context.Context) ([]string, error) {
	all, err := collect(ctx, db.read, scanText, `
		SELECT DISTINCT outlet
		FROM article
		WHERE removed_at IS NULL
		ORDER BY outlet`)
	return all, failed(err, "listing outlets")
}

// LeastFree is how many bytes must be left on the disk: a page and what is written
// beside it fit in there.
const LeastFree = 8 << 20

// Health returns nil if the database can be read and written now. It writes: a
// full disk shows in no other way. The error wraps ErrFull where nothing more can
// be written, or soon cannot, and while nothing is claimed for want of room.
func (db *DB) Health(ctx context.Context) error {
	if err := db.room.refusal(); err != nil {
		return failed(err, "writing %s", db.path)
	}
	return db.health(ctx)
}

func (db *DB) health(ctx context.Context) error {
	var schema int
	if err := db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&schema); err != nil {
		return failed(err, "reading %s", db.path)
	}
	_, err := db.write.ExecContext(ctx, `
		INSERT INTO health (id, at)
		VALUES (1, ?1)
		ON CONFLICT (id) DO UPDATE SET at = ?1`, ms0(time.Now()))
	if err != nil {
		return failed(err, "writing %s", db.path)
	}
	if disk, ok := db.Disk(); ok && disk.Free < LeastFree {
		return fmt.Errorf("%w, but for %d KiB", ErrFull, disk.Free>>10)
	}
	return nil
}

// Disk returns the room where the database is, what a daemon keeps back included;
// ok is false where this cannot be known.
func (db *DB) Disk() (d Disk, ok bool) {
	d, ok = DiskOf(filepath.Dir(db.path))
	if kept, err := os.Stat(db.path + reserveSuffix); err == nil {
		d.Free += kept.Size()
	}
	return d, ok
}

// A Disk is the room of a file system, in bytes.
type Disk struct {
	Free  int64 // for who runs this
	Total int64
}

// Schema returns the number of the newest migration that was applied.
func (db *DB) Schema(ctx context.Context) (int, error) {
	s, err := readStamp(ctx, db.read)
	return s.schema, failed(err, "reading the schema of %s", db.path)
}

// Size says how large the database is, in bytes.
type Size struct {
	File int64
	WAL  int64 // of the write-ahead log beside it
}

// Size returns how large the database is.
func (db *DB) Size() (s Size, err error) {
	for path, size := range map[string]*int64{db.path: &s.File, db.path + "-wal": &s.WAL} {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return s, fmt.Errorf("measuring %s: %w", path, cause(err))
		}
		*size = info.Size()
	}
	return s, nil
}

// A TableSize is how much of the file a table takes with its indexes.
type TableSize struct {
	Table string
	Bytes int64
}

// TableSizes returns how much of the file each table takes, the largest first. It
// reads the whole file.
func (db *DB) TableSizes(ctx context.Context) ([]TableSize, error) {
	all, err := collect(ctx, db.read, func(row scanner) (t TableSize, err error) {
		err = row.Scan(&t.Table, &t.Bytes)
		return t, err
	}, `
		SELECT s.tbl_name, sum(d.pgsize) AS bytes
		FROM dbstat d
		JOIN sqlite_schema s ON s.name = d.name
		WHERE d.aggregate = 1
		GROUP BY 1
		ORDER BY bytes DESC, 1`)
	return all, failed(err, "measuring the tables of %s", db.path)
}
