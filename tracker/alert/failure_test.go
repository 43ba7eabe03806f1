package alert_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/alert"
)

// When a channel is tried again: after 30 s, then twice as long each time up to an
// hour, give or take a tenth.
func TestWaitsAfterFailures(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		var at []time.Time
		p.desk.failing(func() error {
			at = append(at, time.Now())
			return errors.New("down")
		})
		p.changed(2)
		time.Sleep(6 * time.Hour)
		synctest.Wait()
		want := 30 * time.Second
		var hours []float64 // what is waited for an hour, where asking the outbox takes next to nothing
		for i := 1; i < len(at); i++ {
			share := float64(at[i].Sub(at[i-1])) / float64(want)
			slack := float64(2*time.Second) / float64(want) // until the outbox is asked again
			if share < 0.9 || share > 1.1+slack {
				t.Errorf("wait %d is %v, want %v give or take a tenth", i, at[i].Sub(at[i-1]), want)
			}
			if want == time.Hour {
				hours = append(hours, share)
			}
			want = min(2*want, time.Hour)
		}
		if len(hours) < 4 || slices.Max(hours)-slices.Min(hours) < 0.002 {
			t.Errorf("%d attempts, the last at %v of an hour from each other; want chance in them", len(at), hours)
		}
	})
}

// What was tried for a day is given up, not before and not long after.
func TestGivenUpAfterADay(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		p.desk.failing(func() error { return errors.New("down") })
		p.changed(2)
		time.Sleep(24*time.Hour - time.Minute)
		synctest.Wait()
		if n := p.lost(); n != 0 {
			t.Error("given up within a day")
		}
		time.Sleep(75 * time.Minute)
		synctest.Wait()
		if n := p.lost(); n != 1 {
			t.Errorf("%d given up after a day and an hour, want 1", n)
		}
	})
}

// A receiver that says when to come again is obeyed within bounds: never sooner
// than without its word, never later than in an hour.
func TestBusy(t *testing.T) {
	for _, tt := range []struct {
		after       string
		least, most time.Duration
	}{
		{"600", 10 * time.Minute, 10*time.Minute + 3*time.Second},
		{"1", 27 * time.Second, 36 * time.Second},
		{"86400", time.Hour, time.Hour + 3*time.Second},
		{"Sat, 01 Jan 2000 00:30:00 GMT", 30 * time.Minute, 30*time.Minute + 3*time.Second},
		{"Fri, 31 Dec 1999 23:00:00 GMT", 27 * time.Second, 36 * time.Second},
		{"soon", 27 * time.Second, 36 * time.Second},
	} {
		busy := busyError(t, tt.after)
		inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
			var at []time.Time
			p.desk.failing(func() error {
				at = append(at, time.Now())
				return busy
			})
			p.changed(2)
			p.changed(4) // waits as long
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			if wait := at[1].Sub(at[0]); wait < tt.least || wait > tt.most {
				t.Errorf("Retry-After %s: tried again after %v, want %v to %v", tt.after, wait, tt.least, tt.most)
			}
		})
	}
}

// busyError returns the error of a webhook that answers 429 with that Retry-After,
// asked at the moment at which a bubble begins.
func busyError(t *testing.T, after string) error {
	t.Helper()
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer hook.Close()
	d := delivery()
	d.At = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	err := sender(t, `webhook: {url: "`+hook.URL+`", secret: $SECRET}`, alert.Options{AllowPrivate: true}).Send(t.Context(), d)
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

// A notice that its receiver will not have does not hold up the next for longer
// than the channel is left alone, and counts its own attempts.
func TestEachNoticeCountsItsAttempts(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		p.changed(13) // cannot be drawn
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		tries := p.tries()
		if tries < 3 || tries > 6 {
			t.Errorf("%d attempts in ten minutes at what cannot be drawn, want 4 or 5", tries)
		}
		if n := p.failures("desk"); n != 0 {
			t.Errorf("%d failures of the channel, which was not tried", n)
		}
		for v := range 5 {
			p.changed(20 + v)
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if p.desk.count() != v+1 {
				t.Errorf("message %d is held up by one that cannot be drawn", v+1)
			}
		}
	})
}

// The failure of a message after others that went out in the same visit is the
// first in a row.
func TestFailureAfterSuccess(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		p.failed("desk", 6)
		n := 0
		var at []time.Time
		p.desk.failing(func() error {
			at = append(at, time.Now())
			if n++; n > 1 {
				return errors.New("down")
			}
			return nil
		})
		p.changed(2)
		p.changed(4)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if len(at) < 3 || at[2].Sub(at[1]) > 36*time.Second {
			t.Errorf("attempts at %v, want the third half a minute after the second", at)
		}
	})
}

// What is on the wire when the daemon is told to end is given back and is no
// failure; an error is kept as one line without what steers a terminal.
func TestStoppedOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		c := &alert.Courier{Outbox: s, Owner: "me", Log: slog.New(slog.DiscardHandler), Senders: map[string]alert.Sender{
			"desk": senderFunc(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }),
			"bot": senderFunc(func(context.Context) error {
				return errors.New("no\x1b[31m\r\nsuch \u202eroom" + strings.Repeat("!", 1000))
			}),
		}, Draw: func(context.Context, alert.Parcel) (alert.Message, error) { return alert.Message{Text: "x"}, nil }}
		for _, channel := range []string{"desk", "bot"} {
			s.put(&tracker.Record{Change: &tracker.Change{To: 2}}, []tracker.Notice{{Channel: channel, Payload: []byte(`{"rules":["a"]}`)}})
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { c.Run(ctx); close(done) }()
		time.Sleep(10 * time.Second)
		stop()
		<-done
		if s.back != 1 || s.fails["desk"] != 0 || s.rows[0].Attempts != 0 {
			t.Errorf("%d given back, %d failures and %d attempts; want 1, none and none", s.back, s.fails["desk"], s.rows[0].Attempts)
		}
		if said := s.errors["bot"]; strings.ContainsAny(said, "\x1b\r\n\u202e") || len([]rune(said)) > 300 || !strings.HasPrefix(said, "no [31m such room!") && !strings.HasPrefix(said, "no[31m such room!") {
			t.Errorf("the error is kept as %q", said)
		}
	})
}

// One message is on the way to a channel at a time, however many there are.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		var mu sync.Mutex
		wire, most, sent := 0, 0, 0
		c := &alert.Courier{Outbox: s, Owner: "me", Log: slog.New(slog.DiscardHandler), Senders: map[string]alert.Sender{
			"desk": senderFunc(func(context.Context) error {
				mu.Lock()
				wire++
				most = max(most, wire)
				mu.Unlock()
				time.Sleep(5 * time.Second)
				mu.Lock()
				defer mu.Unlock()
				wire--
				sent++
				return nil
			}),
		}, Draw: func(context.Context, alert.Parcel) (alert.Message, error) { return alert.Message{Text: "x"}, nil }}
		for range 10 {
			s.put(&tracker.Record{Change: &tracker.Change{To: 2}}, []tracker.Notice{{Channel: "desk", Payload: []byte(`{"rules":["a"]}`)}})
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { c.Run(ctx); close(done) }()
		time.Sleep(51 * time.Second)
		stop()
		<-done
		if most != 1 || sent != 10 {
			t.Errorf("%d on the way at once, %d of 10 sent in 51 s that take 5 s each", most, sent)
		}
	})
}

// What nothing is kept of is dropped; a notice that cannot be read is, too; and
// neither is part of the key by which a receiver knows a message.
func TestDropped(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		p.lose(2)
		p.changed(2)
		p.put(&tracker.Record{}, []tracker.Notice{{Channel: "desk", Payload: []byte(`{"rules":["a"]}`)}, {Channel: "desk", Payload: []byte(`{`)}})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		p.desk.want(t)
		p.wantSent(t, 0, 0)
		if left, failures := p.waiting(), p.failures("desk"); left != 0 || failures != 0 {
			t.Errorf("%d notices are left, %d failures; want none", left, failures)
		}
	})
	// A digest of two of which one is withdrawn after the first attempt.
	inTime(t, "{name: a, to: desk, digest: 1h}", func(t *testing.T, p *post) {
		p.desk.failing(func() error { return errors.New("down") })
		p.changed(2)
		p.changed(4)
		time.Sleep(time.Hour + 5*time.Second)
		p.withdraw(2)
		time.Sleep(time.Minute)
		p.desk.failing(nil)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		keys := p.desk.attempts()
		if len(keys) < 3 || keys[0] == keys[1] || slices.ContainsFunc(keys[1:], func(k string) bool { return k != keys[1] }) {
			t.Errorf("keys %q: want another once the message is another, and that from then on", keys)
		}
	})
}

// The key of a message is another for another channel, and for a notice of that
// number in another database.
func TestKeys(t *testing.T) {
	keys := map[string]string{}
	for i, rules := range []string{"{name: a, to: [desk, bot]}", "{name: a, to: [desk, bot]}"} {
		inTime(t, rules, func(t *testing.T, p *post) {
			time.Sleep(time.Duration(i) * time.Minute)
			p.mu.Lock()
			p.last = 0
			p.mu.Unlock()
			p.changed(2)
			time.Sleep(5 * time.Second)
			synctest.Wait()
			for name, r := range map[string]*receiver{"desk": p.desk, "bot": p.bot} {
				for _, key := range r.attempts() {
					was := keys[key]
					keys[key] = fmt.Sprint(name, " in database ", i)
					if was != "" {
						t.Errorf("%s and %s have the key %s", was, keys[key], key)
					}
				}
			}
		})
	}
	if len(keys) != 4 {
		t.Errorf("%d keys, want 4", len(keys))
	}
}

// While the outbox does not answer it is asked once a minute.
func TestOutboxDown(t *testing.T) {
	inTime(t, "{name: a, to: desk}", func(t *testing.T, p *post) {
		p.mu.Lock()
		p.bad, p.asked = errors.New("disk full"), 0
		p.mu.Unlock()
		p.changed(2)
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		p.mu.Lock()
		if p.asked < 9 || p.asked > 12 {
			t.Errorf("asked %d times in ten minutes, want 10", p.asked)
		}
		p.bad = nil
		p.mu.Unlock()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := p.desk.count(); n != 1 {
			t.Errorf("%d sent after it answered again, want 1", n)
		}
	})
}
