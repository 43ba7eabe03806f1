package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"

	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
)

// A daemon is what run, demo and serve share: where the report listens.
type daemon struct {
	listen string
	hosts  []string
	notice string // at the head of each page
}

func (d *daemon) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "where the report is served; a loopback address, port 0 for any")
	cmd.Flags().StringSliceVar(&d.hosts, "allow-host", nil, "a further name under which a proxy on this machine serves the report")
}

func (a *app) runCommand() *cobra.Command {
	var (
		d      daemon
		netw   network
		read   reading
		spec   string
		budget float64
		asJSON bool
		tell   alerting
	)
	cmd := &cobra.Command{
		Use:   "run [URL…]",
		Short: "Track articles: schedule, checks, alerts, report",
		Long: `Adds the given articles, then is the daemon: it looks at due articles on its schedule, sends alerts where the
configuration has rules for them (storydiff help alert says how), and serves the report.
It ends on SIGINT or SIGTERM within 10 seconds.`,
		RunE: func(cmd *cobra.Command, urls []string) error {
			ticks, err := tracker.ParseCron(spec)
			if err != nil {
				return misuse(err)
			}
			if err := checkBudget(budget); err != nil {
				return err
			}
			articles, err := newArticles(urls, nil, "")
			if err != nil {
				return err
			}
			if err := d.check(); err != nil {
				return err
			}
			if err := read.load(); err != nil {
				return err
			}
			if err := tell.load(a); err != nil {
				return err
			}
			ctx, stop := orderly(cmd.Context())
			defer stop()
			return a.withDB(ctx, a.open, func(db *storage.DB) error {
				return a.run(ctx, db, &d, &netw, &read, &tell, ticks, budget, articles, asJSON)
			})
		},
	}
	d.register(cmd)
	cmd.Flags().StringVar(&spec, "cron", "* * * * *", "when due articles are looked for (UTC); a seconds field and @every 90s are understood")
	cmd.Flags().Float64Var(&budget, "budget", 0, "looks a day to be shared out among all articles; 0: about 40 at an article in its first 30 days")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each check as a JSON object a line, once it is committed")
	netw.register(cmd.Flags())
	read.registerLooks(cmd.Flags())
	tell.register(cmd.Flags())
	return cmd
}

func (a *app) run(ctx context.Context, db *storage.DB, d *daemon, netw *network, read *reading, tell *alerting, ticks cron.Schedule, budget float64, articles []storage.NewArticle, asJSON bool) error {
	log, err := a.logger(slog.LevelInfo)
	if err != nil {
		return err
	}
	unlock, err := db.LockDaemon(ctx, "report at "+d.listen)
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
	courier, err := tell.courier(db, netw, read.rules, log)
	if err != nil {
		return err
	}
	ln, err := d.open()
	if err != nil {
		return err
	}
	w := &tracker.Watcher{Store: db, Fetch: netw.client(db, log), Owner: netw.owner, Log: log, Rules: read.rules, NoLive: read.noLive, Budget: budget, Announce: tell.settings.Announce}
	if asJSON {
		show := &printer{out: a.out, asJSON: true, progress: newProgress(io.Discard, 0)}
		w.Tell = show.tell
	}
	fmt.Fprintf(a.err, "storydiff: report at http://%s/ (stop with Ctrl-C)\n", ln.Addr())
	beside, done := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	helpers.Go(func() { rereadOld(beside, &tracker.Rereader{Shelf: db, Rules: read.rules, Owner: owner()}, log) })
	helpers.Go(func() { courier.Run(beside) })
	err = a.watchAndServe(ctx, w, ticks, ln, d.handler(db, log, read.rules), log)
	done()
	helpers.Wait()
	return err
}

// watchAndServe runs the watcher and the report until ctx ends or one of them fails.
func (a *app) watchAndServe(ctx context.Context, w *tracker.Watcher, ticks cron.Schedule, ln net.Listener, pages http.Handler, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- report.Serve(ctx, ln, pages, log)
	}()
	err := w.Run(ctx, ticks)
	cancel()
	err = errors.Join(err, <-served)
	log.Info("stopped")
	return err
}

// check refuses an address that is none or no loopback address: the report has
// no password.
func (d *daemon) check() error {
	host, port, err := net.SplitHostPort(d.listen)
	if err != nil {
		return misusef("--listen %q: write an address and a port, such as 127.0.0.1:8080", d.listen)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return misusef("--listen %q: the port is a number up to 65535", d.listen)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return misusef("--listen %q: the report has no password, so it is served on loopback addresses alone: put a proxy with a login in front of it", d.listen)
	}
	return nil
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
