package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage/storagetest"
	"storydiff/tracker/fetch"
)

// What the trial of politeness looks at: each article every quarter of an hour,
// four times.
const (
	trialArticles = 50
	trialEvery    = 15 * time.Minute
	trialFor      = 55 * time.Minute
	trialDelay    = 5 * time.Second
	trialCrawl    = 20 * time.Second
)

// A trialHost is a host of the trial, and what it saw.
type trialHost struct {
	kind   string
	offset time.Duration // that its articles are due after those of the first host
	mu     sync.Mutex
	inside int
	visits []trialVisit
	leave  time.Time // asked to be left alone until then
	faults []string
}

type trialVisit struct {
	path       string
	began, end time.Time
	status     int // 0: whatever
	until      time.Time
}

func (h *trialHost) fault(format string, args ...any) {
	h.faults = append(h.faults, fmt.Sprintf(format, args...))
}

// ServeHTTP answers as the host's kind does, and keeps watch over its visitors.
func (h *trialHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := trialVisit{path: r.Host + r.URL.Path, began: time.Now()}
	h.mu.Lock()
	if h.inside++; h.inside > 1 {
		h.fault("%d requests at once at %v", h.inside, v.began)
	}
	if v.began.Before(h.leave) {
		h.fault("asked %v before the end of a Retry-After", h.leave.Sub(v.began))
	}
	n := len(h.visits)
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.inside--
		v.end = time.Now()
		h.visits = append(h.visits, v)
		if v.until.After(h.leave) {
			h.leave = v.until
		}
	}()
	if r.URL.Path == "/robots.txt" {
		if h.kind == "keeping" {
			fmt.Fprintf(w, "User-agent: *\nCrawl-delay: %d\nDisallow: /private/\n", trialCrawl/time.Second)
			return
		}
		http.NotFound(w, r)
		return
	}
	if h.kind == "keeping" && strings.HasPrefix(r.URL.Path, "/private/") {
		h.fault("robots.txt forbids %s", v.path)
	}
	v.status, v.until = h.answer(w, r, n)
}

// answer answers the nth request; it returns the status and until when the host
// wants to be left alone.
func (h *trialHost) answer(w http.ResponseWriter, r *http.Request, n int) (status int, until time.Time) {
	switch h.kind {
	case "slow":
		nap(r, 12*time.Second)
	case "endless":
		for r.Context().Err() == nil {
			fmt.Fprint(w, "a")
			w.(http.Flusher).Flush()
			nap(r, time.Second)
		}
	case "failing":
		if n%2 == 0 {
			panic(http.ErrAbortHandler)
		}
		status = 500
	case "flapping":
		status = []int{200, 404, 500, 200, 403}[n%5]
	case "limiting":
		switch n {
		case 20:
			w.Header().Set("Retry-After", "90")
			status, until = 429, time.Now().Add(90*time.Second)
		case 40:
			until = time.Now().Add(200 * time.Second).UTC().Truncate(time.Second)
			w.Header().Set("Retry-After", until.Format(http.TimeFormat))
			status = 503
		}
	case "overloaded":
		status = 503
	}
	nap(r, 300*time.Millisecond)
	if status == 0 {
		status = 200
	}
	w.WriteHeader(status)
	fmt.Fprint(w, "story")
	return status, until
}

// A politenessTrial is two processes on one database that look at the articles of
// some hosts, each at every other.
type politenessTrial struct {
	hosts   map[string]*trialHost
	mu      sync.Mutex
	began   time.Time
	delays  map[string][]time.Duration // by host, from when a look was due to when it was done; after the first minute, when it is known which hosts are slow
	skipped map[string]int             // by reason
}

// run looks at hosts of the given kinds, by the ledger that open opens.
func (p *politenessTrial) run(t *testing.T, kinds []string, open func(t *testing.T) fetch.Ledger) {
	synctest.Test(t, func(t *testing.T) {
		p.hosts, p.delays, p.skipped = map[string]*trialHost{}, map[string][]time.Duration{}, map[string]int{}
		for i, kind := range kinds {
			p.hosts[fmt.Sprintf("%s%d.com", kind, i)] = &trialHost{kind: kind, offset: time.Duration(i) * trialEvery / trialArticles / 20}
		}
		p.began = time.Now()
		db := open(t)
		w, first := newWeb(t, fetch.Options{HostDelay: trialDelay, Ledger: db, Owner: "first"}, func(w http.ResponseWriter, r *http.Request) {
			_, host, _ := strings.Cut(r.Host, ".") // www. and m. are one host
			p.hosts[host].ServeHTTP(w, r)
		})
		second := fetch.NewClientAt(fetch.Options{HostDelay: trialDelay, Ledger: db, Owner: "second"}, fetch.Edge{Dial: w.dial})
		ctx, cancel := context.WithTimeout(t.Context(), trialFor)
		defer cancel()
		var all sync.WaitGroup
		for host, h := range p.hosts {
			for i, c := range []*fetch.Client{first, second} {
				all.Go(func() { p.watch(ctx, c, host, h, i) })
			}
		}
		all.Wait()
	})
}

// watch looks at every other article of a host as it is due: those of a host of
// bursts all at once, those of others one after the other.
func (p *politenessTrial) watch(ctx context.Context, c *fetch.Client, host string, h *trialHost, odd int) {
	urls, due := make([]string, trialArticles/2), make([]time.Time, trialArticles/2)
	for i := range urls {
		folder := []string{"news", "private"}[i%2*odd] // every second of the second process
		urls[i] = fmt.Sprintf("http://%s.%s/%s/%d", []string{"www", "m"}[odd], host, folder, i)
		due[i] = time.Now().Add(h.offset)
		if h.kind != "bursts" {
			due[i] = due[i].Add(time.Duration(2*i+odd) * trialEvery / trialArticles)
		}
	}
	for {
		next := slices.IndexFunc(due, func(d time.Time) bool { return d.Equal(slices.MinFunc(due, time.Time.Compare)) })
		select {
		case <-time.After(time.Until(due[next])):
		case <-ctx.Done():
			return
		}
		_, err := c.Get(ctx, fetch.Request{URL: urls[next]})
		if ctx.Err() != nil {
			return
		}
		wait := trialEvery
		p.mu.Lock()
		if e, ok := errors.AsType[*fetch.Error](err); ok {
			p.skipped[e.Reason]++
			wait = max(e.Wait, time.Until(due[next].Add(trialEvery)))
			if e.Reason == "rate-limited" {
				wait = e.Wait
			}
		} else {
			if time.Since(p.began) > time.Minute {
				p.delays[host] = append(p.delays[host], time.Since(due[next]))
			}
			wait = time.Until(due[next].Add(trialEvery))
		}
		p.mu.Unlock()
		due[next] = time.Now().Add(max(wait, 0))
	}
}

// mean returns the mean delay of the looks at a host.
func (p *politenessTrial) mean(host string) time.Duration {
	var sum time.Duration
	for _, d := range p.delays[host] {
		sum += d
	}
	return sum / time.Duration(max(1, len(p.delays[host])))
}

// Twenty hosts with fifty articles each, some of them slow, endless, failing,
// flapping, overloaded or wanting to be asked less often, under the eyes of two
// processes: what the issue asks of politeness.
func TestPolitenessTrial(t *testing.T) {
	if slowTests() > 1 {
		t.Skip("hours of 20 hosts at once are more than the race detector takes; the tests of each rule run under it")
	}
	well := []string{"bursts", "bursts", "bursts", "bursts", "steady", "steady", "steady", "steady"}
	hard := []string{"slow", "slow", "endless", "endless", "failing", "failing", "flapping", "flapping", "limiting", "limiting", "overloaded", "keeping"}
	var alone, together politenessTrial
	alone.run(t, well, func(*testing.T) fetch.Ledger { return fetch.NewLedger() })
	together.run(t, append(slices.Clone(well), hard...), func(t *testing.T) fetch.Ledger { return storagetest.New(t) })

	requests, least, late, worst := 0, time.Hour, time.Duration(0), 0.0
	for host, h := range together.hosts {
		requests += len(h.visits)
		for _, fault := range h.faults {
			t.Errorf("%s: %s", host, fault)
		}
		least = min(least, checkGaps(t, host, h))
		late = max(late, checkRetries(t, host, h))
		if _, ok := alone.hosts[host]; ok {
			ratio := float64(together.mean(host)) / float64(alone.mean(host))
			worst = max(worst, ratio)
			t.Logf("%s: mean delay %v, without the others %v", host, together.mean(host), alone.mean(host))
			if ratio > 1.1 {
				t.Errorf("%s: mean delay %v, without the others %v; want within a tenth", host, together.mean(host), alone.mean(host))
			}
		}
	}
	if n := together.skipped["robots"]; n == 0 {
		t.Error("nothing was left out for robots.txt")
	}
	t.Logf("20 hosts, %d articles, 2 processes, %v: %d requests; least gap %v; after a Retry-After asked again within %v; the worst mean delay of a well host is %.3f times what it is without the others; left out: %v",
		20*trialArticles, trialFor, requests, least, late, worst, together.skipped)
	checkBackOff(t, together.hosts)
}

// checkGaps checks that no gap is under the limit, and returns the least.
func checkGaps(t *testing.T, host string, h *trialHost) time.Duration {
	least := time.Hour
	if len(h.visits) < 5 {
		t.Errorf("%s: only %d requests", host, len(h.visits))
	}
	robots := 0
	for i, v := range h.visits {
		if strings.HasSuffix(v.path, "/robots.txt") {
			robots++
		}
		if i == 0 {
			continue
		}
		before := h.visits[i-1]
		want := max(trialDelay, 2*before.end.Sub(before.began))
		if h.kind == "keeping" {
			want = trialCrawl
		}
		gap := v.began.Sub(before.end)
		if gap < want {
			t.Errorf("%s: %v between %s and %s, want %v", host, gap, before.path, v.path, want)
		}
		least = min(least, gap)
	}
	if robots != 2 && h.kind != "overloaded" {
		t.Errorf("%s: robots.txt of two origins was asked for %d times by two processes, want 2", host, robots)
	}
	return least
}

// checkRetries checks that a host that asked to be left alone was asked again
// when that was over, and returns by how much later it was.
func checkRetries(t *testing.T, host string, h *trialHost) (late time.Duration) {
	n := 0
	for i, v := range h.visits[:len(h.visits)-1] {
		if v.until.IsZero() {
			continue
		}
		n++
		after := h.visits[i+1].began.Sub(v.until)
		late = max(late, after)
		if after < 0 || after > time.Second {
			t.Errorf("%s: asked again %v after the end of a Retry-After, want within a second", host, after)
		}
	}
	if want := 2; h.kind == "limiting" && n != want {
		t.Errorf("%s: said Retry-After %d times, want %d: it was not asked often enough", host, n, want)
	}
	return late
}

// checkBackOff checks that a host that says 503 and no more is asked again after
// 5, 10 and 20 minutes, and after 5 again where it answered the robots.txt of
// another origin without trouble in between, whenever that was first asked for.
func checkBackOff(t *testing.T, hosts map[string]*trialHost) {
	want := []time.Duration{5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 40 * time.Minute}
	for host, h := range hosts {
		if h.kind != "overloaded" {
			continue
		}
		n, most := 0, 0 // times it was asked again since it last answered, and at most
		for i, v := range h.visits[1:] {
			before := h.visits[i]
			if before.status != 503 {
				n = 0
				continue
			}
			if wait := v.began.Sub(before.end).Round(time.Minute); n >= len(want) || wait != want[n] {
				t.Errorf("%s: asked again after %v for the %d. time", host, wait, n+1)
			}
			n++
			most = max(most, n)
		}
		if most < 3 {
			t.Errorf("%s: asked again only %d times in a row", host, most)
		}
	}
}
