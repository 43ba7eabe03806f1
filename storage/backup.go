package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrExists is returned, wrapped, by Backup where there is a file already.
var ErrExists = errors.New("there is a file of that name already")

// sizes is how often Backup tells how far it is.
const sizes = 200 * time.Millisecond

// Backup writes a copy of the database to a file, as it stands at one moment,
// while this process and others go on using it. The copy is whole and synced
// before it gets its name, and was read back: its structure holds and it has the
// rows that the database has. ErrExists: the file is there, and replace is false.
// Told is called with the bytes written so far and about how many there will be;
// it may be nil.
func (db *DB) Backup(ctx context.Context, file string, replace bool, told func(done, total int64)) error {
	target, err := db.backupTarget(file, replace)
	if err != nil {
		return fmt.Errorf("backing up to %s: %w", file, err)
	}
	trial, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return fmt.Errorf("backing up to %s: %w", file, cause(err))
	}
	defer os.Remove(trial.Name()) // where it has got its name there is none
	err = errors.Join(trial.Close(), db.copyTo(ctx, trial.Name(), told))
	if err == nil {
		err = moveInto(trial.Name(), target, replace)
	}
	if err != nil {
		return fmt.Errorf("backing up to %s: %w", file, explain(err))
	}
	return nil
}

// backupTarget refuses what must not be written over.
func (db *DB) backupTarget(file string, replace bool) (string, error) {
	if file == "" {
		return "", errors.New("that is no name of a file")
	}
	target, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	there, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return "", cause(err)
	case there.IsDir():
		return "", errors.New("it is a directory")
	case db.isAt(there):
		return "", errors.New("it is the database itself")
	case !replace:
		return "", ErrExists
	}
	if _, err := os.Stat(target + "-wal"); err == nil {
		// SQLite would take it for the log of the copy.
		return "", errors.New("a file of that name with -wal beside it is there: another program uses that database, or did not close it")
	}
	return target, nil
}

// isAt reports whether the database is that file.
func (db *DB) isAt(file fs.FileInfo) bool {
	own, err := os.Stat(db.path)
	return err == nil && os.SameFile(own, file)
}

// copyTo writes the copy into an empty file and reads it back.
func (db *DB) copyTo(ctx context.Context, file string, told func(done, total int64)) error {
	before, err := countRows(ctx, db.read)
	if err != nil {
		return err
	}
	stop := db.tellSize(ctx, file, told)
	// A read transaction of the one connection that may write, for the others
	// refuse it; the writes of other processes are not in its way.
	_, err = db.write.ExecContext(ctx, `VACUUM INTO ?`, file)
	stop()
	if err != nil {
		return err
	}
	after, err := countRows(ctx, db.read)
	if err != nil {
		return err
	}
	return db.readBack(ctx, file, before, after)
}

// tellSize tells how far the copy is until stop is called.
func (db *DB) tellSize(ctx context.Context, file string, told func(done, total int64)) (stop func()) {
	if told == nil {
		return func() {}
	}
	var total int64
	db.read.QueryRowContext(ctx, `SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&total) // 0: not known
	ended, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		ticks := time.NewTicker(sizes)
		defer ticks.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ticks.C:
				if info, err := os.Stat(file); err == nil {
					told(min(info.Size(), total), total)
				}
			}
		}
	}()
	return func() { close(ended); <-over }
}

// rows is how many rows the tables have that only grow, but for what is purged.
type rows struct{ articles, captures, versions, looks int }

func countRows(ctx context.Context, q querier) (n rows, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM article), (SELECT COUNT(*) FROM capture),
		       (SELECT COUNT(*) FROM version), (SELECT COUNT(*) FROM look)`).
		Scan(&n.articles, &n.captures, &n.versions, &n.looks)
	return n, err
}

// between reports whether each count lies between those before and after.
func (n rows) between(before, after rows) bool {
	in := func(x, a, b int) bool { return min(a, b) <= x && x <= max(a, b) }
	return in(n.articles, before.articles, after.articles) && in(n.captures, before.captures, after.captures) &&
		in(n.versions, before.versions, after.versions) && in(n.looks, before.looks, after.looks)
}

// readBack makes sure that a copy is one: an empty one too has a structure that
// holds.
func (db *DB) readBack(ctx context.Context, file string, before, after rows) error {
	copied, s, err := openStill(ctx, file)
	if err != nil {
		return err
	}
	defer copied.Close()
	n, err := countRows(ctx, copied)
	if err != nil {
		return err
	}
	var verdict string
	if err := copied.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" || s.application != applicationID || !n.between(before, after) {
		return fmt.Errorf("%w: the copy does not hold what the database does (storydiff verify says more): %s", ErrDamaged, verdict)
	}
	return nil
}

// openStill opens a copy to be read, with what it says of itself: nobody writes to
// it, and it has no log.
func openStill(ctx context.Context, file string) (*sql.DB, stamp, error) {
	copied, err := sql.Open("sqlite", dsn(file, "mode=ro", "immutable=1"))
	if err != nil {
		return nil, stamp{}, err
	}
	s, err := readStamp(ctx, copied)
	if err != nil {
		return nil, s, errors.Join(err, copied.Close())
	}
	return copied, s, nil
}

// moveInto syncs a file and gives it its name. Its owner alone may read it.
func moveInto(trial, target string, replace bool) error {
	file, err := os.OpenFile(trial, os.O_RDWR, 0)
	if err != nil {
		return cause(err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return cause(err)
	}
	if replace {
		err = os.Rename(trial, target)
	} else if err = os.Link(trial, target); errors.Is(err, fs.ErrExist) {
		return ErrExists // it has come meanwhile
	} else if err != nil { // a file system without links
		err = os.Rename(trial, target)
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(target))
}

// syncDir makes the names in a directory survive the loss of power, where the
// system knows how.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return cause(err)
	}
	defer d.Close()
	d.Sync() // not every system can
	return nil
}
