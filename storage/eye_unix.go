//go:build unix

package storage

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// openToStay opens a database for reading beside SQLite. Nothing ever closes it,
// not even the collector, which does not know of it: to close any descriptor of a
// file undoes all locks that the process has on it (POSIX), SQLite's as well.
func openToStay(path string) (io.ReaderAt, error) {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return descriptor{fd, path}, nil
}

// A descriptor is an open file that is never closed.
type descriptor struct {
	fd   int
	path string
}

// ReadAt implements io.ReaderAt, but for that it may return fewer bytes without
// an error.
func (d descriptor) ReadAt(b []byte, at int64) (int, error) {
	n, err := syscall.Pread(d.fd, b, at)
	switch {
	case errors.Is(err, syscall.EINTR):
		return 0, nil
	case err != nil:
		return 0, &os.PathError{Op: "read", Path: d.path, Err: err}
	case n == 0 && len(b) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// diskFails reports whether an error is that of a disk that does not work.
func diskFails(err error) bool {
	return errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO)
}
