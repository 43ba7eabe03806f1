package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// understood fails the test where the program does not know a command line.
func understood(t *testing.T, args []string) {
	t.Helper()
	if _, said, code := storydiff(t, append(args, "--help")...); code != exitDone {
		t.Errorf("storydiff %s: exit %d: %s", strings.Join(args, " "), code, said)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestServiceFile lets systemd judge the unit, where there is one, with a program
// in the place of ours that is sure to be there.
func TestServiceFile(t *testing.T) {
	unit := readFile(t, ".systemd/storydiff.service")
	started := regexp.MustCompile(`(?m)^ExecStart=(/usr/local/bin/storydiff) (.*)$`).FindStringSubmatch(unit)
	if started == nil {
		t.Fatal("the unit does not say what is started")
	}
	understood(t, strings.Fields(started[2]))
	systemd, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "storydiff.service")
	if err := os.WriteFile(file, []byte(strings.Replace(unit, started[1], self, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(systemd, "verify", "--man=no", file).CombinedOutput(); err != nil || bytes.Contains(said, []byte(filepath.Base(file))) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
}

// TestContainerFile holds the commands of the container file against the program,
// and what it copies against what there is.
func TestContainerFile(t *testing.T) {
	text := readFile(t, "Dockerfile")
	commands := regexp.MustCompile(`(?m)^(ENTRYPOINT|CMD|HEALTHCHECK .* CMD) (\[.*\])$`).FindAllStringSubmatch(text, -1)
	if len(commands) != 3 {
		t.Fatalf("the file has %d commands, want an entry point, what it runs and a health check", len(commands))
	}
	for _, c := range commands {
		var args []string
		if err := json.Unmarshal([]byte(c[2]), &args); err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		understood(t, slices.DeleteFunc(args, func(arg string) bool { return arg == "/storydiff" }))
	}
	for _, c := range regexp.MustCompile(`(?m)^COPY (\w+) (\w+)$`).FindAllStringSubmatch(text, -1) {
		info, err := os.Stat(filepath.Join("..", "..", c[1]))
		if err != nil || !info.IsDir() || !strings.Contains(readFile(t, ".dockerignore"), "!"+c[1]+"\n") {
			t.Errorf("%s: %v, or it is ignored", c[0], err)
		}
	}
}

// TestNotify runs a daemon below a service manager, which is told when it serves
// and when it stops.
func TestNotify(t *testing.T) {
	dir, err := os.MkdirTemp("", "sd") // the name of a socket may not be long
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	address := filepath.Join(dir, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		t.Skip(err)
	}
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", address)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan int, 1)
	var said bytes.Buffer
	go func() {
		done <- run(ctx, []string{"run", "--db", filepath.Join(dir, "x.db"), "--listen", "127.0.0.1:0"}, streams{strings.NewReader(""), &said, &said})
	}()
	manager.SetReadDeadline(time.Now().Add(time.Minute))
	for _, want := range []string{"READY=1", "STOPPING=1"} {
		message := make([]byte, 100)
		n, err := manager.Read(message)
		if got := string(message[:n]); err != nil || got != want {
			t.Fatalf("the manager is told %q, %v; want %q", got, err, want)
		}
		stop()
	}
	if code := <-done; code != exitDone {
		t.Errorf("exit %d: %s", code, said.String())
	}
}
