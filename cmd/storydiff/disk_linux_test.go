package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// ownMounts marks a test program that may mount: it runs in a namespace of its own.
const ownMounts = "STORYDIFF_TEST_OWN_MOUNTS"

// inOwnMounts runs a test once more in a mount namespace of its own, as its root,
// and reports whether this is that run. Where that is not allowed, as to root in
// many containers, the test is skipped.
func inOwnMounts(t *testing.T) bool {
	t.Helper()
	if os.Getenv(ownMounts) != "" {
		return true
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=100s")
	again.Env = append(os.Environ(), ownMounts+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		again.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		again.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := again.CombinedOutput()
	_, ran := errors.AsType[*exec.ExitError](err)
	switch {
	case err != nil && !ran, bytes.Contains(out, []byte("--- SKIP")):
		t.Skipf("no mount namespace: %v\n%s", err, out)
	case err != nil:
		t.Fatalf("in a mount namespace: %v\n%s", err, out)
	}
	t.Logf("in a mount namespace:\n%s", out)
	return false
}

// smallDisk mounts a disk of so many bytes and returns its folder.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Skipf("making mounts private: %v", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("mounting: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	return dir
}

// bulkySite serves stories in which a figure differs at every view, in pages of
// 100 KB that do not compress.
func bulkySite() http.Handler {
	var views atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := views.Add(1)
		noise := make([]byte, 50<<10)
		rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(noise)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Harbour count</title><!-- %x --><article><h1>Harbour count %s</h1>
<p>The harbour office counted %d crates on the quay this morning, more than on any day before, it said.</p>
<p>The crates hold parts for the new pier, which is to open in spring, and for the swing bridge beside it.</p></article>`, noise, r.URL.Path, n)
	})
}

// stopped is what the daemon says when its disk takes nothing more.
const stopped = `msg="watching stopped until the database can be written again"`

// TestDiskFull fills the daemon's disk while a page is on its way: that is still
// recorded, from the reserve. Watching stops with one error, the report reads on,
// and watching goes on by itself when there is room.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if !inOwnMounts(t) {
		return
	}
	bulky, asked, answer := bulkySite(), make(chan struct{}), make(chan struct{})
	var hold atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hold.CompareAndSwap(true, false) {
			close(asked)
			<-answer
		}
		bulky.ServeHTTP(w, r)
	}))
	defer site.Close()
	dir := smallDisk(t, 16<<20)
	db, ballast := filepath.Join(dir, "full.db"), filepath.Join(dir, "ballast")
	track(t, db, site.URL+"/story/1")
	d := startDaemon(t, db)
	d.untilAcks(1)
	if info, err := os.Stat(db + ".reserve"); err != nil || info.Size() != 8<<20 {
		t.Fatalf("the reserve: %v, %v; want 8 MiB", info, err)
	}
	hold.Store(true)
	<-asked
	before := len(d.rows())
	fill(t, ballast)
	close(answer)
	d.untilAcks(before + 1)
	d.untilSaid(stopped)
	if _, err := os.Stat(db + ".reserve"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve is still there: %v", err)
	}
	wantStopped(t, d)
	holdsAll(t, db, d.rows(), nil)
	atFull := len(d.rows())
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.untilSaid(`msg="watching again"`)
	d.untilAcks(atFull + 2)
	if status, text := d.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: %d %s", status, text)
	}
	if _, err := os.Stat(db + ".reserve"); err != nil {
		t.Errorf("the reserve is not made anew: %v", err)
	}
	d.terminate()
	holdsAll(t, db, d.rows(), nil)
	soundDatabase(t, db)
	fill(t, ballast)
	if _, said, code := storydiff(t, "run", "--db", db, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(said, "the disk is full") || strings.Count(said, "\n") != 1 {
		t.Errorf("a start on a full disk: exit %d, %q", code, said)
	}
	t.Logf("%d rows before the disk was full, %d in all", atFull, len(d.rows()))
}

// fill writes a file until the disk takes nothing more.
func fill(t *testing.T, name string) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, size := range []int{1 << 20, 4 << 10, 1} {
		for block := make([]byte, size); err == nil; {
			_, err = file.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		err = nil
	}
}

// wantStopped wants a daemon that is alive and looks at nothing: over two ticks
// and more it says that it is sick, and shows what it has.
func wantStopped(t *testing.T, d *running) {
	t.Helper()
	before := len(d.rows())
	ticks := time.NewTicker(400 * time.Millisecond)
	defer ticks.Stop()
	for range 6 {
		<-ticks.C
		if status, text := d.get("/healthz"); status != http.StatusServiceUnavailable {
			t.Errorf("/healthz: %d %s, want 503", status, text)
		}
		for _, page := range []string{"/", "/articles/1", "/articles/1/versions/1"} {
			if status, _ := d.get(page); status != http.StatusOK {
				t.Errorf("%s: %d, want 200", page, status)
			}
		}
	}
	if after := len(d.rows()); after != before {
		t.Errorf("%d checks were made while watching had stopped", after-before)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.times("level=ERROR") - d.times("request failed"); n != 1 {
		t.Errorf("%d errors were logged, want 1: %q", n, d.said)
	}
}

// TestDiskFails lets every write of the daemon fail with an error of the disk's:
// watching stops with one error and goes on when the disk works again.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(bulkySite())
	defer site.Close()
	db := filepath.Join(t.TempDir(), "fails.db")
	track(t, db, site.URL+"/story/1", site.URL+"/story/2")
	d := startDaemon(t, db)
	d.untilAcks(2)
	limitFiles(t, d.cmd.Process.Pid, 4096)
	d.untilSaid(stopped)
	wantStopped(t, d)
	before := len(d.rows())
	limitFiles(t, d.cmd.Process.Pid, 1<<40)
	d.untilSaid(`msg="watching again"`)
	d.untilAcks(before + 2)
	d.terminate()
	holdsAll(t, db, d.rows(), nil)
	soundDatabase(t, db)
}

// limitFiles lets a process write no file beyond size.
func limitFiles(t *testing.T, pid int, size uint64) {
	t.Helper()
	limit := syscall.Rlimit{Cur: size, Max: 1 << 40}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		t.Skipf("limiting the files of a process: %v", errno)
	}
}
