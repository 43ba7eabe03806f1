package storage_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"storydiff/storage"
	"storydiff/tracker"
)

func open(t *testing.T, path string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestLockDaemon(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	first := open(t, path)
	release, err := first.LockDaemon(t.Context(), "http://127.0.0.1:8080")
	must(t, err)

	link := filepath.Join(t.TempDir(), "link.db")
	must(t, os.Symlink(path, link))
	for _, path := range []string{path, link} {
		_, err = open(t, path).LockDaemon(t.Context(), "")
		e, ok := errors.AsType[*storage.LockedError](err)
		if !ok {
			t.Fatalf("a second daemon on %s: %v, want a *LockedError", path, err)
		}
		if e.PID != os.Getpid() || e.Note != "http://127.0.0.1:8080" || time.Since(e.Since) > time.Minute {
			t.Errorf("locked by %+v", e)
		}
		if text := e.Error(); !strings.Contains(text, "process ") || !strings.Contains(text, e.Note) || strings.Contains(text, "\n") {
			t.Errorf("the refusal is %q", text)
		}
	}
	addOne(t, path) // others may write meanwhile

	must(t, release())
	must(t, release())
	release, err = open(t, path).LockDaemon(t.Context(), "")
	must(t, err)
	must(t, release())
}

// A daemon that was killed leaves its row and its lock file; neither is in the
// way of the next.
func TestLockOfKilledDaemon(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	child := startChild(t, "lock", path)
	db := open(t, path)
	_, err := db.LockDaemon(t.Context(), "")
	if e, ok := errors.AsType[*storage.LockedError](err); !ok || e.PID != child.cmd.Process.Pid {
		t.Fatalf("while it lives: %v, want a *LockedError that names %d", err, child.cmd.Process.Pid)
	}
	child.kill()
	release, err := db.LockDaemon(t.Context(), "")
	must(t, err)
	must(t, release())
}

// A child is this test program run once more, to be killed.
type child struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

// startChild starts one and waits until it says that it is ready.
func startChild(t *testing.T, task, path string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORAGE_TEST_CHILD="+task, "STORAGE_TEST_PATH="+path)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	c := &child{cmd, bufio.NewReader(pipe)}
	t.Cleanup(func() { c.kill() })
	if line, err := c.out.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	return c
}

// kill kills the child and returns the rest of what it said.
func (c *child) kill() string {
	c.cmd.Process.Kill()
	rest, _ := io.ReadAll(c.out)
	c.cmd.Wait()
	return string(rest)
}

// Who asks whether a daemon runs is told, and does not keep one from starting.
func TestDaemonIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := storage.Open(t.Context(), path)
	must(t, err)
	defer db.Close()
	ask := func(want bool) tracker.DaemonRun {
		t.Helper()
		run, running, err := db.Daemon(t.Context())
		must(t, err)
		if running != want {
			t.Errorf("Daemon = %t, want %t", running, want)
		}
		return run
	}
	if run := ask(false); run.ID != 0 {
		t.Errorf("the last run is %+v before there was one", run)
	}
	release, err := db.LockDaemon(t.Context(), "")
	must(t, err)
	began := tracker.DaemonRun{PID: 12, Began: time.Now(), Listen: "127.0.0.1:8080"}
	must(t, db.BeginRun(t.Context(), &began))
	if run := ask(true); run.ID != began.ID || run.Listen != began.Listen {
		t.Errorf("the run is %+v, want %+v", run, began)
	}
	must(t, release())
	ask(false)

	// Who asks holds the lock for a moment; a daemon starts all the same.
	asking := flock.New(db.Path() + ".lock")
	if ok, err := asking.TryRLock(); !ok || err != nil {
		t.Fatalf("the lock cannot be shared: %v", err)
	}
	time.AfterFunc(5*time.Millisecond, func() { asking.Close() })
	release, err = db.LockDaemon(t.Context(), "")
	must(t, err)
	must(t, release())
}
