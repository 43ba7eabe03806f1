package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// An ack is what a check's row said.
type ack struct {
	Article int64  `json:"article"`
	Outcome string `json:"outcome"`
	Version int    `json:"version"`
	Reason  string `json:"reason"`
}

// A running daemon is a process of its own, which a test may kill.
type running struct {
	t     *testing.T
	cmd   *exec.Cmd
	began time.Time

	mu    sync.Mutex
	acks  []ack    // rows on its standard output
	said  []string // lines on its standard error
	ready time.Time

	news  chan struct{} // something was said
	ended chan struct{} // it has ended and all that it said is there
}

// startDaemon runs the daemon over a database, with a tick a second and no gap
// between requests.
func startDaemon(t *testing.T, db string, flags ...string) *running {
	t.Helper()
	args := append([]string{"run", "--db", db, "--listen", "127.0.0.1:0", "--cron", "@every 1s", "--allow-private", "--host-delay", "0s", "--json"}, flags...)
	d := &running{t: t, cmd: exec.Command(os.Args[0], args...), news: make(chan struct{}, 1), ended: make(chan struct{})}
	d.cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := d.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.began = time.Now()
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { d.listen(out, d.row) })
	reading.Go(func() { d.listen(errs, d.line) })
	go func() {
		reading.Wait()
		d.cmd.Wait()
		close(d.ended)
	}()
	t.Cleanup(func() { d.kill() })
	return d
}

// listen hands each whole line to note.
func (d *running) listen(from io.Reader, note func(string)) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return // what it was killed in the middle of, it has not said
		}
		d.mu.Lock()
		note(strings.TrimSpace(line))
		d.mu.Unlock()
		select {
		case d.news <- struct{}{}:
		default:
		}
	}
}

func (d *running) row(line string) {
	var a ack
	if json.Unmarshal([]byte(line), &a) == nil {
		d.acks = append(d.acks, a)
	}
}

func (d *running) line(line string) {
	d.said = append(d.said, line)
	if strings.Contains(line, "report at http://") {
		d.ready = time.Now()
	}
}

// until waits for something that the daemon says, half a minute at most.
func (d *running) until(what string, so func() bool) {
	d.t.Helper()
	late := time.After(30 * time.Second)
	for {
		d.mu.Lock()
		ok := so()
		d.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-d.news:
		case <-d.ended:
			d.t.Fatalf("it ended before %s; it said %s", what, d.tail())
		case <-late:
			d.t.Fatalf("no %s; it said %s", what, d.tail())
		}
	}
}

// untilSaid waits for a line with that text.
func (d *running) untilSaid(text string) {
	d.t.Helper()
	d.until(fmt.Sprintf("%q", text), func() bool { return d.times(text) > 0 })
}

// untilAcks waits for so many rows.
func (d *running) untilAcks(n int) {
	d.t.Helper()
	d.until(fmt.Sprintf("%d rows", n), func() bool { return len(d.acks) >= n })
}

// times counts the lines with a text. The caller holds mu, or the daemon has ended.
func (d *running) times(text string) (n int) {
	for _, line := range d.said {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

func (d *running) tail() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.said[max(0, len(d.said)-20):], "\n")
}

// rows returns what was acknowledged so far.
func (d *running) rows() []ack {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.acks
}

var reportSaid = regexp.MustCompile(`report at (http://[^/]+)/`)

// get asks the daemon's report for a page and returns its status and text.
func (d *running) get(path string) (int, string) {
	d.t.Helper()
	d.untilSaid("report at http://")
	d.mu.Lock()
	site := reportSaid.FindStringSubmatch(strings.Join(d.said, "\n"))[1]
	d.mu.Unlock()
	resp, err := http.Get(site + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return resp.StatusCode, string(page)
}

// kill kills the daemon and waits for its end.
func (d *running) kill() {
	d.cmd.Process.Kill()
	<-d.ended
}

// terminate asks the daemon to end, and wants that it does so in time and order.
func (d *running) terminate() {
	d.t.Helper()
	began := time.Now()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.t.Fatal(err)
	}
	select {
	case <-d.ended:
	case <-time.After(10 * time.Second):
		d.t.Fatalf("it has not ended after 10 s; it said %s", d.tail())
	}
	if code := d.cmd.ProcessState.ExitCode(); code != 0 {
		d.t.Errorf("exit %d; it said %s", code, d.tail())
	}
	d.t.Logf("ended %v after SIGTERM", time.Since(began).Round(time.Millisecond))
}

// track adds articles that are looked at each second.
func track(t *testing.T, db string, addresses ...string) {
	t.Helper()
	if _, said, code := storydiff(t, append([]string{"add", "--db", db, "--cron", "@every 1s"}, addresses...)...); code != 0 {
		t.Fatalf("add: exit %d: %s", code, said)
	}
}
