package fetch_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"storydiff/tracker/fetch"
)

// The gap is twice as long as the last answer took, where that is longer than
// the least; without a least there is none.
func TestGapOfASlowHost(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) { nap(r, 7*time.Second) }
	for delay, want := range map[time.Duration]string{
		0:                "example.org/b 21s",
		20 * time.Second: "example.org/b 27s",
		-1:               "example.org/b 7s",
	} {
		in(t, fetch.Options{HostDelay: delay, IgnoreRobots: true}, slow, func(t *testing.T, w *web, c *fetch.Client) {
			get(t, c, "http://example.org/a")
			get(t, c, "http://example.org/b")
			wantVisits(t, w, "example.org/a 0s", want)
		})
	}
	hang := func(w http.ResponseWriter, r *http.Request) { nap(r, time.Hour) }
	in(t, fetch.Options{IgnoreRobots: true}, hang, func(t *testing.T, w *web, c *fetch.Client) {
		refuse(t, c, "http://example.org/a", "timeout") // after 15 s
		refuse(t, c, "http://example.org/b", "timeout")
		wantVisits(t, w, "example.org/a 0s", "example.org/b 45s")
	})
}

// A host that says 429 or 503 and not for how long is left alone for 5 minutes,
// then 10 … up to 6 hours; one answer without trouble ends the row.
func TestBackOff(t *testing.T) {
	status := 503
	h := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) }
	in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, h, func(t *testing.T, w *web, c *fetch.Client) {
		for _, minutes := range []int{5, 10, 20, 40, 80, 160, 320, 360, 360} {
			get(t, c, "http://example.org/")
			e := refuse(t, c, "http://example.org/", "rate-limited")
			if want := time.Duration(minutes) * time.Minute; e.Wait != want || !strings.Contains(e.Detail, "answered 503 Service Unavailable") {
				t.Errorf("Wait %v, %q; want %v", e.Wait, e.Detail, want)
			}
			time.Sleep(e.Wait)
		}
		status = 200
		get(t, c, "http://example.org/")
		get(t, c, "http://example.org/")
		status = 429
		get(t, c, "http://example.org/")
		if e := refuse(t, c, "http://example.org/", "rate-limited"); e.Wait != 5*time.Minute {
			t.Errorf("Wait %v after a good answer, want 5m", e.Wait)
		}
	})
}

// Somebody who waits is not held up by our own back-off, but by the host's word.
func TestPressing(t *testing.T) {
	retry := ""
	h := func(w http.ResponseWriter, r *http.Request) {
		if retry != "" {
			w.Header().Set("Retry-After", retry)
		}
		w.WriteHeader(503)
	}
	in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, h, func(t *testing.T, w *web, c *fetch.Client) {
		press := func() error {
			_, err := c.Get(t.Context(), fetch.Request{URL: "http://example.org/", Pressing: true})
			return err
		}
		get(t, c, "http://example.org/")
		refuse(t, c, "http://example.org/", "rate-limited")
		retry = "90"
		if err := press(); err != nil {
			t.Errorf("Get in spite of our back-off: %v", err)
		}
		if err := press(); err == nil || !strings.Contains(err.Error(), "1m30s, as it asked (Retry-After)") {
			t.Errorf("Get while a Retry-After runs = %v, want a refusal", err)
		}
	})
}

// A host that was asked too often is asked half as often, and a tenth more often
// each time after twenty answers without trouble.
func TestSlowdown(t *testing.T) {
	h := fetch.HostState{}
	at := time.Unix(1_700_000_000, 0)
	gap := func(status int) time.Duration {
		at = at.Add(time.Hour)
		h.Free("example.org", "", fetch.Receipt{Ended: at, Status: status, Gap: 5 * time.Second, Retry: time.Second})
		return h.Next.Sub(at).Round(10 * time.Millisecond)
	}
	var gaps []string
	for _, status := range []int{200, 429, 503, 429, 503, 429, 503} {
		gaps = append(gaps, gap(status).String())
	}
	if want := []string{"5s", "10s", "20s", "40s", "1m20s", "2m40s", "2m40s"}; !slices.Equal(gaps, want) {
		t.Errorf("gaps %v, want %v", gaps, want)
	}
	h.Slowdown = 2
	gaps = gaps[:0]
	good := []int{200, 304, 301, 404, 410}
	for i := range 170 {
		if g := gap(good[i%len(good)]); i%20 == 19 {
			gaps = append(gaps, g.String())
		}
		gap(403) // is neither
		gap(500)
	}
	if want := []string{"9.09s", "8.26s", "7.51s", "6.83s", "6.21s", "5.64s", "5.13s", "5s"}; !slices.Equal(gaps, want) {
		t.Errorf("gaps %v, want %v", gaps, want)
	}
}

// However many hosts are slow, the others do not wait for their places, once it
// is known which are: fault 9.
func TestSlowHostsShareHalfOfThePlaces(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "slow") {
			nap(r, time.Hour)
			return
		}
		nap(r, 200*time.Millisecond)
	}
	run := func(slow int) (mean, worst, first time.Duration) {
		in(t, fetch.Options{IgnoreRobots: true}, drip, func(t *testing.T, w *web, c *fetch.Client) {
			var all sync.WaitGroup
			var mu sync.Mutex
			var sum time.Duration
			n := 0
			began := time.Now()
			for i := range slow {
				all.Go(func() {
					for time.Since(began) < 3*time.Hour {
						c.Get(t.Context(), fetch.Request{URL: fmt.Sprintf("http://slow%d.example%d.org/", i, i)})
					}
				})
			}
			for i := range 30 {
				all.Go(func() {
					for k := range 100 { // a look each minute and a half
						due := began.Add(time.Duration(k)*90*time.Second + time.Duration(i)*3*time.Second)
						time.Sleep(time.Until(due))
						get(t, c, fmt.Sprintf("http://quick%d.org/", i))
						took := time.Since(due)
						mu.Lock()
						if time.Since(began) < time.Minute {
							first = max(first, took)
						} else {
							sum, n, worst = sum+took, n+1, max(worst, took)
						}
						mu.Unlock()
					}
				})
			}
			all.Wait()
			mean = sum / time.Duration(n)
		})
		return mean, worst, first
	}
	alone, worst, first := run(0)
	beside, worstBeside, firstBeside := run(20)
	t.Logf("30 quick hosts: mean delay %v, worst %v, in the first minute %v; beside 20 that hang: %v, %v, %v",
		alone, worst, first, beside, worstBeside, firstBeside)
	if beside > alone+alone/10 {
		t.Errorf("mean delay of quick hosts %v beside slow ones, %v without; want within a tenth", beside, alone)
	}
}

// No more than 20 connections are begun in any second.
func TestNewConnections(t *testing.T) {
	in(t, fetch.Options{InFlight: 100, IgnoreRobots: true}, story, func(t *testing.T, w *web, c *fetch.Client) {
		var all sync.WaitGroup
		for i := range 90 {
			all.Go(func() { get(t, c, fmt.Sprintf("http://example%d.org/", i)) })
		}
		all.Wait()
		log := w.visits()
		if len(log) != 90 {
			t.Fatalf("%d requests, want 90", len(log))
		}
		for i := 20; i < len(log); i++ {
			if d := log[i].at - log[i-20].at; d < time.Second {
				t.Fatalf("21 connections within %v", d)
			}
		}
		if last := log[89].at; last != 4*time.Second {
			t.Errorf("the last of 90 came after %v, want 4s", last)
		}
	})
}

// After the clock was set back a host is left alone for what was left of its gap,
// its back-off and its Retry-After, and not for a day more.
func TestClockSetBack(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, back := range []time.Duration{0, 10 * time.Second, 24 * time.Hour} {
		var h fetch.HostState
		h.Free("news.example", "a", fetch.Receipt{Ended: now, Gap: 5 * time.Second, Status: 200})
		turn, err := h.Take(fetch.Ask{Host: "news.example", Owner: "a"}, now.Add(-back))
		if most := 5*time.Second + min(back, time.Minute); err != nil || turn.Wait <= 0 || turn.Wait > most {
			t.Errorf("set back by %v, a host with a gap of 5 s is left alone for %v, %v", back, turn.Wait, err)
		}
		var asked fetch.HostState
		asked.Free("news.example", "a", fetch.Receipt{Ended: now, Status: 503, Retry: time.Hour})
		_, err = asked.Take(fetch.Ask{Host: "news.example", Owner: "a"}, now.Add(-back))
		if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Wait <= 0 || e.Wait > time.Hour+min(back, time.Minute) {
			t.Errorf("set back by %v, after a Retry-After of an hour: %v", back, err)
		}
	}
}
