//go:build linux || darwin || freebsd

package storage

import "syscall"

// DiskOf returns the room of the file system of a folder; ok is false where it
// cannot be told.
func DiskOf(folder string) (d Disk, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return d, false
	}
	unit := int64(s.Bsize)
	return Disk{Free: int64(s.Bavail) * unit, Total: int64(s.Blocks) * unit}, true
}
