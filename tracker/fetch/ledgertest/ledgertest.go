// Package ledgertest holds a [fetch.Ledger] to what the interface promises. Every
// ledger passes the same suite.
package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storydiff/tracker/fetch"
)

const (
	hold  = time.Minute            // longer than any test
	short = 150 * time.Millisecond // a hold or gap that a test waits for
	grain = time.Millisecond       // to which a ledger may round its times
	host  = "example.org"
)

// Run tests the ledgers that open returns. Each test opens its own, and nothing
// that happens in one may be seen in another.
//
// The suite runs by the clock, for about a second; a ledger may round its times
// to milliseconds. It also runs inside a [testing/synctest] bubble, where the
// subtests cannot: there, call the functions of [Tests] one by one.
func Run(t *testing.T, open func(t *testing.T) fetch.Ledger) {
	for _, tt := range Tests() {
		t.Run(tt.Name, func(t *testing.T) {
			t.Parallel()
			tt.Test(t, open(t))
		})
	}
}

// A Case is one test of a ledger.
type Case struct {
	Name string
	Test func(t *testing.T, l fetch.Ledger)
}

// Tests returns the tests of the suite.
func Tests() []Case {
	return []Case{
		{"a host is one owner's at a time", testExclusive},
		{"of many who want it one has it", testCrowd},
		{"no request before the time that Free names", testGap},
		{"Free without a time gives back at once", testFreeNow},
		{"a hold ends when its owner died", testHoldEnds},
		{"an owner who held for too long frees nobody else's host", testLateFree},
		{"nobody asks while a Retry-After runs", testDefer},
		{"a host that does not say for how long is left alone by our own back-off", testBackOff},
		{"a host that was asked too often is asked half as often", testSlowdown},
		{"a slow host is known for one", testSlow},
		{"Take ends with its context", testContext},
		{"a robots.txt comes back as it was kept", testRobots},
	}
}

// take asks once.
func take(t *testing.T, l fetch.Ledger, host, owner string, hold time.Duration) time.Duration {
	t.Helper()
	turn, err := l.Take(t.Context(), fetch.Ask{Host: host, Owner: owner, Hold: hold})
	if err != nil {
		t.Fatalf("Take(%q, %q): %v", host, owner, err)
	}
	return turn.Wait
}

// mustTake asks once, for a host that is free.
func mustTake(t *testing.T, l fetch.Ledger, host, owner string, hold time.Duration) {
	t.Helper()
	if wait := take(t, l, host, owner, hold); wait > 0 {
		t.Fatalf("Take(%q, %q) = %v, want 0: nobody has it", host, owner, wait)
	}
}

// await asks until the host is the owner's, as a client does, and returns when
// that was.
func await(t *testing.T, l fetch.Ledger, host, owner string) time.Time {
	t.Helper()
	for {
		wait := take(t, l, host, owner, hold)
		if wait <= 0 {
			return time.Now()
		}
		time.Sleep(min(wait, 10*time.Millisecond))
	}
}

func free(t *testing.T, l fetch.Ledger, host, owner string, r fetch.Receipt) {
	t.Helper()
	if err := l.Free(t.Context(), host, owner, r); err != nil {
		t.Fatalf("Free(%q, %q): %v", host, owner, err)
	}
}

// answered is the receipt of an answer that ended now.
// justNow is a moment that is over by two milliseconds: a ledger may round up to the
// next, and who asks at once would have to wait for it.
func justNow() time.Time { return time.Now().Add(-2 * time.Millisecond) }

func answered(status int, gap, retry time.Duration) fetch.Receipt {
	return fetch.Receipt{Ended: justNow(), Took: time.Millisecond, Gap: gap, Status: status, Bytes: 10, Retry: retry}
}

// limited asks once, for a host that wants to be left alone.
func limited(t *testing.T, l fetch.Ledger, a fetch.Ask) time.Duration {
	t.Helper()
	a.Host, a.Hold = host, hold
	turn, err := l.Take(t.Context(), a)
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok || e.Reason != "rate-limited" {
		t.Fatalf("Take of a host that is left alone = %+v, %v; want an *Error with the reason rate-limited", turn, err)
	}
	return e.Wait
}

func testExclusive(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	if wait := take(t, l, host, "b", hold); wait <= 0 {
		t.Errorf("Take by a second owner = %v, want a wait", wait)
	}
	mustTake(t, l, "example.net", "b", hold)
	free(t, l, "example.net", "b", fetch.Receipt{})
	if wait := take(t, l, host, "b", hold); wait <= 0 {
		t.Errorf("Take after another host was freed = %v, want a wait", wait)
	}
	free(t, l, host, "b", fetch.Receipt{})
	if wait := take(t, l, host, "b", hold); wait <= 0 {
		t.Errorf("Take after Free by one who does not have it = %v, want a wait", wait)
	}
}

func testCrowd(t *testing.T, l fetch.Ledger) {
	var inside, crowded atomic.Int32
	var crowd sync.WaitGroup
	for _, owner := range []string{"a", "b", "c", "d"} {
		crowd.Go(func() {
			for turns := 0; turns < 5; {
				turn, err := l.Take(t.Context(), fetch.Ask{Host: host, Owner: owner, Hold: hold})
				if err != nil {
					t.Errorf("Take(%q, %q): %v", host, owner, err)
					return
				}
				if turn.Wait > 0 {
					time.Sleep(min(turn.Wait, grain))
					continue
				}
				if inside.Add(1) > 1 {
					crowded.Add(1)
				}
				inside.Add(-1)
				turns++
				if err := l.Free(t.Context(), host, owner, fetch.Receipt{}); err != nil {
					t.Errorf("Free(%q, %q): %v", host, owner, err)
				}
			}
		})
	}
	crowd.Wait()
	if n := crowded.Load(); n > 0 {
		t.Errorf("the host was given %d times while another had it", n)
	}
}

func testGap(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	answer := answered(200, short, 0)
	next := answer.Ended.Add(short)
	free(t, l, host, "a", answer)
	if wait := take(t, l, host, "a", hold); wait <= 0 || wait > short+grain {
		t.Errorf("Take %v before the host may be asked = %v, want a wait no longer than that", short, wait)
	}
	if at := await(t, l, host, "b"); at.Before(next.Add(-grain)) {
		t.Errorf("host given %v too early", next.Sub(at))
	}
}

func testFreeNow(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	free(t, l, host, "a", fetch.Receipt{})
	mustTake(t, l, host, "b", hold)
	free(t, l, host, "b", fetch.Receipt{Ended: time.Now().Add(-time.Hour), Gap: time.Second, Status: 200})
	mustTake(t, l, host, "a", hold)
}

func testHoldEnds(t *testing.T, l fetch.Ledger) {
	began := time.Now()
	mustTake(t, l, host, "a", short)
	if at := await(t, l, host, "b"); at.Before(began.Add(short - grain)) {
		t.Errorf("host given after %v, want no sooner than the hold of %v ends", at.Sub(began), short)
	}
}

func testLateFree(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", grain)
	await(t, l, host, "b")
	free(t, l, host, "a", fetch.Receipt{})
	if wait := take(t, l, host, "c", hold); wait <= 0 {
		t.Errorf("Take = %v, want a wait: another owner has the host", wait)
	}
}

func testDefer(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	until := time.Now().Add(short)
	free(t, l, host, "a", answered(503, 0, short))
	for _, pressing := range []bool{false, true} {
		if wait := limited(t, l, fetch.Ask{Owner: "a", Pressing: pressing}); wait <= 0 || wait > short+grain {
			t.Errorf("Wait = %v, want what is left of %v", wait, short)
		}
	}
	mustTake(t, l, "example.net", "a", hold)
	time.Sleep(time.Until(until) + 2*grain)
	mustTake(t, l, host, "a", hold)
}

// testBackOff: without a Retry-After the host is left alone for 5 minutes, 10 …,
// by all but those who press.
func testBackOff(t *testing.T, l fetch.Ledger) {
	for _, want := range []time.Duration{5 * time.Minute, 10 * time.Minute, 20 * time.Minute} {
		turn, err := l.Take(t.Context(), fetch.Ask{Host: host, Owner: "a", Hold: hold, Pressing: true})
		if err != nil || turn.Wait > 0 {
			t.Fatalf("Take by one who presses = %+v, %v; want the host", turn, err)
		}
		free(t, l, host, "a", answered(429, 0, 0))
		if wait := limited(t, l, fetch.Ask{Owner: "b"}); wait <= want-time.Second || wait > want+grain {
			t.Errorf("Wait = %v, want %v", wait, want)
		}
	}
	turn, err := l.Take(t.Context(), fetch.Ask{Host: host, Owner: "a", Hold: hold, Pressing: true})
	if err != nil || turn.Wait > 0 {
		t.Fatalf("Take by one who presses = %+v, %v; want the host", turn, err)
	}
	free(t, l, host, "a", answered(200, 0, 0))
	mustTake(t, l, host, "b", hold)
}

// testSlowdown: after an answer that says "too often" gaps are twice as long.
func testSlowdown(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	free(t, l, host, "a", fetch.Receipt{Ended: time.Now().Add(-time.Minute), Status: 503, Retry: time.Second})
	mustTake(t, l, host, "a", hold)
	free(t, l, host, "a", answered(200, time.Minute, 0))
	if wait := take(t, l, host, "b", hold); wait < 110*time.Second || wait > 2*time.Minute+grain {
		t.Errorf("Take = %v, want a wait of two minutes for a gap of one", wait)
	}
}

// testSlow: whether the host's last answer took long comes with the host.
func testSlow(t *testing.T, l fetch.Ledger) {
	for _, took := range []time.Duration{0, 6 * time.Second, time.Second} {
		if took > 0 {
			mustTake(t, l, host, "a", hold)
			free(t, l, host, "a", fetch.Receipt{Ended: justNow(), Took: took, Status: 200})
		}
		turn, err := l.Take(t.Context(), fetch.Ask{Host: host, Owner: "b", Hold: hold})
		if err != nil || turn.Wait > 0 || turn.Slow != (took > 5*time.Second) {
			t.Errorf("Take after an answer of %v = %+v, %v", took, turn, err)
		}
		free(t, l, host, "b", fetch.Receipt{})
	}
}

func testContext(t *testing.T, l fetch.Ledger) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if turn, err := l.Take(ctx, fetch.Ask{Host: host, Owner: "a", Hold: hold}); !errors.Is(err, context.Canceled) {
		t.Errorf("Take with a context that ended = %+v, %v; want an error that wraps its own", turn, err)
	}
}

func testRobots(t *testing.T, l fetch.Ledger) {
	const origin = "https://www.example.org:443"
	if f, err := l.Robots(t.Context(), origin); err != nil || !f.Fetched.IsZero() || f.Status != 0 || len(f.Body) > 0 {
		t.Errorf("Robots of what was never kept = %+v, %v; want a zero RobotsFile", f, err)
	}
	at := time.Date(2026, 11, 3, 10, 5, 7, 0, time.UTC)
	for _, want := range []fetch.RobotsFile{
		{Origin: origin, Fetched: at, Status: 200, Body: []byte("User-agent: *\nDisallow: /\x00\xff")},
		{Origin: origin, Fetched: at.Add(24 * time.Hour), Status: 404},
		{Origin: origin, Fetched: at.Add(48 * time.Hour)},
		{Origin: origin, Fetched: at.Add(72 * time.Hour), Status: 200, Body: bytes.Repeat([]byte("#"), fetch.MaxRobots)},
	} {
		if err := l.KeepRobots(t.Context(), want); err != nil {
			t.Fatalf("KeepRobots: %v", err)
		}
		got, err := l.Robots(t.Context(), origin)
		if err != nil || got.Origin != want.Origin || !got.Fetched.Equal(want.Fetched) || got.Status != want.Status || !bytes.Equal(got.Body, want.Body) {
			t.Errorf("Robots = %s, %v, status %d, %d bytes, %v; want what was kept: %v, status %d, %d bytes",
				got.Origin, got.Fetched, got.Status, len(got.Body), err, want.Fetched, want.Status, len(want.Body))
		}
	}
	if f, err := l.Robots(t.Context(), "http://www.example.org:80"); err != nil || f.Status != 0 {
		t.Errorf("Robots of another origin = %+v, %v; want a zero RobotsFile", f, err)
	}
}
