package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"

	"github.com/spf13/cobra"

	"storydiff/diffview/report"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
)

func (a *app) serveCommand() *cobra.Command {
	var (
		d            daemon
		read         reading
		allowPrivate bool
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the report alone, over an existing database",
		Args:  takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := read.load(); err != nil {
				return err
			}
			if err := d.access.load(a.given); err != nil {
				return err
			}
			d.vet = vetPublic(allowPrivate)
			if err := checkPublicURL(d.public); err != nil {
				return err
			}
			log, err := a.logger(slog.LevelInfo)
			if err != nil {
				return err
			}
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				ln, err := d.open()
				if err != nil {
					return err
				}
				fmt.Fprintf(a.err, "storydiff: report at http://%s/ (stop with Ctrl-C)\n", reachable(ln.Addr().String()))
				ctx, stop := orderly(cmd.Context())
				defer stop()
				beside, done := context.WithCancel(ctx)
				var indexing sync.WaitGroup
				v := newVitals(db, nil)
				indexing.Go(func() { v.catch.index(beside, db, log) })
				defer indexing.Wait()
				defer done()
				d.plan = func() tracker.Schedule { return plannedBy(ctx, db) }
				return report.Serve(ctx, ln, d.handler(db, log, read.rules, v), log)
			})
		},
	}
	d.register(cmd)
	cmd.Flags().BoolVar(&allowPrivate, "allow-private", false, "let loopback and private addresses be added through the report")
	publicURLFlag(cmd.Flags(), &d.public)
	read.register(cmd.Flags())
	return cmd
}

// plannedBy returns the schedule by which the daemon that runs, or ran last, plans
// looks; the usual one where none did, or where that cannot be known now.
func plannedBy(ctx context.Context, db *storage.DB) tracker.Schedule {
	s, err := db.PlannedBy(ctx)
	if err != nil {
		return tracker.Schedule{}
	}
	return s
}

// handler returns the report over db.
func (d *daemon) handler(db *storage.DB, log *slog.Logger, rules *extract.Rules, v *vitals) http.Handler {
	opts := report.Options{Rules: rules, Hosts: d.hosts, Log: log, Version: release, Public: d.public, Notice: d.notice,
		Health: v.parts, Metrics: v.metrics.handler(), Doors: d.doors(), Plan: d.plan, Withhold: d.access.withhold}
	if !d.access.readOnly {
		opts.Desk = &desk{db, d.vet}
	}
	return report.New(db, opts)
}
