//go:build linux && !race

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// ext4Disk makes a file system of so many bytes in a file, mounts it, and returns
// its folder and that file. Where the machine has no loop device for it, or no program that makes
// one, the test is skipped.
func ext4Disk(t *testing.T, size int64) (dir, image string) {
	t.Helper()
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Skipf("making mounts private: %v", err)
	}
	image, dir = filepath.Join(t.TempDir(), "disk.ext4"), t.TempDir()
	file, err := os.Create(image)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Truncate(size); err != nil {
		t.Fatal(err)
	}
	file.Close()
	for _, args := range [][]string{{"mkfs.ext4", "-q", "-F", image}, {"mount", "-o", "loop,errors=remount-ro", image, dir}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skipf("no file system of its own: %s: %v\n%s", args[0], err, out)
		}
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir, image
}

// turnReadOnly lets the kernel find an error in a file system of ext4, which then
// may only be read, also through files that are open for writing.
func turnReadOnly(t *testing.T, dir string) {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); f[1] == dir {
			trigger := filepath.Join("/sys/fs/ext4", filepath.Base(f[0]), "trigger_fs_error")
			if err := os.WriteFile(trigger, []byte("a test"), 0); err != nil {
				t.Skipf("having the kernel find an error: %v", err)
			}
			return
		}
	}
	t.Fatalf("%s is not mounted", dir)
}

// TestReadOnlyDisk starts the daemon on a file system that may only be read: it
// refuses in one line, whether a database is there or not, and changes nothing.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	if !inOwnMounts(t) {
		return
	}
	site := httptest.NewServer(bulkySite())
	defer site.Close()
	dir := smallDisk(t, 32<<20)
	db := filepath.Join(dir, "readonly.db")
	track(t, db, site.URL+"/story/1")
	d := startDaemon(t, db)
	d.untilAcks(2)
	d.terminate()
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, fmt.Sprintf("size=%d", 32<<20)); err != nil {
			t.Fatalf("mounting anew: %v", err)
		}
	}
	remount(syscall.MS_RDONLY)
	for _, path := range []string{db, filepath.Join(dir, "other.db")} {
		out, said, code := storydiff(t, "run", "--db", path, "--listen", "127.0.0.1:0")
		if code != 1 || out != "" || strings.Count(said, "\n") != 1 || !strings.Contains(said, "may not be written to") {
			t.Errorf("a start on a disk that may only be read: exit %d, %q", code, said)
		}
	}
	remount(0)
	holdsAll(t, db, d.rows(), nil)
	soundDatabase(t, db)
	d = startDaemon(t, db)
	d.untilAcks(1)
	d.terminate()
}

// daemonOnDisk starts a daemon whose database is the only one of a file system of
// its own, and waits for its first looks. Once it has ended, mountAnew mounts that
// file system anew.
func daemonOnDisk(t *testing.T, name string) (d *running, db, dir string, mountAnew func()) {
	t.Helper()
	site := httptest.NewServer(bulkySite())
	t.Cleanup(site.Close)
	dir, image := ext4Disk(t, 64<<20)
	db = filepath.Join(dir, name)
	track(t, db, site.URL+"/story/1", site.URL+"/story/2")
	d = startDaemon(t, db)
	d.untilAcks(4)
	return d, db, dir, func() {
		t.Helper()
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("mount", "-o", "loop", image, dir).CombinedOutput(); err != nil {
			t.Fatalf("mounting anew: %v\n%s", err, out)
		}
	}
}

// TestDiskTurnsReadOnly has the kernel make the file system of a daemon read-only, as
// it does when the disk fails: watching stops with one error, the report reads on,
// the daemon says that it is sick and ends in order. What it had acknowledged is
// there when the disk is mounted anew.
func TestDiskTurnsReadOnly(t *testing.T) {
	t.Parallel()
	if !inOwnMounts(t) {
		return
	}
	d, db, dir, mountAnew := daemonOnDisk(t, "turns.db")
	turnReadOnly(t, dir)
	d.untilSaid(stopped)
	wantStopped(t, d)
	d.terminate()
	mountAnew()
	holdsAll(t, db, d.rows(), nil)
	soundDatabase(t, db)
}

// TestDiskUnreadable shuts the file system of a daemon down, so that it can be read
// no more: that is what the daemon says, once, and it stays, for the database need
// not be damaged. It is whole when the disk is mounted anew.
func TestDiskUnreadable(t *testing.T) {
	t.Parallel()
	if !inOwnMounts(t) {
		return
	}
	d, db, dir, mountAnew := daemonOnDisk(t, "unread.db")
	shutDown(t, dir)
	d.untilSaid(stopped)
	if status, said := d.get("/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("/healthz: %d %s, want 503", status, said)
	}
	before := len(d.rows())
	d.kill()
	if n := d.times("the database is damaged"); n > 0 {
		t.Errorf("it called the database damaged: %q", d.said)
	}
	if len(d.rows()) != before || d.times(stopped) != 1 {
		t.Errorf("it went on: %q", d.said)
	}
	mountAnew()
	soundDatabase(t, db)
	d = startDaemon(t, db)
	d.untilAcks(2)
	d.terminate()
}

// shutDown ends a file system of ext4 where it stands: from then on all that is
// asked of its files fails with EIO.
func shutDown(t *testing.T, dir string) {
	t.Helper()
	const (
		ext4Shutdown = 0x8004587d // EXT4_IOC_SHUTDOWN
		flushLog     = 1          // what was synced stays
	)
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	how := uint32(flushLog)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), ext4Shutdown, uintptr(unsafe.Pointer(&how))); errno != 0 {
		t.Skipf("shutting a file system down: %v", errno)
	}
}
