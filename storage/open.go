// Package storage keeps articles, captures, versions, changes and checks in one
// SQLite file.
//
// What a method has returned without an error survives kill -9 and the loss of
// power: every write is one transaction of its own, synced before it returns. Who
// holds an article or a host for the moment survives kill -9 alone, until
// something else is written: a machine that lost its power holds nothing.
// Several processes may use one file at a time; LockDaemon lets one of them be
// the daemon.
//
// The tables are in migrations/; record.go holds the transaction by which a
// check becomes history, capture.go and codec.go how pages are kept small. The
// package knows nothing of networks, of HTML, or of how texts are compared.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// A DB is an open database. It is safe for use by several goroutines.
type DB struct {
	path  string
	write *sql.DB // one connection, whose transactions take the write lock at once
	read  *sql.DB // a few connections, which cannot write
	codec *codec
	watch watch
	room  room
	close func() error
}

const (
	readers  = 4               // how many reads run at once
	patience = 5 * time.Second // how long to wait for another process
)

// Open opens the database at path, and makes it where there is none; its folder
// must exist. The schema is brought up to date.
//
// Its error is one sentence that names path: where the file cannot be read or
// written, is damaged, belongs to another program, or was written by a newer
// storydiff.
func Open(ctx context.Context, path string) (*DB, error) {
	where, err := locate(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	db, err := openPatiently(ctx, where)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, explain(err))
	}
	return db, nil
}

// openPatiently opens again for a while where another process is just making or
// closing the database: to switch the log on or off SQLite needs the file for
// itself, and does not wait for it as it does elsewhere.
func openPatiently(ctx context.Context, path string) (*DB, error) {
	const pause = 25 * time.Millisecond
	for end := time.Now().Add(patience); ; {
		db, err := open(ctx, path)
		if !busy(err) || time.Now().After(end) {
			return db, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

func open(ctx context.Context, path string) (*DB, error) {
	// The name of a file is part of every data source name below; a pragma
	// smuggled in by one must not run. The switch is the driver's and holds for
	// the process.
	sqlite.StrictPragmas(true)
	if err := recognise(ctx, path); err != nil {
		return nil, err
	}
	codec, err := newCodec()
	if err != nil {
		return nil, err
	}
	db, sees := &DB{path: path, codec: codec}, &eye{path: path}
	db.close = sync.OnceValue(db.shut)
	if db.write, err = openPool(writeDSN(path), sees); err != nil {
		return nil, err
	}
	db.write.SetMaxOpenConns(1)
	if db.read, err = openPool(readDSN(path), sees); err != nil {
		return nil, errors.Join(err, db.write.Close())
	}
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	if db.watch.pool, err = openPool(readDSN(path), sees); err != nil {
		return nil, errors.Join(err, db.read.Close(), db.write.Close())
	}
	if err := db.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.watch.close(), db.read.Close(), db.write.Close())
	}
	return db, nil
}

// prepare migrates, and makes sure that what the package promises is so.
func (db *DB) prepare(ctx context.Context) error {
	if err := migrate(ctx, db.write); err != nil {
		return err
	}
	var mode string
	if err := db.read.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		// As on a network file system: reads would block writes, and locks may not hold.
		return errors.New("its file system does not allow a write-ahead log; use a local disk")
	}
	return nil
}

// Close writes the log back into the file and closes the database. Closing it
// again does nothing. Where the disk has no room to write the log back, it stays
// beside the file, and whoever opens that next reads it.
func (db *DB) Close() error { return db.close() }

func (db *DB) shut() error {
	err := errors.Join(db.watch.close(), db.read.Close())
	// The last connection of all processes does this on its own; a daemon that
	// ends while somebody else reads would leave its log behind.
	_, checkpoint := db.write.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if MayPass(checkpoint) {
		checkpoint = nil
	}
	err = errors.Join(err, checkpoint, db.write.Close(), db.room.close())
	if err != nil {
		return fmt.Errorf("closing %s: %w", db.path, explain(err))
	}
	return nil
}

// Path returns the file of the database, absolute and without symbolic links.
func (db *DB) Path() string { return db.path }

// locate returns the absolute path of the database without symbolic links, so
// that all processes on one file lock the same lock file.
func locate(path string) (string, error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return "", errors.New("that is no name of a file")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(abs)
	switch {
	case err == nil && info.IsDir():
		return "", errors.New("it is a directory")
	case err == nil && !info.Mode().IsRegular():
		return "", errors.New("it is not a regular file")
	case err == nil:
		return filepath.EvalSymlinks(abs)
	case !errors.Is(err, fs.ErrNotExist):
		return "", cause(err)
	}
	return locateNew(abs)
}

func locateNew(abs string) (string, error) {
	folder, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no directory %s", filepath.Dir(abs))
	}
	if err != nil {
		return "", cause(err)
	}
	return filepath.Join(folder, filepath.Base(abs)), nil
}

// cause strips the call and the path off an error of a file, which the caller names.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// writeDSN names the one connection that writes. FULL is what makes a commit
// survive the loss of power; immediate transactions cannot fail half-way
// because another process wrote meanwhile.
func writeDSN(path string) string {
	return dsn(path, "_txlock=immediate",
		"_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=foreign_keys(1)")
}

// readDSN names a connection that reads. It keeps few pages, 600 KiB: all that it
// has are void with the next commit of another connection, which comes soon while
// the daemon runs, and the allocator then gives back to the system what is more
// than 4 MiB of them, which takes longer than to read them again.
func readDSN(path string) string {
	return dsn(path, "_pragma=query_only(1)", "_pragma=cache_size(-600)",
		"_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=foreign_keys(1)")
}

// dsn builds a data source name in which no letter of path can be taken for
// anything but path.
func dsn(path string, options ...string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	wait := fmt.Sprintf("_pragma=busy_timeout(%d)", patience.Milliseconds())
	options = append(options, wait, "_defensive=1", "_dqs=0")
	name := url.URL{Scheme: "file", Path: slashed, RawQuery: strings.Join(options, "&")}
	return name.String()
}
