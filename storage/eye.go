package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// lookAgain is how long what an eye saw holds: a database of which much is
	// damaged is not read once more for each row of it.
	lookAgain = 30 * time.Second
	// longestLook bounds a look at a large file; what is not read by then is taken
	// to be readable.
	longestLook = 10 * time.Second
)

// An eye tells a disk that cannot be read from a database that is damaged. SQLite
// does not: where the system answers a read with EIO, it calls that corruption of
// the file system, and its statements then end with SQLITE_CORRUPT as they do over
// a page that holds nonsense. So the eye reads the files itself.
type eye struct {
	path string

	mu     sync.Mutex
	file   io.ReaderAt // of the database, once it was looked at; see openToStay
	looked time.Time
	saw    error // what came of that look
}

// judge returns err, or, where it says that the database is damaged although its
// files cannot be read, an error that wraps ErrUnreadable.
func (e *eye) judge(err error) error {
	s, ok := errors.AsType[*sqlite.Error](err)
	if !ok || s.Code()&0xff != sqlite3.SQLITE_CORRUPT {
		return err
	}
	if why := e.look(); why != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, why)
	}
	return err
}

// look returns why the files cannot be read; nil: they can.
func (e *eye) look() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := time.Now(); e.looked.IsZero() || now.Sub(e.looked).Abs() > lookAgain {
		end := now.Add(longestLook)
		if e.saw = e.readMain(end); e.saw == nil {
			e.saw = readLog(e.path+"-wal", end)
		}
		e.looked = time.Now()
	}
	return e.saw
}

// readMain reads the database itself.
func (e *eye) readMain(end time.Time) error {
	if e.file == nil {
		file, err := openToStay(e.path)
		if err != nil {
			return failing(err)
		}
		e.file = file
	}
	return readThrough(e.file, end)
}

// readLog reads the write-ahead log, on which SQLite has no locks that closing it
// could undo.
func readLog(path string, end time.Time) error {
	file, err := os.Open(path)
	if err != nil {
		return failing(err)
	}
	defer file.Close()
	return readThrough(file, end)
}

// failing returns err where it is the disk's, and not that there is no such file
// or that it may not be opened.
func failing(err error) error {
	if diskFails(err) {
		return err
	}
	return nil
}

// readThrough reads a file from its beginning, and returns why that cannot be done.
func readThrough(file io.ReaderAt, end time.Time) error {
	block := make([]byte, 1<<20)
	for at := int64(0); time.Now().Before(end); {
		n, err := file.ReadAt(block, at)
		at += int64(n)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
