package fetch_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"

	"storydiff/tracker/fetch"
)

// Abuse case 17: a body that never ends, a byte a second, is cut off; a fetch from
// another host goes on meanwhile, and is done long before.
func TestAbuse17EndlessBody(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "slow.example.org" {
			fmt.Fprint(w, "story")
			return
		}
		for {
			if _, err := w.Write([]byte("a")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			nap(r, time.Second)
			if r.Context().Err() != nil {
				return
			}
		}
	}
	in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, handler, func(t *testing.T, w *web, c *fetch.Client) {
		began := time.Now()
		cut := make(chan time.Duration)
		go func() {
			refuse(t, c, "http://slow.example.org/", "timeout")
			cut <- time.Since(began)
		}()
		time.Sleep(2 * time.Second) // of the bubble's: the slow answer is under way
		if p := get(t, c, "http://quick.example.net/"); string(p.Body) != "story" || time.Since(began) > 3*time.Second {
			t.Errorf("another host answered %q after %v, want its story at once", p.Body, time.Since(began))
		}
		if took := <-cut; took > time.Minute {
			t.Errorf("the endless body was cut after %v, want a minute at most", took)
		}
	})
}

// Abuse case 18: a header that never ends is cut off after 15 seconds where it
// drips, and after 64 KB where it pours.
func TestAbuse18EndlessHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dripping sync.WaitGroup
		drip := func(conn net.Conn) {
			defer conn.Close()
			conn.Read(make([]byte, 4096))
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n")
			for {
				if _, err := fmt.Fprint(conn, "X-Drip: a\r\n"); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}
		c := fetch.NewClientAt(fetch.Options{HostDelay: -1, IgnoreRobots: true}, fetch.Edge{Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			dripping.Go(func() { drip(theirs) })
			return ours, nil
		}})
		began := time.Now()
		refuse(t, c, "http://example.org/", "timeout")
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("a dripping header was cut after %v, want 15 s at most", took)
		}
		dripping.Wait() // until it finds that nobody listens
	})

	var sent atomic.Int64
	address := pouring(t, func(conn net.Conn) {
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n")
		line := []byte("X-Pour: " + strings.Repeat("a", 1000) + "\r\n")
		for sent.Load() < 100<<20 {
			n, err := conn.Write(line)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	refuse(t, local(t, func(o *fetch.Options) { o.IgnoreRobots = true }), "http://"+address, "too-large")
	if most := int64(16 << 20); sent.Load() > most { // what the kernel buffers counts as sent
		t.Errorf("%d bytes of a header were taken, want the answer cut at 64 KB", sent.Load())
	}
}

// Abuse case 19: of a page of 100 MB no more than 10 MB are taken, and there is no
// page: an error alone.
func TestAbuse19HugePage(t *testing.T) {
	const whole = 100 << 20
	var sent atomic.Int64
	chunk := bytes.Repeat([]byte("<p>The council voted on Tuesday.</p>"), 1000)
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/length" {
			w.Header().Set("Content-Length", fmt.Sprint(whole))
		}
		for sent.Load() < whole {
			n, err := w.Write(chunk)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	c := local(t, nil)
	for _, path := range []string{"/length", "/chunked"} {
		sent.Store(0)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		refuse(t, c, site+path, "too-large")
		runtime.ReadMemStats(&after)
		if sent.Load() > 40<<20 { // 10 MB, and what buffers on the way hold
			t.Errorf("%s: %d MB were sent before it was cut off", path, sent.Load()>>20)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
			t.Errorf("%s: %d MB were allocated for it", path, grown>>20)
		}
	}
}

// Abuse case 20: bombs of hundreds of megabytes in a few kilobytes are refused on
// their way through a fetch, in little memory.
func TestAbuse20Bombs(t *testing.T) {
	zeros := encode(t, make([]byte, 64<<20), "gzip")
	tests := []struct {
		name string
		sent sent
	}{
		{"brotli", sent{"br", brotliBomb(t, 256<<20), 0}},
		{"gzip in gzip", sent{"gzip, gzip", encode(t, zeros, "gzip"), 0}},
		{"zstd", sent{"zstd", encode(t, make([]byte, 64<<20), "zstd"), 0}},
		{"zstd with a window of 2 GB", sent{"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00}, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := sending(t, tt.sent)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			refuse(t, local(t, nil), site+"/0", "too-large")
			runtime.ReadMemStats(&after)
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
				t.Errorf("%d bytes took %d MB to refuse, want 64 at most", len(tt.sent.wire), grown>>20)
			}
		})
	}
}

// brotliBomb returns zeros in brotli, without ever holding them all.
func brotliBomb(t *testing.T, size int64) []byte {
	var buf bytes.Buffer
	w := brotli.NewWriterLevel(&buf, 1)
	if _, err := io.CopyN(w, nothing{}, size); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// nothing reads as zeros without end.
type nothing struct{}

func (nothing) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// Abuse case 21: of a body longer than its stated length the stated part is the
// page, and one shorter is none: an error, and what came of it is not handed out.
func TestAbuse21LengthLies(t *testing.T) {
	const start = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	c := local(t, func(o *fetch.Options) { o.IgnoreRobots = true })

	long := "http://" + pouring(t, func(conn net.Conn) {
		fmt.Fprint(conn, start+"Content-Length: 5\r\n\r\nstory")
		conn.Write(bytes.Repeat([]byte("more "), 2<<20))
	})
	if p := get(t, c, long); string(p.Body) != "story" || string(p.Wire) != "story" {
		t.Errorf("a body of 10 MB with a length of 5 came as %d bytes, want the 5", len(p.Body))
	}
	for name, answer := range map[string]string{
		"short":             start + "Content-Length: 10000000\r\n\r\n<h1>Ferry returns</h1><p>The boats sail from",
		"short, gzip":       start + "Content-Encoding: gzip\r\nContent-Length: 10000000\r\n\r\n" + string(encode(t, []byte("<h1>Ferry returns</h1><p>The boats sail from"), "gzip")),
		"chunks cut short":  start + "Transfer-Encoding: chunked\r\n\r\n40\r\n<h1>Ferry returns</h1>",
		"last chunk is not": start + "Transfer-Encoding: chunked\r\n\r\n5\r\nstory\r\n",
	} {
		if e := refuse(t, c, "http://"+speaking(t, answer), "truncated"); !strings.Contains(e.Detail, "broke off") {
			t.Errorf("%s: %q, want it said that the answer broke off", name, e.Detail)
		}
	}
}

// pouring returns the address of a server that hands each connection to speak once
// it was spoken to.
func pouring(t testing.TB, speak func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.Read(make([]byte, 4096))
				speak(c)
			}()
		}
	}()
	return l.Addr().String()
}
