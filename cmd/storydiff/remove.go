package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) removeCommand() *cobra.Command {
	var yes, purge bool
	cmd := &cobra.Command{
		Use:   "remove URL…",
		Short: "Track articles no longer",
		Long:  "Tracks articles no longer. Their history stays, and comes back when they are added again; --purge deletes it.",
		Args:  takes(1, many, "the address of a tracked article, or its number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.remove(cmd.Context(), db, args, yes, purge)
			})
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&purge, "purge", false, "delete the history too: captures, versions, changes, checks")
	return cmd
}

func (a *app) remove(ctx context.Context, db *storage.DB, args []string, yes, purge bool) error {
	find := tracked
	if purge { // what is not tracked any more has a history, too
		find = article
	}
	articles := make([]tracker.Article, len(args))
	for i, arg := range args {
		found, err := find(ctx, db, arg)
		if err != nil {
			return err
		}
		articles[i] = found
	}
	answers := bufio.NewScanner(a.in)
	for _, found := range articles {
		if !yes && !a.agreed(answers, found, purge) {
			return fmt.Errorf("%s was not removed: nobody said yes (--yes does not ask)", found.URL)
		}
		if err := db.Remove(ctx, found.ID, purge); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "removed %s\n", found.URL)
	}
	return nil
}

func (a *app) agreed(answers *bufio.Scanner, found tracker.Article, purge bool) bool {
	what := "its history stays"
	if purge {
		what = fmt.Sprintf("and delete its %s for good", diffview.Count(found.Versions, "version"))
	}
	fmt.Fprintf(a.err, "remove %s, %s? [y/N] ", found.URL, what)
	if !answers.Scan() {
		fmt.Fprintln(a.err)
		return false
	}
	answer := strings.ToLower(strings.TrimSpace(answers.Text()))
	return answer == "y" || answer == "yes"
}
