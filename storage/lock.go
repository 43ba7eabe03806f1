package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// A LockedError reports that another daemon runs on the database.
type LockedError struct {
	Path  string    // of the database
	PID   int       // of the other's process; 0 where it has not said yet
	Since time.Time // when it started; zero likewise
	Note  string    // what it said of itself, as the address it listens on
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("another storydiff runs on %s", e.Path)
	}
	text := fmt.Sprintf("another storydiff runs on %s: process %d, since %s", e.Path, e.PID, e.Since.UTC().Format(time.RFC3339))
	if e.Note != "" {
		text += ", " + e.Note
	}
	return text
}

// LockDaemon makes this process the one daemon of the database until release is
// called or it ends, however it ends. Its note is told to others who try: they
// get a *LockedError.
//
// The lock is one of the operating system on a file of its own beside the
// database, which stays: to delete it would let two daemons hold two files of
// one name. The database file itself is SQLite's to lock.
func (db *DB) LockDaemon(ctx context.Context, note string) (release func() error, err error) {
	lock := flock.New(db.path + ".lock")
	ok, err := tryPatiently(lock)
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", lock.Path(), cause(err))
	}
	if !ok {
		return nil, errors.Join(db.daemon(ctx), lock.Close())
	}
	_, err = db.write.ExecContext(ctx, `
		INSERT INTO daemon (id, pid, since, note)
		VALUES (1, ?1, ?2, ?3)
		ON CONFLICT (id) DO UPDATE SET pid = ?1, since = ?2, note = ?3`, os.Getpid(), ms0(time.Now()), note)
	if err != nil {
		return nil, errors.Join(failed(err, "locking %s", db.path), lock.Close())
	}
	return func() error { return db.unlock(lock) }, nil
}

// tryPatiently tries again for a moment: who asks whether a daemon runs holds the
// lock for no longer than that.
func tryPatiently(lock *flock.Flock) (bool, error) {
	const tries, pause = 5, 10 * time.Millisecond
	for n := 1; ; n++ {
		ok, err := lock.TryLock()
		if ok || err != nil || n == tries {
			return ok, err
		}
		time.Sleep(pause)
	}
}

// daemon returns who holds the lock.
func (db *DB) daemon(ctx context.Context) error {
	e := &LockedError{Path: db.path}
	err := db.read.QueryRowContext(ctx, `SELECT pid, since, note FROM daemon`).Scan(&e.PID, when0(&e.Since), &e.Note)
	if err != nil && err != sql.ErrNoRows {
		return failed(err, "finding out who runs on %s", db.path)
	}
	return e
}

func (db *DB) unlock(lock *flock.Flock) error {
	if !lock.Locked() {
		return nil // released before
	}
	// The daemon may be ending because its context has.
	_, err := db.write.ExecContext(context.Background(), `DELETE FROM daemon`)
	return errors.Join(failed(err, "unlocking %s", db.path), lock.Close())
}
