//go:build !(linux || darwin || freebsd)

package storage

// DiskOf returns the room of the file system of a folder; ok is false where it
// cannot be told, as here.
func DiskOf(string) (d Disk, ok bool) { return d, false }
