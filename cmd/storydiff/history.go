package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) historyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history URL",
		Short: "Show the versions and changes of one article",
		Args:  takes(1, 1, "the address of one tracked article, or its number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.history(cmd.Context(), db, args[0], asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line: versions, then changes, then events")
	return cmd
}

func (a *app) history(ctx context.Context, db *storage.DB, arg string, asJSON bool) error {
	found, err := article(ctx, db, arg)
	if err != nil {
		return err
	}
	versions, err := db.Versions(ctx, found.ID)
	if err != nil {
		return err
	}
	changes, err := changesOldestFirst(ctx, db, found.ID)
	if err != nil {
		return err
	}
	events, err := db.Events(ctx, found.ID)
	if err != nil {
		return err
	}
	if asJSON {
		return a.historyRows(versions, changes, events)
	}
	a.printHistory(found, versions, changes, events)
	return nil
}

func changesOldestFirst(ctx context.Context, db *storage.DB, id int64) ([]tracker.Change, error) {
	changes, err := db.Changes(ctx, tracker.ChangeFilter{ArticleID: id})
	slices.Reverse(changes)
	return changes, err
}

func (a *app) historyRows(versions []tracker.Version, changes []tracker.Change, events []tracker.Event) error {
	for _, v := range versions {
		if err := diffview.WriteRow(a.out, diffview.VersionRow(v)); err != nil {
			return err
		}
	}
	for _, c := range changes {
		if err := diffview.WriteRow(a.out, diffview.ChangeRow(c)); err != nil {
			return err
		}
	}
	for _, e := range events {
		if err := diffview.WriteRow(a.out, diffview.EventRow(e)); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printHistory(found tracker.Article, versions []tracker.Version, changes []tracker.Change, events []tracker.Event) {
	fmt.Fprintf(a.out, "%s\n", diffview.OneLine(found.URL))
	byVersion := map[int]tracker.Change{}
	for _, c := range changes {
		byVersion[c.To] = c
	}
	for _, v := range versions {
		fmt.Fprintf(a.out, "\nversion %d  %s  %d words  %s\n", v.N, when(v.CapturedAt), v.Words, diffview.OneLine(v.Story.Headline))
		if c, ok := byVersion[v.N]; ok {
			a.printChange(c)
		}
	}
	for _, e := range events {
		fmt.Fprintf(a.out, "\n%s  %s", e.Kind, when(e.At))
		if !e.Until.IsZero() {
			fmt.Fprintf(a.out, " until %s", when(e.Until))
		}
		fmt.Fprintf(a.out, "  %s\n", diffview.OneLine(e.Detail))
	}
}

// printChange prints the lines that say what a change was.
func (a *app) printChange(c tracker.Change) {
	fmt.Fprintf(a.out, "  between %s and %s: %s, %s, %d of 100, -%d +%d words\n", when(c.SeenAfter), when(c.SeenBy),
		diffview.KindsText(c.Kinds, ", "), c.Disclosure, c.Significance, c.WordsRemoved, c.WordsAdded)
	fmt.Fprintf(a.out, "  %s\n", diffview.OneLine(c.Summary))
	if c.RevertsTo > 0 {
		fmt.Fprintf(a.out, "  back to version %d\n", c.RevertsTo)
	}
}
