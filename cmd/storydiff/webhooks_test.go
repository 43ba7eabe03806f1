package main

import (
	"database/sql"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/tracker/alert"
)

// A receiver takes webhooks, or does not.
type receiver struct {
	mu     sync.Mutex
	asked  []string          // the key of each message that came, as often as it came
	took   map[string]string // key → body of what it accepted
	answer http.HandlerFunc  // nil: accepts
	came   chan struct{}     // something came
}

func newReceiver(answer http.HandlerFunc) *receiver {
	return &receiver{took: map[string]string{}, answer: answer, came: make(chan struct{}, 100)}
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	key := req.Header.Get("Webhook-Id")
	r.mu.Lock()
	r.asked = append(r.asked, key)
	answer := r.answer
	if answer == nil {
		r.took[key] = string(body)
	}
	r.mu.Unlock()
	r.came <- struct{}{}
	if answer != nil {
		answer(w, req)
	}
}

// mend lets it accept what comes from now on.
func (r *receiver) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = nil
}

// keys returns the keys of all that came to it, in order.
func (r *receiver) keys() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked)
}

// until waits for the next message that comes to it.
func (r *receiver) until(t *testing.T) {
	t.Helper()
	select {
	case <-r.came:
	case <-time.After(30 * time.Second):
		t.Fatal("no message came")
	}
}

// A webhookTrial is a daemon that tells six receivers of edits at one article.
type webhookTrial struct {
	*testing.T
	path     string
	db       *storage.DB
	flags    []string // of the daemon
	crates   atomic.Int64
	all      map[string]*receiver
	closed   string        // where the one that refuses will listen
	answered chan struct{} // by the one that takes its time
}

// down are those that take nothing.
var down = []string{"refuses", "hangs", "broken", "busy"}

// TestWebhooksDown has the daemon tell six receivers of two edits, of which one
// refuses connections, one never answers, one is broken, one is asked too often
// and one takes its time. The one that works hears of each edit at once, the others
// are tried again, and nothing is lost across two kills.
func TestWebhooksDown(t *testing.T) {
	if underRace {
		t.Skip("the daemon is another process: nothing for the race detector")
	}
	t.Parallel()
	trial := newWebhookTrial(t)
	trial.firstEdit()
	trial.secondEdit()
	trial.mended()
	soundDatabase(t, trial.path)
}

func newWebhookTrial(t *testing.T) *webhookTrial {
	t.Helper()
	w := &webhookTrial{T: t, answered: make(chan struct{})}
	w.crates.Store(11)
	site := httptest.NewServer(newRestless(w.crates.Load))
	t.Cleanup(site.Close)
	w.all = map[string]*receiver{
		"works":   newReceiver(nil),
		"refuses": newReceiver(nil), // once it listens
		"hangs":   newReceiver(func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }),
		"broken":  newReceiver(func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusInternalServerError) }),
		"busy": newReceiver(func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Retry-After", "600")
			out.WriteHeader(http.StatusTooManyRequests)
		}),
		"late": newReceiver(func(_ http.ResponseWriter, req *http.Request) {
			select {
			case <-w.answered:
			case <-req.Context().Done():
			}
		}),
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	w.closed = ln.Addr().String()
	where := map[string]string{"refuses": "http://" + w.closed}
	for name, r := range w.all {
		if name != "refuses" {
			server := httptest.NewServer(r)
			t.Cleanup(server.Close)
			where[name] = server.URL
		}
	}
	dir := t.TempDir()
	w.path = filepath.Join(dir, "webhooks.db")
	w.flags = []string{"--config", webhookConfig(t, dir, where)}
	track(t, w.path, site.URL+"/story/1")
	if w.db, err = storage.Open(t.Context(), w.path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.db.Close() })
	return w
}

// firstEdit is told to those that take it, while the others keep nobody waiting,
// and the outbox holds it for them when the daemon is killed.
func (w *webhookTrial) firstEdit() {
	d := startDaemon(w.T, w.path, w.flags...)
	d.untilAcks(1)
	edited := time.Now()
	w.crates.Store(12)
	w.all["works"].until(w.T)
	w.Logf("told %v after the edit", time.Since(edited).Round(time.Millisecond))
	w.all["hangs"].until(w.T)
	w.all["late"].until(w.T)
	for _, name := range []string{"refuses", "broken", "busy"} {
		d.untilSaid(`msg="alert not sent" channel=` + name)
	}
	w.wantWaiting(1, "late", "hangs")
	close(w.answered)
	d.until("sent to late and works", func() bool { return w.channel("late").Sent == 1 && w.channel("works").Sent == 1 })
	d.kill()
	w.wantWaiting(1, down...)
	for name, wait := range map[string]time.Duration{"refuses": 30 * time.Second, "broken": 30 * time.Second, "busy": 10 * time.Minute} {
		c := w.channel(name)
		if next := c.Next.Sub(c.ErrorAt); c.Failures != 1 || next < wait*9/10-time.Second || next > wait*11/10+time.Second {
			w.Errorf("%s: %+v: it is tried again after %v, want about %v", name, c, next, wait)
		}
	}
}

// secondEdit is told like the first. The new process sends at once what the one
// before was sending, and leaves those alone that are to be left alone.
func (w *webhookTrial) secondEdit() {
	d := startDaemon(w.T, w.path, w.flags...)
	w.all["hangs"].until(w.T)
	if keys := w.all["hangs"].keys(); len(keys) != 2 || keys[0] != keys[1] {
		w.Errorf("hangs was asked with %v, want one key twice", keys)
	}
	before := len(d.rows())
	w.crates.Store(13)
	d.until("second message to works and late", func() bool { return w.channel("works").Sent == 2 && w.channel("late").Sent == 2 })
	d.untilAcks(before + 2) // the looks go on
	d.kill()
	w.wantWaiting(2, down...)
	for _, name := range []string{"broken", "busy"} {
		if n := len(w.all[name].keys()); n != 1 {
			w.Errorf("%s was asked %d times before its wait was over, want once", name, n)
		}
	}
}

// mended lets all of them work again, when their waits are over: each is told of
// both edits, once.
func (w *webhookTrial) mended() {
	for _, r := range w.all {
		r.mend()
	}
	ln, err := net.Listen("tcp", w.closed)
	if err != nil {
		w.Fatal(err)
	}
	refused := httptest.NewUnstartedServer(w.all["refuses"])
	refused.Listener.Close()
	refused.Listener = ln
	refused.Start()
	w.Cleanup(refused.Close)
	endWaits(w.T, w.path)
	d := startDaemon(w.T, w.path, w.flags...)
	for _, name := range down {
		d.until("two messages to "+name, func() bool {
			c := w.channel(name)
			return c.Sent == 2 && c.Pending == 0 && c.Failures == 0
		})
		wantBothEdits(w.T, name, w.all[name])
	}
	wantBothEdits(w.T, "works", w.all["works"])
	d.terminate()
}

// wantWaiting wants n messages to be in the outbox for each of these, and none to
// have reached them.
func (w *webhookTrial) wantWaiting(n int, names ...string) {
	w.Helper()
	for _, name := range names {
		if c := w.channel(name); c.Pending != n || c.Sent != 0 || c.GivenUp != 0 {
			w.Errorf("%s: %+v, want %d that wait", name, c, n)
		}
	}
}

// channel returns how it stands with a channel; its zero value where nothing was
// ever to be sent there.
func (w *webhookTrial) channel(name string) alert.ChannelState {
	w.Helper()
	states, err := w.db.Channels(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range states {
		if s.Name == name {
			return s
		}
	}
	return alert.ChannelState{}
}

// webhookConfig writes a configuration by which each receiver is told of all changes.
func webhookConfig(t *testing.T, dir string, where map[string]string) string {
	t.Helper()
	text := "channels:\n"
	for name, address := range where {
		text += fmt.Sprintf("  %s: {webhook: {url: %q, secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}}\n", name, address)
	}
	text += fmt.Sprintf("alerts:\n  - {name: everything, to: [%s]}\n", strings.Join(slices.Sorted(maps.Keys(where)), ", "))
	file := filepath.Join(dir, "alerts.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// endWaits makes all that waits to be sent due, as hours of waiting would.
func endWaits(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE outbox SET next_at = 0; UPDATE channel SET retry_at = 0`); err != nil {
		t.Fatal(err)
	}
}

// wantBothEdits wants a receiver to have accepted one message of each edit.
func wantBothEdits(t *testing.T, name string, r *receiver) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.took) != 2 {
		t.Errorf("%s accepted %d messages, want 2", name, len(r.took))
	}
	for _, figure := range []int{12, 13} {
		n := 0
		for _, body := range r.took {
			if strings.Contains(body, fmt.Sprintf(`"op":"insert","text":"%d"`, figure)) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s accepted %d messages of the edit to %d, want 1", name, n, figure)
		}
	}
}
