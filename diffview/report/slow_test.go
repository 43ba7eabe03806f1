package report_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/diffview/report"
)

// pipes is a listener whose connections are pipes, so that their time-outs run on
// the clock of a bubble.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	select {
	case <-p.done:
	default:
		close(p.done)
	}
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}

// TestSlowVisitors opens 1,000 connections that say nothing, next to nothing, or
// nothing any more, and sees each of them closed in time.
func TestSlowVisitors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		ln := pipes{make(chan net.Conn), make(chan struct{})}
		served := make(chan error, 1)
		go func() {
			served <- report.Serve(ctx, ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
			}), slog.New(slog.DiscardHandler))
		}()
		for name, tt := range map[string]struct {
			says  string
			often time.Duration // a further letter each time; 0: none
			least time.Duration
			most  time.Duration
		}{
			"nothing":           {"", 0, 4 * time.Second, 6 * time.Second},
			"half a header":     {"GET / HTTP/1.1\r\nHost: loc", time.Second, 4 * time.Second, 6 * time.Second},
			"half a body":       {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", time.Second, 9 * time.Second, 11 * time.Second},
			"nothing any more":  {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0, 55 * time.Second, 65 * time.Second},
			"headers for years": {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10), 0, 0, time.Second},
		} {
			closed := make(chan time.Duration, 200)
			for range 200 {
				go func() { closed <- visit(ln.dial(), tt.says, tt.often) }()
			}
			for range 200 {
				if took := <-closed; took < tt.least || took > tt.most {
					t.Fatalf("%s: closed after %v, want %v to %v", name, took, tt.least, tt.most)
				}
			}
		}
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// visit says something, then a letter at a time, and returns how long it took
// until the connection was closed.
func visit(conn net.Conn, says string, often time.Duration) time.Duration {
	began := time.Now()
	defer conn.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		io.Copy(io.Discard, bufio.NewReader(conn))
	}()
	_, err := io.WriteString(conn, says)
	for err == nil && often > 0 && !errors.Is(err, io.ErrClosedPipe) {
		time.Sleep(often)
		_, err = io.WriteString(conn, "x")
	}
	<-ended
	return time.Since(began)
}
