package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/alert"
)

func (a *app) checkCommand() *cobra.Command {
	var (
		due, all, asJSON bool
		net              network
		read             reading
	)
	cmd := &cobra.Command{
		Use:   "check [URL…]",
		Short: "Look at articles now",
		Long: `Looks at articles now, and prints a line for each: at those named, at those that are due (--due), or at all
(--all, and without an argument). It ends with 1 if any check failed. What is to be told of by the rules of alert, the
daemon sends, or the next one.

A check that did not find the article says why by a code and a sentence; the codes are http-NNN for an HTTP status
and:

` + reasonList(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if due && all || len(args) > 0 && (due || all) {
				return misusef("check: give addresses, or --due, or --all")
			}
			if err := read.load(); err != nil {
				return err
			}
			tell, err := a.alertSettings()
			if err != nil {
				return err
			}
			ctx, stop := orderly(cmd.Context())
			defer stop()
			return a.withDB(ctx, a.openExisting, func(db *storage.DB) error {
				articles, err := chosen(ctx, db, args, due)
				if err != nil {
					return err
				}
				if err := net.introduceTo(articles); err != nil {
					return err
				}
				return a.check(ctx, db, &net, &read, tell, articles, len(args) > 0, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&due, "due", false, "look at the articles that are due")
	cmd.Flags().BoolVar(&all, "all", false, "look at all articles")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	net.register(cmd.Flags())
	read.registerLooks(cmd.Flags())
	return cmd
}

// reasonList is the closed list of reasons, a line each.
func reasonList() string {
	var b strings.Builder
	reasons := tracker.Reasons()
	for _, code := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(&b, "  %-20s %s\n", code, reasons[code])
	}
	return strings.TrimRight(b.String(), "\n")
}

// chosen returns the articles to look at: those named, the due ones, or all.
func chosen(ctx context.Context, db *storage.DB, args []string, due bool) ([]tracker.Article, error) {
	var articles []tracker.Article
	for _, arg := range args {
		found, err := tracked(ctx, db, arg)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(articles, func(a tracker.Article) bool { return a.ID == found.ID }) {
			articles = append(articles, found)
		}
	}
	if len(args) > 0 {
		return articles, nil
	}
	all, err := db.Articles(ctx, tracker.ArticleFilter{})
	if err != nil || !due {
		return all, err
	}
	now := time.Now()
	for _, found := range all {
		if found.State != tracker.Paused && found.State != tracker.Retired && !found.NextCheck.After(now) {
			articles = append(articles, found)
		}
	}
	return articles, nil
}

// check looks at articles and prints what came of each.
func (a *app) check(ctx context.Context, db *storage.DB, net *network, read *reading, tell *alert.Settings, articles []tracker.Article, named, asJSON bool) error {
	log, err := a.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	if err := freeDead(ctx, db); err != nil {
		return err
	}
	if len(articles) == 0 {
		fmt.Fprintln(a.err, "nothing to look at")
	}
	show := &printer{out: a.out, asJSON: asJSON, progress: newProgress(a.err, len(articles))}
	defer show.progress.done()
	w := &tracker.Watcher{Store: db, Fetch: net.client(db, log), Owner: net.owner, Log: log, Rules: read.rules, NoLive: read.noLive, Tell: show.tell, Announce: tell.Announce}
	if err := w.Look(ctx, articles, named); err != nil {
		return err
	}
	if show.err == nil && show.failed > 0 {
		return &coded{code: exitTrouble}
	}
	return show.err
}

// A printer prints checks as they are recorded.
type printer struct {
	out      io.Writer
	asJSON   bool
	progress *progress

	mu     sync.Mutex
	failed int
	err    error // the first that printing met
}

func (p *printer) tell(r tracker.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Check.Outcome == tracker.OutcomeFailed {
		p.failed++
	}
	p.progress.step(func() {
		var err error
		if p.asJSON {
			err = diffview.WriteRow(p.out, diffview.CheckRow(r.Article, r.Check, r.Change))
		} else {
			_, err = fmt.Fprintln(p.out, diffview.CheckLine(r.Article, r.Check, r.Change))
		}
		if p.err == nil {
			p.err = err
		}
	})
}
