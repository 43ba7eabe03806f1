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
		{"a Retry-After comes while the host is held", testDeferHeld},
		{"Take ends with its context", testContext},
		{"a robots.txt comes back as it was kept", testRobots},
	}
}

// take asks once.
func take(t *testing.T, l fetch.Ledger, host, owner string, hold time.Duration) time.Duration {
	t.Helper()
	wait, err := l.Take(t.Context(), host, owner, hold)
	if err != nil {
		t.Fatalf("Take(%q, %q): %v", host, owner, err)
	}
	return wait
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

func free(t *testing.T, l fetch.Ledger, host, owner string, next time.Time) {
	t.Helper()
	if err := l.Free(t.Context(), host, owner, next); err != nil {
		t.Fatalf("Free(%q, %q): %v", host, owner, err)
	}
}

// limited asks once, for a host that wants to be left alone.
func limited(t *testing.T, l fetch.Ledger, owner string) time.Duration {
	t.Helper()
	wait, err := l.Take(t.Context(), host, owner, hold)
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok || e.Reason != "rate-limited" {
		t.Fatalf("Take while a Retry-After runs = %v, %v; want an *Error with the reason rate-limited", wait, err)
	}
	return e.Wait
}

func testExclusive(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	if wait := take(t, l, host, "b", hold); wait <= 0 {
		t.Errorf("Take by a second owner = %v, want a wait", wait)
	}
	mustTake(t, l, "example.net", "b", hold)
	free(t, l, "example.net", "b", time.Time{})
	if wait := take(t, l, host, "b", hold); wait <= 0 {
		t.Errorf("Take after another host was freed = %v, want a wait", wait)
	}
	free(t, l, host, "b", time.Time{})
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
				wait, err := l.Take(t.Context(), host, owner, hold)
				if err != nil {
					t.Errorf("Take(%q, %q): %v", host, owner, err)
					return
				}
				if wait > 0 {
					time.Sleep(min(wait, grain))
					continue
				}
				if inside.Add(1) > 1 {
					crowded.Add(1)
				}
				inside.Add(-1)
				turns++
				if err := l.Free(t.Context(), host, owner, time.Time{}); err != nil {
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
	next := time.Now().Add(short)
	free(t, l, host, "a", next)
	if wait := take(t, l, host, "a", hold); wait <= 0 || wait > short+grain {
		t.Errorf("Take %v before the host may be asked = %v, want a wait no longer than that", short, wait)
	}
	if at := await(t, l, host, "b"); at.Before(next.Add(-grain)) {
		t.Errorf("host given %v too early", next.Sub(at))
	}
}

func testFreeNow(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	free(t, l, host, "a", time.Time{})
	mustTake(t, l, host, "b", hold)
	free(t, l, host, "b", time.Now().Add(-time.Hour))
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
	free(t, l, host, "a", time.Time{})
	if wait := take(t, l, host, "c", hold); wait <= 0 {
		t.Errorf("Take = %v, want a wait: another owner has the host", wait)
	}
}

func testDefer(t *testing.T, l fetch.Ledger) {
	until := time.Now().Add(short)
	if err := l.Defer(t.Context(), host, until); err != nil {
		t.Fatalf("Defer: %v", err)
	}
	if wait := limited(t, l, "a"); wait <= 0 || wait > short+grain {
		t.Errorf("Wait = %v, want what is left of %v", wait, short)
	}
	mustTake(t, l, "example.net", "a", hold)
	time.Sleep(time.Until(until) + 2*grain)
	mustTake(t, l, host, "a", hold)
}

func testDeferHeld(t *testing.T, l fetch.Ledger) {
	mustTake(t, l, host, "a", hold)
	if err := l.Defer(t.Context(), host, time.Now().Add(time.Hour)); err != nil {
		t.Fatalf("Defer: %v", err)
	}
	free(t, l, host, "a", time.Now())
	if wait := limited(t, l, "b"); wait < 59*time.Minute {
		t.Errorf("Wait = %v, want about an hour", wait)
	}
}

func testContext(t *testing.T, l fetch.Ledger) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if wait, err := l.Take(ctx, host, "a", hold); !errors.Is(err, context.Canceled) {
		t.Errorf("Take with a context that ended = %v, %v; want an error that wraps its own", wait, err)
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
