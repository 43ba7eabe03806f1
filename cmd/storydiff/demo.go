package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"storydiff/cmd/storydiff/paper"
	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

// The pace of the demo: the paper edits a story every demoEdit unless told
// otherwise, each story is looked at twice as often, so that the first change
// shows within seconds, and no more often than due ones are looked for.
const (
	demoEdit = 4 * time.Second
	demoTick = time.Second
)

// demoLook is the cron line by which stories are looked at that are edited so often.
func demoLook(edit time.Duration) string {
	return fmt.Sprintf("@every %v", max(demoTick, (edit/2).Truncate(time.Second)))
}

func (a *app) demoCommand() *cobra.Command {
	edit := duration(demoEdit)
	d := daemon{vet: vetPublic(true), notice: "A demonstration: the newspaper, its town and everybody in it are made up."}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch a made-up newspaper whose stories change every few seconds",
		Long: `Serves a made-up newspaper on loopback whose stories change every few seconds, tracks them live, and serves the
report: what storydiff does, without a network. Everything is thrown away at the end, unless --db names a file to keep.`,
		Args: takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if time.Duration(edit) < demoTick {
				return misusef("--edit-every %v: want 1s at least, which is how often stories are looked at", time.Duration(edit))
			}
			if err := d.access.load(a.given); err != nil {
				return err
			}
			if !a.given["db"] {
				dir, err := os.MkdirTemp("", "storydiff-demo")
				if err != nil {
					return fmt.Errorf("making a place for the demo: %w", err)
				}
				defer os.RemoveAll(dir)
				a.db = filepath.Join(dir, "demo.db")
			}
			ln, err := d.openAny(a.given["listen"])
			if err != nil {
				return err
			}
			return a.withDB(cmd.Context(), a.open, func(db *storage.DB) error {
				ctx, stop := orderly(cmd.Context())
				defer stop()
				return a.demo(ctx, db, &d, ln, time.Duration(edit))
			})
		},
	}
	d.register(cmd)
	cmd.Flags().Var(&edit, "edit-every", "how often a story is edited: slower to read along, faster to see much")
	return cmd
}

// openAny listens as asked; where the usual port is taken and no other was
// asked for, on any.
func (d *daemon) openAny(asked bool) (net.Listener, error) {
	ln, err := d.open()
	if err != nil && !asked {
		d.listen = "127.0.0.1:0"
		return d.open()
	}
	return ln, err
}

func (a *app) demo(ctx context.Context, db *storage.DB, d *daemon, ln net.Listener, edit time.Duration) error {
	log, err := a.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	unlock, err := db.LockDaemon(ctx, "demo, report at "+ln.Addr().String())
	if err != nil {
		return err
	}
	defer unlock()
	news := paper.New(paper.Options{Over: func() {
		fmt.Fprintln(a.err, "storydiff: the made-up newspaper has made all its edits; start the demo anew to see them once more")
	}})
	seen, told := newFirsts(len(news.Paths())), demoTeller{to: a.err, spells: map[int64]tracker.EventKind{}}
	site, stop, err := publish(ctx, news, edit, seen.all)
	if err != nil {
		return err
	}
	defer stop()
	for _, path := range news.Paths() {
		story, err := newArticle(site+path, []string{"demo"}, demoLook(edit))
		if err != nil {
			return err
		}
		if _, _, err := db.Add(ctx, story); err != nil {
			return err
		}
	}
	ticks, err := tracker.ParseCron(fmt.Sprintf("@every %v", demoTick))
	if err != nil {
		return err
	}
	net := network{allowPrivate: true, timeout: limit{duration(10 * time.Second)}, maxBody: 1 << 20, userAgent: "storydiff/" + release, owner: owner()}
	w := &tracker.Watcher{Store: db, Fetch: net.client(db, log), Owner: net.owner, Log: log, Tell: func(r tracker.Result) {
		seen.count(r)
		told.tell(r)
	}}
	d.plan = w.Schedule
	v := newVitals(db, ticks)
	v.observe(w)
	fmt.Fprintf(a.err, "storydiff: a made-up newspaper is at %s/, its stories change every %v\n", site, edit)
	fmt.Fprintf(a.err, "storydiff: open http://%s/ to see what storydiff makes of it (stop with Ctrl-C)\n", ln.Addr())
	return a.watchAndServe(ctx, w, db, ticks, ln, d.handler(db, log, nil, v), v, log)
}

// A demoTeller prints a line for each change and event, as a newcomer waits for
// them; what lasts is told once.
type demoTeller struct {
	to     io.Writer
	mu     sync.Mutex
	spells map[int64]tracker.EventKind // what lasts, by article
}

func (d *demoTeller) tell(r tracker.Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.spells[r.Article.ID]
	delete(d.spells, r.Article.ID)
	var what string
	switch {
	case r.Change != nil:
		what = r.Change.Summary
	case len(r.Events) > 0:
		kind := r.Events[0].Kind
		d.spells[r.Article.ID] = kind
		if kind == before {
			return
		}
		what = string(kind)
	default:
		return
	}
	fmt.Fprintf(d.to, "%s  %s: %s\n", r.Check.At.Local().Format(time.TimeOnly), diffview.OneLine(r.Article.Title), diffview.OneLine(what))
}

// firsts counts the stories that were seen for the first time: an edit before that
// would never be seen.
type firsts struct {
	left atomic.Int64
	all  chan struct{} // closed once all were
}

func newFirsts(stories int) *firsts {
	f := &firsts{all: make(chan struct{})}
	f.left.Store(int64(stories))
	return f
}

func (f *firsts) count(r tracker.Result) {
	if r.Check.Outcome == tracker.OutcomeNew && f.left.Add(-1) == 0 {
		close(f.all)
	}
}

// longestFirsts is how long the paper waits for all of its stories to be seen.
const longestFirsts = 10 * time.Second

// publish serves the paper on loopback and plays its script, an edit every so
// often from when all of it was seen, until stop is called.
func publish(ctx context.Context, news *paper.Paper, edit time.Duration, seen <-chan struct{}) (site string, stop func(), err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("publishing the demo's newspaper: %w", cause(err))
	}
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{Handler: news, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{}, 2)
	go func() {
		defer func() { done <- struct{}{} }()
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			cancel()
		}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		select {
		case <-seen:
		case <-time.After(longestFirsts):
		case <-ctx.Done():
		}
		news.Run(ctx, edit)
	}()
	stop = func() {
		cancel()
		server.Close()
		<-done
		<-done
	}
	return "http://" + ln.Addr().String(), stop, nil
}
