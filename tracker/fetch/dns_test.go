package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// A lostName is a name server that may be down.
type lostName struct {
	*names
	down atomic.Bool
}

func (n *lostName) resolver() *net.Resolver {
	up := n.names.resolver()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if n.down.Load() {
			return nil, errors.New("the network is unreachable")
		}
		return up.Dial(ctx, network, address)
	}}
}

// safeLog is a log that many write to.
type safeLog struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *safeLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

// count returns how many lines hold a text.
func (l *safeLog) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.all.String(), text)
}

// outOfBubbles lets the standard library set up how names are looked up: what is
// set up within a bubble is of no use outside of it.
func outOfBubbles() { net.DefaultResolver.LookupIPAddr(context.Background(), "127.0.0.1.") }

// Names cannot be looked up for an hour: no version comes of it, each host is
// warned of once, one article of each is tried at a tick, and within a tick of the
// end all that were due are looked at.
func TestNamesDownForAnHour(t *testing.T) {
	site := httptest.NewUnstartedServer(withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Ferry</title><article><h1>Ferry %s to close</h1><p>The ferry to Eastbank will close after 31 years, the council decided on Tuesday evening.</p>
<p>Twelve people work on it, and they have been offered other posts in the harbour office.</p></article>`, r.URL.Path)
	}))
	site.Config.SetKeepAlivesEnabled(false)
	site.Start()
	defer site.Close()
	port := portOf(t, site.URL)
	outOfBubbles()
	synctest.Test(t, func(t *testing.T) {
		world := &lostName{names: newNames(map[string][]string{"one.example.": {"127.0.0.1"}, "two.example.": {"127.0.0.1"}})}
		db, log := storagetest.New(t), new(safeLog)
		var mu sync.Mutex
		var told []tracker.Result
		w := &tracker.Watcher{
			Store: db, Owner: "test", Log: slog.New(slog.NewTextHandler(log, nil)),
			Fetch: fetch.NewClientAt(fetch.Options{AllowPrivate: true, HostDelay: -1, Ledger: db}, fetch.Edge{Resolver: world.resolver()}),
			Tell: func(r tracker.Result) {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, r)
			},
		}
		const each = 5
		for _, host := range []string{"one.example", "two.example"} {
			for i := range each {
				url := fmt.Sprintf("http://%s:%d/%d", host, port, i)
				if _, _, err := db.Add(t.Context(), storage.NewArticle{URL: url, Identity: url, Outlet: host, Host: host, At: time.Now()}); err != nil {
					t.Fatal(err)
				}
			}
		}
		ticks, err := tracker.ParseCron("* * * * *")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx, ticks) }()
		time.Sleep(time.Minute)
		looked := func() (plain, failed int, articles map[int64]bool) {
			mu.Lock()
			defer mu.Unlock()
			articles = map[int64]bool{}
			for _, r := range told {
				switch {
				case r.Check.Outcome.Plain():
					plain++
					articles[r.Article.ID] = true
				case r.Check.Reason == "dns":
					failed++
				default:
					t.Errorf("%s %s: %s", r.Check.Outcome, r.Check.Reason, r.Check.Detail)
				}
			}
			told = nil
			return plain, failed, articles
		}
		if plain, _, _ := looked(); plain != 2*each {
			t.Fatalf("%d looks at first, want %d", plain, 2*each)
		}
		world.down.Store(true)
		time.Sleep(time.Hour)
		plain, failed, _ := looked()
		if plain > 0 || failed < 40 || failed > 2*61 {
			t.Errorf("in the hour: %d plain looks and %d failed, want one for each host and tick", plain, failed)
		}
		if n := log.count(`msg="host down"`); n != 2 {
			t.Errorf("%d warnings, want one for each host", n)
		}
		world.down.Store(false)
		time.Sleep(time.Minute)
		plain, _, articles := looked()
		if len(articles) != 2*each || plain != 2*each {
			t.Errorf("within a tick: %d looks at %d articles, want all %d", plain, len(articles), 2*each)
		}
		if n := log.count(`msg="host back"`); n != 2 {
			t.Errorf("told %d times that a host is back, want 2", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		counts, err := db.Counts(t.Context())
		if err != nil || counts.Versions != 2*each || counts.Changes != 0 || counts.Active != 2*each {
			t.Errorf("%+v, %v; want %d versions", counts, err, 2*each)
		}
		t.Logf("%d failed looks in the hour, at two hosts with %d articles each", failed, each)
	})
}
