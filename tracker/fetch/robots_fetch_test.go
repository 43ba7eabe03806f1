package fetch_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/tracker/fetch"
)

// robots answers robots.txt with h and everything else with a page.
func robots(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/robots") {
			h(w, r)
			return
		}
		fmt.Fprint(w, "story")
	}
}

func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

const keepOut = "User-agent: *\nDisallow: /"

func TestRobots(t *testing.T) {
	circle := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) }
	tests := []struct {
		name   string
		robots http.HandlerFunc
		reason string // "": the page came
		detail string
	}{
		{"none", saying(404, keepOut), "", ""},
		{"not for us to read", saying(403, keepOut), "", ""},
		{"allowed", saying(200, "User-agent: *\nDisallow: /b"), "", ""},
		{"forbidden", saying(200, keepOut), "robots", "does not let storydiff fetch http://example.org/a"},
		{"server error", saying(500, ""), "robots", "could not be read (it answered 500)"},
		{"too many requests", saying(429, ""), "robots", "could not be read (it answered 429)"},
		{"redirected", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.Redirect(w, r, "/robots/new", http.StatusMovedPermanently)
				return
			}
			fmt.Fprint(w, keepOut)
		}, "robots", "does not let"},
		{"redirected too often", circle, "", ""},
		{"cut on its way", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "User-agent: *\n")
		}, "robots", "broke off"},
		{"50 MB", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintln(w, keepOut)
			for line := []byte(strings.Repeat("#", 1<<16) + "\n"); ; {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		}, "robots", "does not let"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, fetch.Options{HostDelay: -1}, robots(tt.robots), func(t *testing.T, w *web, c *fetch.Client) {
				if tt.reason == "" {
					get(t, c, "http://example.org/a")
				} else if e := refuse(t, c, "http://example.org/a", tt.reason); !strings.Contains(e.Detail, tt.detail) {
					t.Errorf("detail %q, want it to say %q", e.Detail, tt.detail)
				}
			})
			in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, robots(tt.robots), func(t *testing.T, w *web, c *fetch.Client) {
				get(t, c, "http://example.org/a")
				wantVisits(t, w, "example.org/a 0s")
			})
		})
	}
}

// The robots.txt of every hop is asked, that of each origin for itself.
func TestRobotsOfARedirect(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/robots.txt":
			http.Redirect(w, r, "http://example.net/b", http.StatusFound)
		case r.Host == "example.net":
			fmt.Fprint(w, keepOut)
		default:
			http.NotFound(w, r)
		}
	}
	in(t, fetch.Options{HostDelay: -1}, h, func(t *testing.T, w *web, c *fetch.Client) {
		refuse(t, c, "http://example.org/a", "robots")
		wantVisits(t, w, "example.org/robots.txt 0s", "example.org/a 0s", "example.net/robots.txt 0s")
	})
}

// The product of the user agent is who robots.txt speaks to.
func TestRobotsProduct(t *testing.T) {
	h := robots(saying(200, "User-agent: Watcher\nDisallow: /"))
	in(t, fetch.Options{HostDelay: -1, UserAgent: "watcher/1.2 (+https://example.org/bot)"}, h, func(t *testing.T, w *web, c *fetch.Client) {
		refuse(t, c, "http://example.org/a", "robots")
	})
	in(t, fetch.Options{HostDelay: -1}, h, func(t *testing.T, w *web, c *fetch.Client) { get(t, c, "http://example.org/a") })
}

func TestRobotsAreKeptForADay(t *testing.T) {
	body, status := "", 200
	h := robots(func(w http.ResponseWriter, r *http.Request) { saying(status, body)(w, r) })
	in(t, fetch.Options{HostDelay: -1}, h, func(t *testing.T, w *web, c *fetch.Client) {
		get(t, c, "http://example.org/a")
		body = keepOut
		time.Sleep(24*time.Hour - time.Second)
		get(t, c, "http://example.org/a")
		time.Sleep(time.Second)
		refuse(t, c, "http://example.org/a", "robots")

		// While it cannot be renewed the old one stands in.
		status = 500
		time.Sleep(25 * time.Hour)
		if e := refuse(t, c, "http://example.org/a", "robots"); !strings.Contains(e.Detail, "does not let") {
			t.Errorf("detail %q, want the old rules to forbid it", e.Detail)
		}
		status, body = 404, ""
		get(t, c, "http://example.org/a")
		status = 500
		time.Sleep(25 * time.Hour)
		get(t, c, "http://example.org/a")
	})
}

// One that was never read forbids all for thirty days, and then counts as
// absent.
func TestRobotsUnreadableForAMonth(t *testing.T) {
	in(t, fetch.Options{HostDelay: -1}, robots(saying(500, "")), func(t *testing.T, w *web, c *fetch.Client) {
		for range 30 {
			refuse(t, c, "http://example.org/a", "robots")
			time.Sleep(24 * time.Hour)
		}
		time.Sleep(time.Second)
		get(t, c, "http://example.org/a")
	})
}

// Trouble with the host is told as such, and not kept.
func TestRobotsOfAHostInTrouble(t *testing.T) {
	down := true
	h := robots(func(w http.ResponseWriter, r *http.Request) {
		if down {
			panic(http.ErrAbortHandler)
		}
		http.NotFound(w, r)
	})
	in(t, fetch.Options{HostDelay: -1}, h, func(t *testing.T, w *web, c *fetch.Client) {
		refuse(t, c, "http://example.org/a", "network")
		down = false
		get(t, c, "http://example.org/a")
	})
	hang := robots(func(w http.ResponseWriter, r *http.Request) { nap(r, time.Hour) })
	in(t, fetch.Options{HostDelay: -1}, hang, func(t *testing.T, w *web, c *fetch.Client) {
		refuse(t, c, "http://example.org/a", "timeout")
	})
	refuse(t, local(t, nil), "http://"+closedPort(t), "network")
}

// A host that asks to be left alone at its robots.txt means the pages too.
func TestRobotsWithRetryAfter(t *testing.T) {
	h := robots(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(503)
	})
	in(t, fetch.Options{HostDelay: -1}, h, func(t *testing.T, w *web, c *fetch.Client) {
		for range 2 {
			if e := refuse(t, c, "http://example.org/a", "rate-limited"); e.Wait != 10*time.Minute {
				t.Errorf("Wait = %v, want 10m", e.Wait)
			}
		}
		wantVisits(t, w, "example.org/robots.txt 0s")
	})
}

func TestCrawlDelayIsObeyed(t *testing.T) {
	h := robots(saying(200, "User-agent: *\nCrawl-delay: 20"))
	in(t, fetch.Options{}, h, func(t *testing.T, w *web, c *fetch.Client) {
		get(t, c, "http://example.org/a")
		get(t, c, "http://example.org/b")
		wantVisits(t, w, "example.org/robots.txt 0s", "example.org/a 20s", "example.org/b 40s")
	})
	in(t, fetch.Options{HostDelay: time.Minute}, h, func(t *testing.T, w *web, c *fetch.Client) {
		get(t, c, "http://example.org/a")
		wantVisits(t, w, "example.org/robots.txt 0s", "example.org/a 1m0s")
	})
}

// A delay of more than a minute is obeyed as a minute, and that is said once for
// as long as the file is kept.
func TestCrawlDelayIsCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		h := robots(saying(200, "User-agent: *\nCrawl-delay: 3600"))
		w, c := newWeb(t, fetch.Options{Log: slog.New(slog.NewTextHandler(&said, nil))}, h)
		for _, path := range []string{"a", "b", "c"} {
			get(t, c, "http://example.org/"+path)
		}
		wantVisits(t, w, "example.org/robots.txt 0s", "example.org/a 1m0s", "example.org/b 2m0s", "example.org/c 3m0s")
		if n := strings.Count(said.String(), "asked=1h0m0s obeyed=1m0s"); n != 1 {
			t.Errorf("said %d times, want once:\n%s", n, &said)
		}
		time.Sleep(24 * time.Hour)
		get(t, c, "http://example.org/d")
		if n := strings.Count(said.String(), "obeyed=1m0s"); n != 2 {
			t.Errorf("said %d times on the second day, want twice", n)
		}
	})
}

// A robots.txt that hangs while an older one is kept leaves time for the page.
func TestRobotsLeaveTimeForThePage(t *testing.T) {
	hang := false
	h := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/robots.txt":
			nap(r, 8*time.Second)
		case hang:
			nap(r, time.Hour)
		}
	}
	in(t, fetch.Options{HostDelay: -1, Timeout: 20 * time.Second}, h, func(t *testing.T, w *web, c *fetch.Client) {
		get(t, c, "http://example.org/a")
		time.Sleep(25 * time.Hour)
		hang = true
		get(t, c, "http://example.org/a")
	})
}
