package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) listCommand() *cobra.Command {
	var (
		filter tracker.ArticleFilter
		state  string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the tracked articles",
		Args:  takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter.State = tracker.State(state)
			switch filter.State {
			case "", tracker.Active, tracker.Paused, tracker.Gone, tracker.Retired:
			default:
				return misusef("--state %q: want active, paused, gone or retired", state)
			}
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.list(cmd.Context(), db, filter, asJSON)
			})
			return a.noDatabaseIsEmpty(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	cmd.Flags().StringVar(&filter.Tag, "tag", "", "only those with this tag")
	cmd.Flags().StringVar(&filter.Outlet, "outlet", "", "only those of this outlet")
	cmd.Flags().StringVar(&state, "state", "", "only those that are active, paused, gone or retired")
	return cmd
}

// noDatabaseIsEmpty turns the lack of a database into a hint: what was never
// added is an empty list.
func (a *app) noDatabaseIsEmpty(err error) error {
	if _, ok := errors.AsType[noDatabase](err); ok {
		fmt.Fprintln(a.err, oneLine(err.Error()))
		return nil
	}
	return err
}

func (a *app) list(ctx context.Context, db *storage.DB, filter tracker.ArticleFilter, asJSON bool) error {
	articles, err := db.Articles(ctx, filter)
	if err != nil {
		return err
	}
	if asJSON {
		for _, article := range articles {
			if err := diffview.WriteRow(a.out, diffview.ListRow(article)); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, article := range articles {
		fmt.Fprintf(table, "%d\t%s\t%s%s\t%s\t%s\t%s\n", article.ID, stateText(article), diffview.Count(article.Versions, "version"), liveMark(", ", article.Live),
			when(article.LastCheck), diffview.OneLine(article.Title), diffview.OneLine(article.URL))
	}
	return table.Flush()
}

// stateText says how an article stands, and since when it is not there, or why it
// could not be looked at.
func stateText(a tracker.Article) string {
	switch {
	case a.Missing():
		return fmt.Sprintf("%s, missing since %s", a.State, when(a.MissingFrom))
	case a.State == tracker.Gone && !a.GoneFrom.IsZero():
		return fmt.Sprintf("gone since %s", when(a.GoneFrom))
	case !a.GoneFrom.IsZero():
		return fmt.Sprintf("%s, gone since %s", a.State, when(a.GoneFrom))
	case a.LastOutcome == tracker.OutcomeBlocked, a.LastOutcome == tracker.OutcomeFailed:
		return fmt.Sprintf("%s, %s: %s", a.State, a.LastOutcome, diffview.OneLine(a.LastReason))
	}
	return string(a.State)
}

// liveMark says behind a comma or the like that something is a live blog.
func liveMark(behind string, live bool) string {
	if !live {
		return ""
	}
	return behind + "live blog"
}

// when writes a time for a person.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
