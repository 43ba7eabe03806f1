package alert_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/alert"
)

// attempt is as long as a receiver that says nothing keeps a message.
const attempt = 20 * time.Second

// A deadPost is a courier to a thousand channels that never answer, and to some
// that do at once.
type deadPost struct {
	*shelf
	courier *alert.Courier
	start   time.Time

	mu    sync.Mutex
	wire  int       // messages on the wire
	most  int       // of these at once
	burst int       // most attempts that began in one second
	began time.Time // that second
	inIt  int
	tried map[string]int
	at    map[string][]time.Duration // since the start, when messages arrived
}

func newDeadPost() *deadPost {
	p := &deadPost{shelf: newShelf(), start: time.Now(), tried: map[string]int{}, at: map[string][]time.Duration{}}
	p.courier = &alert.Courier{
		Outbox: p.shelf, Owner: "me", Log: slog.New(slog.DiscardHandler), Senders: map[string]alert.Sender{},
		Draw: func(context.Context, alert.Parcel) (alert.Message, error) { return alert.Message{Text: "x"}, nil },
	}
	for i := range 1000 {
		name := fmt.Sprintf("dead%03d", i)
		p.courier.Senders[name] = senderFunc(func(ctx context.Context) error { return p.hang(ctx, name) })
		p.send(name)
	}
	for _, name := range []string{"known", "zeal", "again"} {
		p.courier.Senders[name] = senderFunc(func(context.Context) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.at[name] = append(p.at[name], time.Since(p.start))
			return nil
		})
	}
	return p
}

func (p *deadPost) hang(ctx context.Context, name string) error {
	p.mu.Lock()
	p.tried[name]++
	p.wire++
	p.most = max(p.most, p.wire)
	if now := time.Now(); now.Sub(p.began) >= time.Second {
		p.began, p.inIt = now, 0
	}
	p.inIt++
	p.burst = max(p.burst, p.inIt)
	p.mu.Unlock()
	select {
	case <-ctx.Done():
	case <-time.After(attempt):
	}
	p.mu.Lock()
	p.wire--
	p.mu.Unlock()
	return errors.New("no answer")
}

// send puts something for a channel into the outbox.
func (p *deadPost) send(channel string) {
	p.put(&tracker.Record{Change: &tracker.Change{To: 2}}, []tracker.Notice{{Channel: channel, Due: time.Now(), Payload: []byte(`{"rules":["a"]}`)}})
}

// run lets the courier work while during goes on.
func (p *deadPost) run(t *testing.T, during func()) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { p.courier.Run(ctx); close(done) }()
	during()
	stop()
	<-done
	if p.wire != 0 {
		t.Errorf("%d messages are on the wire after the end", p.wire)
	}
}

// arrived returns how long after each moment the message of that moment was there.
func (p *deadPost) arrived(t *testing.T, channel string, sent []time.Duration, within time.Duration) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.at[channel]
	if len(got) != len(sent) {
		t.Errorf("%s: %d of %d messages arrived", channel, len(got), len(sent))
		return
	}
	for i := range got {
		if late := got[i] - sent[i]; late < 0 || late > within {
			t.Errorf("%s: message %d arrived after %v, want %v at most", channel, i+1, late, within)
		}
	}
}

// every sends to a channel as often as said, and returns when.
func (p *deadPost) every(pause time.Duration, times int, channel string) (sent []time.Duration) {
	for range times {
		time.Sleep(pause)
		p.send(channel)
		sent = append(sent, time.Since(p.start))
	}
	synctest.Wait()
	return sent
}

// The first round: nobody knows yet that a thousand new channels are dead. What
// goes to one that took a message before waits for none of them, and a new one that
// lives, the last in the list, for less than a minute.
func TestFirstRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newDeadPost()
		p.sent["known"] = 1
		p.run(t, func() {
			p.send("zeal")
			sent := p.every(3*time.Second+100*time.Millisecond, 18, "known")
			time.Sleep(3 * time.Second)
			p.arrived(t, "known", sent, 3*time.Second)
			p.arrived(t, "zeal", []time.Duration{0}, 55*time.Second)
			time.Sleep(time.Second)
			if len(p.tried) != 1000 {
				t.Errorf("%d of the dead were tried within a minute", len(p.tried))
			}
		})
		if p.most > 384+64 || p.burst > 48+16 { // those that failed are tried again meanwhile
			t.Errorf("%d on the wire at once, and %d begun within a second; want at most 448 and 64", p.most, p.burst)
		}
	})
}

// A thousand channels that fail, all to be tried at any time, keep neither one that
// took a message before waiting nor a new one, and few of them are tried at a time.
func TestThousandDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newDeadPost()
		p.sent["known"] = 1
		for i := range 1000 {
			p.fails[fmt.Sprintf("dead%03d", i)] = 3
		}
		p.run(t, func() {
			time.Sleep(15 * time.Second)
			known := p.every(3*time.Second+100*time.Millisecond, 10, "known")
			fresh := p.every(3*time.Second+100*time.Millisecond, 10, "zeal")
			time.Sleep(3 * time.Second)
			p.arrived(t, "known", known, 2*time.Second)
			p.arrived(t, "zeal", fresh, 2*time.Second)
		})
		if p.most != 64 || p.burst != 16 {
			t.Errorf("%d of the failing on the wire at once, and %d begun within a second; want 64 and 16", p.most, p.burst)
		}
	})
}

// A channel that comes back among a thousand that do not is found out in its turn,
// and then takes all that was kept for it.
func TestBackAmongTheDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newDeadPost()
		for i := range 1000 {
			p.fails[fmt.Sprintf("dead%03d", i)] = 3
		}
		p.fails["again"] = 3
		for range 100 {
			p.send("again")
		}
		p.run(t, func() {
			time.Sleep(6 * time.Minute)
			synctest.Wait()
			if n := len(p.at["again"]); n != 100 {
				t.Errorf("%d of 100 messages arrived after the channel came back", n)
			}
		})
	})
}

// Whatever is on the wire, it is never more than so many, though many channels are
// well but slow, and others new.
func TestAllSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newDeadPost()
		for i := range 1000 {
			if i%2 == 0 {
				p.sent[fmt.Sprintf("dead%03d", i)] = 1
			}
		}
		p.run(t, func() { time.Sleep(19 * time.Second) })
		if p.most != 512 || p.burst != 80 {
			t.Errorf("%d on the wire at once, and %d begun within a second; want 512 and 80", p.most, p.burst)
		}
	})
}

// A channel that failed before is found to be well by its first message, and its
// further ones then take no place of those that fail.
func TestWellAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newDeadPost()
		for i := range 1000 {
			p.fails[fmt.Sprintf("dead%03d", i)] = 3
		}
		for i := range 64 {
			name := fmt.Sprintf("again%02d", i)
			p.fails[name] = 1
			p.courier.Senders[name] = senderFunc(func(context.Context) error { time.Sleep(time.Second); return nil })
			for range 60 {
				p.send(name)
			}
		}
		p.run(t, func() { time.Sleep(50 * time.Second) })
		if p.most != 64 {
			t.Errorf("%d of the failing on the wire beside those that are well again, want 64", p.most)
		}
	})
}
