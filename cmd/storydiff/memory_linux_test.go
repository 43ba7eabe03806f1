//go:build linux && !race

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// mostMemory is how much memory a daemon may take that is sent all that there is
// to send, in bytes.
const mostMemory = 300 << 20

// TestMemory looks at pages without an end, pages of 100 MB and bombs, on eight
// hosts at once, and measures what the daemon takes at most.
func TestMemory(t *testing.T) {
	site := httptest.NewUnstartedServer(hostileSite(t))
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	site.Listener.Close()
	site.Listener = ln
	site.Start()
	defer site.Close()
	port := ln.Addr().(*net.TCPAddr).Port
	db := filepath.Join(t.TempDir(), "memory.db")
	var addresses []string
	for host := range 8 {
		for _, path := range []string{"endless", "huge", "brotli", "gzip", "zstd", "header"} {
			addresses = append(addresses, fmt.Sprintf("http://127.0.0.%d:%d/%s", host+1, port, path))
		}
	}
	track(t, db, addresses...)
	d := startDaemon(t, db, "--log-level", "error", "--timeout", "20s")
	seen := map[int64]ack{}
	d.until("a row for each article", func() bool {
		for _, a := range d.acks {
			seen[a.Article] = a
		}
		return len(seen) == len(addresses)
	})
	for _, a := range seen {
		if a.Outcome != "failed" || a.Reason != "too-large" || a.Version != 0 {
			t.Errorf("%s: %+v, want failed, too-large", addresses[a.Article-1], a)
		}
	}
	most := peakMemory(t, d.cmd.Process.Pid)
	t.Logf("%d MB at most, over %d looks", most>>20, len(d.rows()))
	if most > mostMemory {
		t.Errorf("the daemon took %d MB, want %d at most", most>>20, mostMemory>>20)
	}
	d.terminate()
}

// hostileSite sends more than anybody wants, by path.
func hostileSite(t *testing.T) http.Handler {
	bombs := map[string][]byte{}
	pack := func(coding string, size int64, packer func(io.Writer) (io.WriteCloser, error)) {
		var packed bytes.Buffer
		w, err := packer(&packed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, size); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		bombs[coding] = packed.Bytes()
	}
	pack("brotli", 256<<20, func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriterLevel(w, 1), nil })
	pack("gzip", 256<<20, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, 1) })
	pack("zstd", 256<<20, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
	codings := map[string]string{"brotli": "br", "gzip": "gzip", "zstd": "zstd"}
	chunk := bytes.Repeat([]byte("<p>The council voted on Tuesday.</p>"), 1000)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		what := r.URL.Path[1:]
		w.Header().Set("Content-Type", "text/html")
		switch {
		case what == "robots.txt":
			http.NotFound(w, r)
		case codings[what] != "":
			w.Header().Set("Content-Encoding", codings[what])
			w.Write(bombs[what])
		case what == "header":
			for i := range 100 {
				w.Header().Set(fmt.Sprint("X-Pour-", i), string(chunk[:8000]))
			}
		default:
			if what == "huge" {
				w.Header().Set("Content-Length", strconv.Itoa(100<<20))
			}
			for sent := 0; what == "endless" || sent < 100<<20; sent += len(chunk) {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}
	})
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// peakMemory returns the most memory that a process has had so far, in bytes.
func peakMemory(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		t.Skip("the system does not say what a process takes")
	}
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}
