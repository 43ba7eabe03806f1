package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

func (a *app) furnitureCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "furniture OUTLET",
		Short: "Show what was learned to be no part of an outlet's articles",
		Long: `Shows what was learned to be no part of an outlet's articles, and is left out where versions are compared: lines that
stand in several of them, and lines and places of the page that differed between two looks a moment apart. Corrections
and an article's own headline, standfirst and first paragraphs are never left out. OUTLET is a domain such as
example.com, or the address of any page of it.`,
		Args: takes(1, 1, "one outlet: its domain, or the address of a page of it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			outlet, err := outletOf(args[0])
			if err != nil {
				return misuse(err)
			}
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.furniture(cmd.Context(), db, outlet, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return cmd
}

// outletOf returns the outlet of a domain or an address.
func outletOf(arg string) (string, error) {
	url, err := tracker.Clean(arg)
	if err != nil && !strings.Contains(arg, "://") {
		url, err = tracker.Clean("https://" + arg)
	}
	if err != nil {
		return "", err
	}
	return fetch.HostOf(url), nil
}

// A furnitureRow is the row of something learned.
type furnitureRow struct {
	Outlet   string               `json:"outlet"`
	Why      tracker.FurnitureWhy `json:"why"`
	Text     string               `json:"text"`           // shortened; of a place, of a line that stood there
	Path     string               `json:"path,omitempty"` // where in the page
	Articles int                  `json:"articles"`
	Since    time.Time            `json:"since"`
	Reason   string               `json:"reason"`
}

func (a *app) furniture(ctx context.Context, db *storage.DB, outlet string, asJSON bool) error {
	all, err := db.Furniture(ctx, outlet)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(f tracker.Furniture) bool { return !f.Believed() })
	if len(all) == 0 {
		return a.noFurniture(ctx, db, outlet)
	}
	for _, f := range all {
		if asJSON {
			if err := diffview.WriteRow(a.out, furnitureRow{outlet, f.Why, f.Text, f.Path, f.Articles, f.Since.UTC(), f.Reason()}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%s  %s  since %s\n  %s\n", f.Why, diffview.Count(f.Articles, "article"), when(f.Since), diffview.OneLine(f.Text))
		if f.Path != "" {
			fmt.Fprintf(a.out, "  at %s\n", diffview.OneLine(f.Path))
		}
		fmt.Fprintf(a.out, "  %s\n", f.Reason())
	}
	return nil
}

// noFurniture says why there is nothing to show.
func (a *app) noFurniture(ctx context.Context, db *storage.DB, outlet string) error {
	articles, err := db.Articles(ctx, tracker.ArticleFilter{Outlet: outlet})
	if err != nil {
		return err
	}
	if len(articles) == 0 {
		return fmt.Errorf("no article of %s is tracked: storydiff list shows those that are", diffview.OneLine(outlet))
	}
	fmt.Fprintf(a.err, "nothing was learned of %s yet\n", diffview.OneLine(outlet))
	return nil
}
