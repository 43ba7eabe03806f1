package storage

import (
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"storydiff/tracker"
)

// Errors that a caller may want to tell apart.
var (
	// ErrDamaged is returned, wrapped, where stored bytes are not what was stored.
	ErrDamaged = errors.New("the database is damaged")
	// ErrFull is returned, wrapped, where nothing more can be written.
	ErrFull = errors.New("the disk is full")
	// ErrUnreadable is returned, wrapped, where the disk does not give what is stored.
	// What it would give is not known to be damaged.
	ErrUnreadable = errors.New("the disk cannot be read")
)

// failed says what could not be done, and why.
func failed(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(doing+": %w", append(args, explain(err))...)
}

// notFound turns the absence of a row into tracker.ErrNotFound.
func notFound(err error, what string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		err = tracker.ErrNotFound
	}
	return failed(err, what, args...)
}

// explain puts an error of SQLite into a sentence for its user.
func explain(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // there is no room for the 32 KB that all who have it open share
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w; restore it from a backup: %w", ErrDamaged, err)
	case sqlite3.SQLITE_NOTADB:
		return errForeign
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return fmt.Errorf("the file or its directory may not be written to: %w", err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the file cannot be opened, or its directory may not be written to: %w", err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("another program keeps the database locked: %w", err)
	case sqlite3.SQLITE_IOERR:
		if reading(e.Code()) {
			return fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		return fmt.Errorf("the disk does not work as it should: %w", err)
	}
	return err
}

// reading reports whether an I/O error came of a read. That of a short read is
// none: SQLite fills up with zeros what a file does not have.
func reading(code int) bool {
	switch code {
	case sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_CORRUPTFS, sqlite3.SQLITE_IOERR_DATA, sqlite3.SQLITE_IOERR_MMAP:
		return true
	}
	return false
}

// busy reports whether another connection was in the way.
func busy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// missingParent reports whether a row was refused for want of the row that it
// belongs to.
func missingParent(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}
