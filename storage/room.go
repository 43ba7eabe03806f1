package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// reserveSize is how many bytes a daemon keeps back on the disk for its last
	// records. A check in hand when the disk fills up adds a page (16 MiB at most,
	// usually 35 KB as stored); up to eight are in hand.
	reserveSize = 8 << 20
	// elbowRoom is how many bytes must be free beside the reserve before watching
	// goes on, so that it does not stop again at once.
	elbowRoom = 4 << 20
)

// reserveSuffix is what the name of that file has beyond the database's.
const reserveSuffix = ".reserve"

// A room is what a daemon does about a disk that is full.
type room struct {
	mu    sync.Mutex
	file  string // the reserve; empty: none is kept
	there bool   // the reserve has not been spent
	short bool   // no article is claimed until Resume finds room
}

// Reserve keeps 8 MB back in a file beside the database. The first write of a
// capture or a check for which the disk has no room deletes it and is tried
// again; from then on nothing can be claimed, and Health says so, until Resume
// finds room. Close deletes the file. It is for the daemon alone.
//
// An error says that the disk has no room for the reserve. The rest of it holds
// all the same.
func (db *DB) Reserve() error {
	db.room.mu.Lock()
	defer db.room.mu.Unlock()
	db.room.file = db.path + reserveSuffix
	if left, err := os.Stat(db.room.file); err == nil && left.Size() == reserveSize {
		db.room.there = true // by a daemon that was killed
	}
	return db.room.fill(0)
}

// Resume returns nil where writing is possible again, and lets articles be
// claimed; after a full disk, where there is room for the reserve and some more.
func (db *DB) Resume(ctx context.Context) error {
	if err := db.health(ctx); err != nil {
		return err
	}
	db.room.mu.Lock()
	defer db.room.mu.Unlock()
	if err := db.room.fill(elbowRoom); err != nil {
		return err
	}
	db.room.short = false
	return nil
}

// fill writes the reserve where it is not there, and makes sure that so many
// bytes are free beside it.
func (r *room) fill(beside int64) error {
	if r.file == "" || r.there && beside == 0 {
		return nil
	}
	trial, size := r.file+".new", beside
	if !r.there {
		size += reserveSize
	}
	if err := writeNoise(trial, size); err != nil {
		os.Remove(trial) // there may be none
		return fmt.Errorf("keeping a reserve beside the database: %w", cause(err))
	}
	if r.there {
		return os.Remove(trial)
	}
	if err := errors.Join(os.Truncate(trial, reserveSize), os.Rename(trial, r.file)); err != nil {
		return fmt.Errorf("keeping a reserve beside the database: %w", err)
	}
	r.there = true
	return nil
}

// writeNoise writes a file that no file system can make smaller.
func writeNoise(name string, size int64) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	noise, block := rand.NewChaCha8([32]byte{}), make([]byte, 1<<20)
	for left := size; left > 0 && err == nil; left -= int64(len(block)) {
		block = block[:min(left, int64(len(block)))]
		noise.Read(block) // never fails
		_, err = file.Write(block)
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// spend notes that the disk is full, and makes room.
func (r *room) spend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.short = true
	if r.there {
		r.there = false
		os.Remove(r.file) // where that fails there is no room, which the caller finds out
	}
}

// refusal is why nothing may be claimed; nil: it may.
func (r *room) refusal() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.short {
		return ErrFull
	}
	return nil
}

// close deletes the reserve.
func (r *room) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == "" {
		return nil
	}
	r.there = false
	// Where the disk takes nothing more, the file stays, and the next daemon has it.
	if err := os.Remove(r.file); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.EROFS) {
		return err
	}
	return nil
}

// withRoom writes, and once more where the disk was full: another goroutine may
// have spent the reserve meanwhile.
func (db *DB) withRoom(write func() error) error {
	err := write()
	if !full(err) {
		return err
	}
	db.room.spend()
	return write()
}

// exec is one statement by which something in hand comes to its end.
func (db *DB) exec(ctx context.Context, statement string, args ...any) error {
	return db.withRoom(func() error {
		_, err := db.write.ExecContext(ctx, statement, args...)
		return err
	})
}

func full(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_FULL
}

// MayPass reports whether err says that the database cannot be written or read
// at present, through no fault of what is in it: the disk is full, does not work,
// cannot be read or may only be read, or another program keeps the database locked.
func MayPass(err error) bool {
	if errors.Is(err, ErrFull) || errors.Is(err, ErrUnreadable) {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	}
	return false
}
