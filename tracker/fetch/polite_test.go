package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker/fetch"
)

// in runs f in a synctest bubble with a web of its own.
func in(t *testing.T, opts fetch.Options, h http.HandlerFunc, f func(t *testing.T, w *web, c *fetch.Client)) {
	synctest.Test(t, func(t *testing.T) {
		opts.Log = nil
		w, c := newWeb(t, opts, h)
		f(t, w, c)
	})
}

// story answers after a second, so that an answer's end differs from its start.
func story(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/robots.txt" {
		http.NotFound(w, r)
		return
	}
	nap(r, time.Second)
	fmt.Fprint(w, "story")
}

// wantVisits compares what the web saw with "host/path at seconds".
func wantVisits(t *testing.T, w *web, want ...string) {
	t.Helper()
	var got []string
	for _, v := range w.visits() {
		got = append(got, fmt.Sprintf("%s %v", v.url, v.at.Round(time.Millisecond)))
	}
	if !slices.Equal(got, want) {
		t.Errorf("requests:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The gap is counted from the end of an answer, robots.txt and redirects
// included, and per registrable domain.
func TestHostDelay(t *testing.T) {
	in(t, fetch.Options{}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "http://www.example.org/new", http.StatusMovedPermanently)
		default:
			story(w, r)
		}
	}, func(t *testing.T, w *web, c *fetch.Client) {
		get(t, c, "http://example.org/old")
		get(t, c, "http://www.example.org/b")
		get(t, c, "http://example.net/")
		wantVisits(t, w,
			"example.org/robots.txt 0s", "example.org/old 5s",
			"www.example.org/robots.txt 10s", "www.example.org/new 15s", // answered at 16 s
			"www.example.org/b 21s",
			"example.net/robots.txt 22s", "example.net/ 27s")
	})
}

// However many want a page of a host, they go one by one, each robots.txt is
// asked for once, and other hosts go on meanwhile.
func TestOneAtATime(t *testing.T) {
	var mu sync.Mutex
	inside, most := map[string]int{}, 0
	h := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		inside[r.Host]++
		most = max(most, inside[r.Host])
		mu.Unlock()
		story(w, r)
		mu.Lock()
		inside[r.Host]--
		mu.Unlock()
	}
	in(t, fetch.Options{HostDelay: 2 * time.Second}, h, func(t *testing.T, w *web, c *fetch.Client) {
		began := time.Now()
		var all sync.WaitGroup
		for i := range 5 {
			for _, host := range []string{"a.example.org", "b.example.net"} {
				all.Go(func() { c.Get(t.Context(), fetch.Request{URL: fmt.Sprintf("http://%s/%d", host, i)}) })
			}
		}
		all.Wait()
		if most != 1 || len(w.visits()) != 12 {
			t.Errorf("%d requests at once to a host, %d in all; want 1 and 12", most, len(w.visits()))
		}
		// robots.txt at 0, pages at 2, 5, 8, 11, 14.
		if took := time.Since(began); took != 15*time.Second {
			t.Errorf("it took %v, want 15s", took)
		}
	})
}

// Two clients on one ledger are to a host as one.
func TestSharedLedger(t *testing.T) {
	l := fetch.NewLedger()
	in(t, fetch.Options{Ledger: l, HostDelay: 2 * time.Second}, story, func(t *testing.T, w *web, c *fetch.Client) {
		other := fetch.NewClientAt(fetch.Options{Ledger: l, HostDelay: 2 * time.Second}, fetch.Edge{Dial: w.dial})
		var all sync.WaitGroup
		for _, client := range []*fetch.Client{c, other} {
			all.Go(func() { get(t, client, "http://example.org/") })
		}
		all.Wait()
		log := w.visits()
		for i := 1; i < len(log); i++ {
			if gap := log[i].at - log[i-1].at; gap < 2*time.Second {
				t.Errorf("only %v between %s and %s", gap, log[i-1].url, log[i].url)
			}
		}
	})
}

func TestInFlight(t *testing.T) {
	in(t, fetch.Options{InFlight: 2, IgnoreRobots: true, Timeout: 10 * time.Minute}, func(w http.ResponseWriter, r *http.Request) {
		nap(r, 10*time.Second)
	}, func(t *testing.T, w *web, c *fetch.Client) {
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() { get(t, c, fmt.Sprintf("http://example%d.org/", i)) })
		}
		all.Wait()
		for i, v := range w.visits() {
			if want := time.Duration(i/2) * 10 * time.Second; v.at != want {
				t.Errorf("request %d at %v, want %v: two at a time", i, v.at, want)
			}
		}
	})
}

// A fetch that waits long for its place keeps its host all the same.
func TestLongWaitForAPlace(t *testing.T) {
	l := fetch.NewLedger()
	in(t, fetch.Options{InFlight: 1, IgnoreRobots: true, Ledger: l, Timeout: 10 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
		nap(r, 9*time.Second)
	}, func(t *testing.T, w *web, c *fetch.Client) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() { get(t, c, fmt.Sprintf("http://example%d.org/", i)) })
		}
		for range 8 {
			time.Sleep(9*time.Second - time.Millisecond)
			host := strings.TrimSuffix(w.visits()[len(w.visits())-1].url, "/")
			if turn, err := l.Take(t.Context(), fetch.Ask{Host: host, Owner: "another", Hold: time.Second}); turn.Wait <= 0 || err != nil {
				t.Errorf("%s could be taken while a request to it ran: %+v, %v", host, turn, err)
			}
			time.Sleep(time.Millisecond)
			synctest.Wait()
		}
		all.Wait()
	})
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		name   string
		status int
		value  string
		want   time.Duration // 0: the host is asked again
	}{
		{"429 with seconds", 429, "600", 10 * time.Minute},
		{"503 with seconds", 503, " 120 ", 2 * time.Minute},
		{"a date", 503, "DATE", 30 * time.Minute},
		{"a date that has passed", 429, "Sun, 06 Nov 1994 08:49:37 GMT", time.Minute},
		{"an old form of date", 429, "Sunday, 06-Nov-94 08:49:37 GMT", time.Minute},
		{"less than a minute", 429, "1", time.Minute},
		{"more than a day", 429, "9999999", 24 * time.Hour},
		{"more than any number", 429, strings.Repeat("9", 30), 24 * time.Hour},
		{"429 without", 429, "", 5 * time.Minute},
		{"nonsense", 429, "soon", 5 * time.Minute},
		{"negative", 503, "-5", 5 * time.Minute},
		{"another status", 500, "600", 0},
		{"a page", 200, "600", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := func(w http.ResponseWriter, r *http.Request) {
				if tt.value == "DATE" {
					tt.value = time.Now().Add(30 * time.Minute).UTC().Format(http.TimeFormat)
				}
				w.Header().Set("Retry-After", tt.value)
				w.WriteHeader(tt.status)
			}
			in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, h, func(t *testing.T, w *web, c *fetch.Client) {
				if p := get(t, c, "http://www.example.org/"); p.Status != tt.status {
					t.Errorf("status %d, want %d: the answer is a page all the same", p.Status, tt.status)
				}
				if tt.want == 0 {
					get(t, c, "http://example.org/")
					return
				}
				e := refuse(t, c, "http://example.org/", "rate-limited")
				if e.Wait != tt.want || !strings.Contains(e.Detail, "example.org") {
					t.Errorf("Wait %v, %q; want %v", e.Wait, e.Detail, tt.want)
				}
				if get(t, c, "http://example.net/"); len(w.visits()) != 2 {
					t.Errorf("requests: %v", w.visits())
				}
				time.Sleep(tt.want)
				get(t, c, "http://example.org/")
			})
		})
	}
}

func TestTimeouts(t *testing.T) {
	drip := func(size int, every time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for {
				if _, err := w.Write(make([]byte, size)); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				nap(r, every)
			}
		}
	}
	tests := []struct {
		name, detail string
		handler      http.HandlerFunc
		want         time.Duration
	}{
		{"no header", "did not answer in time", func(w http.ResponseWriter, r *http.Request) { nap(r, time.Hour) }, 15 * time.Second},
		{"a byte a second", "KB a second", drip(1, time.Second), 10 * time.Second},
		{"just too slow", "KB a second", drip(19_000, time.Second), 10 * time.Second},
		{"fast enough but endless", "--timeout", drip(21_000, time.Second), time.Minute},
		{"a burst and then nothing", "KB a second", drip(400_000, time.Hour), 20 * time.Second},
		{"redirects without end of patience", "--timeout", func(w http.ResponseWriter, r *http.Request) {
			nap(r, 14*time.Second)
			http.Redirect(w, r, r.URL.Path+"a", http.StatusFound)
		}, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, tt.handler, func(t *testing.T, w *web, c *fetch.Client) {
				began := time.Now()
				e := refuse(t, c, "http://example.org/", "timeout")
				if took := time.Since(began); took != tt.want || !strings.Contains(e.Detail, tt.detail) {
					t.Errorf("after %v: %q; want after %v, saying %q", took, e.Detail, tt.want, tt.detail)
				}
			})
		})
	}
}

// Waiting for a host is not the host's slowness.
func TestTimeoutLeavesOutWaiting(t *testing.T) {
	in(t, fetch.Options{HostDelay: time.Minute, Timeout: 5 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		story(w, r)
	}, func(t *testing.T, w *web, c *fetch.Client) {
		get(t, c, "http://example.org/old")
		wantVisits(t, w, "example.org/robots.txt 0s", "example.org/old 1m0s", "example.org/new 2m0s")
	})
}

func TestGiveUpWaiting(t *testing.T) {
	in(t, fetch.Options{HostDelay: time.Hour}, story, func(t *testing.T, w *web, c *fetch.Client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := c.Get(ctx, fetch.Request{URL: "http://example.org/"})
		if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Reason != "timeout" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Get = %v; want an *Error timeout that wraps context.DeadlineExceeded", err)
		}
		wantVisits(t, w, "example.org/robots.txt 0s")
	})
}

// A strict ledger does nothing for a context that ended, as a database does.
type strict struct{ fetch.Ledger }

func (s strict) Free(ctx context.Context, host, owner string, r fetch.Receipt) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.Ledger.Free(ctx, host, owner, r)
}

// After a fetch that was given up the host is free for the next, its gap kept.
func TestHostIsGivenBack(t *testing.T) {
	in(t, fetch.Options{HostDelay: 3 * time.Second, IgnoreRobots: true, Ledger: strict{fetch.NewLedger()}}, func(w http.ResponseWriter, r *http.Request) {
		nap(r, 2*time.Second)
	}, func(t *testing.T, w *web, c *fetch.Client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c.Get(ctx, fetch.Request{URL: "http://example.org/1"})
		get(t, c, "http://example.org/2")
		wantVisits(t, w, "example.org/1 0s", "example.org/2 4s")
	})
}

// What never reached the host is not followed by a gap.
func TestNoGapWithoutARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unknown := func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Name: "example.org", IsNotFound: true}
		}
		c := fetch.NewClientAt(fetch.Options{}, fetch.Edge{Dial: unknown})
		began := time.Now()
		for range 2 {
			refuse(t, c, "http://example.org/", "dns")
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("two fetches of an unknown host took %v", took)
		}
	})
}
