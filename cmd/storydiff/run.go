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
	"sync"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/discover"
)

// A daemon is what run, demo and serve share: where the report listens, and who
// may change things through it.
type daemon struct {
	listen string
	hosts  []string
	access access
	public string                     // address of the report as its readers see it; may be empty
	vet    func(address string) error // says why the report must not add an address
	notice string                     // at the head of each page
	plan   func() tracker.Schedule    // by what looks are planned; nil: by the usual schedule
}

func (d *daemon) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "where the report is served, port 0 for any; an address that others reach wants a password or --read-only")
	cmd.Flags().StringSliceVar(&d.hosts, "allow-host", nil, "a further name under which a proxy on this machine serves the report; without a password nothing can then be changed through it")
	d.access.register(cmd.Flags())
}

// watchFlags are what run is told on its command line.
type watchFlags struct {
	daemon
	netw   network
	read   reading
	pace   pacing
	tell   alerting
	ticks  cron.Schedule
	most   size
	asJSON bool
}

func (a *app) runCommand() *cobra.Command {
	var (
		f    watchFlags
		spec string
	)
	cmd := &cobra.Command{
		Use:   "run [URL…]",
		Short: "Track articles: schedule, checks, alerts, report",
		Long: `Adds the given articles, then is the daemon: it looks at due articles on its schedule, takes up new ones from its
sources, sends alerts where the configuration has rules for them (storydiff help alert says how), and serves the report.
It ends on SIGINT or SIGTERM within 10 seconds.

Hosts are asked one request at a time, with --host-delay between two, or twice as long as the last answer took, or
what robots.txt asks for; longer for those that say they are asked too often. Public hosts are told who asks: --contact.`,
		RunE: func(cmd *cobra.Command, urls []string) error {
			var err error
			if f.ticks, err = tracker.ParseCron(spec); err != nil {
				return misuse(err)
			}
			if err := f.pace.check(); err != nil {
				return err
			}
			articles, err := newArticles(urls, nil, "")
			if err != nil {
				return err
			}
			if err := f.netw.introduce(urls...); err != nil {
				return err
			}
			if err := f.daemon.access.load(a.given); err != nil {
				return err
			}
			if err := f.daemon.check(); err != nil {
				return err
			}
			if err := f.read.load(); err != nil {
				return err
			}
			if err := f.tell.load(a); err != nil {
				return err
			}
			f.public, f.vet = f.tell.publicURL, f.netw.vet
			ctx, stop := orderly(cmd.Context())
			defer stop()
			return a.withDB(ctx, a.open, func(db *storage.DB) error {
				return a.run(ctx, db, &f, articles)
			})
		},
	}
	f.daemon.register(cmd)
	cmd.Flags().StringVar(&spec, "cron", "* * * * *", "when due articles are looked for (UTC); a seconds field and @every 90s are understood")
	f.pace.register(cmd.Flags())
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print each check as a JSON object a line, once it is committed")
	cmd.Flags().Var(&f.most, "max-db", "what the database may hold, as 500MB or 10GiB: the oldest raw bytes of pages are dropped to keep within it, never texts, versions or checks (default no limit)")
	f.netw.register(cmd.Flags())
	f.read.registerLooks(cmd.Flags())
	f.tell.register(cmd.Flags())
	return cmd
}

func (a *app) run(ctx context.Context, db *storage.DB, f *watchFlags, articles []storage.NewArticle) error {
	log, err := a.logger(slog.LevelInfo)
	if err != nil {
		return err
	}
	unlock, err := db.LockDaemon(ctx, "report at "+f.listen)
	if err != nil {
		return err
	}
	defer unlock()
	if err := a.addAll(ctx, db, articles); err != nil {
		return err
	}
	if err := freeDead(ctx, db); err != nil {
		return err
	}
	if err := introduceToAll(ctx, db, &f.netw); err != nil {
		return err
	}
	courier, err := f.tell.courier(db, &f.netw, f.read.rules, log)
	if err != nil {
		return err
	}
	ln, err := f.daemon.open()
	if err != nil {
		return err
	}
	client := f.netw.client(db, log)
	w := &tracker.Watcher{Store: db, Fetch: client, Owner: f.netw.owner, Log: log, Rules: f.read.rules, NoLive: f.read.noLive, Budget: f.pace.budget, Announce: f.tell.settings.Announce}
	w.Cadence, w.HostBudget = f.pace.cadence(), f.pace.hostBudget
	w.Gap = func(string) time.Duration { return time.Duration(f.netw.hostDelay) }
	if f.asJSON {
		show := &printer{out: a.out, asJSON: true, progress: newProgress(io.Discard, 0)}
		w.Tell = show.tell
	}
	f.plan = w.Schedule
	v := newVitals(db, f.ticks)
	v.observe(w)
	fmt.Fprintf(a.err, "storydiff: report at http://%s/ (stop with Ctrl-C)\n", reachable(ln.Addr().String()))
	beside, done := context.WithCancel(ctx)
	var others sync.WaitGroup // who work beside the watcher
	others.Go(func() { keepWithin(beside, db, int64(f.most), log) })
	others.Go(func() {
		select { // the looks come first
		case <-v.begun:
			v.catch.index(beside, db, log)
			v.catch.reread(beside, &tracker.Rereader{Shelf: db, Rules: f.read.rules, Owner: owner()}, log)
		case <-beside.Done():
		}
	})
	others.Go(func() { courier.Run(beside) })
	var polled error // a daemon that finds nothing new any more is none
	others.Go(func() {
		if polled = poll(beside, &discover.Poller{Store: db, Fetch: client, Log: log}, f.ticks, log); polled != nil {
			done()
		}
	})
	err = a.watchAndServe(beside, w, db, f.ticks, ln, f.handler(db, log, f.read.rules, v), v, log)
	done()
	others.Wait()
	return errors.Join(err, polled)
}

// introduceToAll refuses to watch the articles and sources of a database whose
// hosts would not know who asks.
func introduceToAll(ctx context.Context, db *storage.DB, netw *network) error {
	if netw.named() { // to read all articles takes a while
		return netw.introduce()
	}
	for _, state := range []tracker.State{tracker.Active, tracker.Gone} {
		articles, err := db.Articles(ctx, tracker.ArticleFilter{State: state})
		if err != nil {
			return err
		}
		if err := netw.introduceTo(articles); err != nil {
			return err
		}
	}
	sources, err := db.Sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if err := netw.introduce(s.URL); err != nil {
			return err
		}
	}
	return nil
}

// watchAndServe runs the watcher and the report until ctx ends or one of them fails.
func (a *app) watchAndServe(ctx context.Context, w *tracker.Watcher, db *storage.DB, ticks cron.Schedule, ln net.Listener, pages http.Handler, v *vitals, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	alive, err := v.live(ctx, tracker.DaemonRun{PID: os.Getpid(), Listen: ln.Addr().String(), Budget: w.Budget}, log)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- report.Serve(ctx, ln, pages, log)
	}()
	err = watch(ctx, w, db, ticks, log)
	cancel()
	err = errors.Join(err, <-served)
	alive.Wait()
	log.Info("stopped")
	return err
}

// open listens.
func (d *daemon) open() (net.Listener, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", d.listen)
	if err != nil {
		return nil, fmt.Errorf("serving the report at %s: %w: choose another address with --listen", d.listen, cause(err))
	}
	return ln, nil
}

// cause returns what lies at the bottom of a network error: "address already in use".
func cause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
