//go:build !unix

package storage

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// openToStay opens a database for reading beside SQLite.
func openToStay(path string) (io.ReaderAt, error) { return os.Open(path) }

// diskFails reports whether an error is that of a disk that does not work.
func diskFails(err error) bool { return errors.Is(err, syscall.EIO) }
