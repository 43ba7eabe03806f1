package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
)

func (a *app) reextractCommand() *cobra.Command {
	var (
		all, try, asJSON bool
		read             reading
	)
	cmd := &cobra.Command{
		Use:   "reextract [URL…]",
		Short: "Read kept captures anew, after the extractor or the site rules changed",
		Long: `Derives versions anew from the kept captures: those that an earlier extractor read, or other site rules, of the articles
named or of all.
Versions and changes keep their numbers and addresses. A change whose two texts are the same once one extractor has
read both was no publisher's: it is marked so, and shown no more among the changes; so is one of nothing but what has
been learned to be furniture. How a version was read before is kept by its SHA-256. A daemon does the same by itself after an update, beside its other work.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := read.load(); err != nil {
				return err
			}
			ctx, stop := orderly(cmd.Context())
			defer stop()
			return a.withDB(ctx, a.openExisting, func(db *storage.DB) error {
				return a.reextract(ctx, db, &tracker.Rereader{Shelf: db, Rules: read.rules, Owner: owner(), All: all, Try: try}, args, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also what this extractor has read already")
	cmd.Flags().BoolVar(&try, "dry-run", false, "say what would come of it, and store nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line, for each article that was read anew")
	read.register(cmd.Flags())
	return cmd
}

// A rereadRow is the row of an article whose versions were read anew.
type rereadRow struct {
	Article   int64  `json:"article"`
	URL       string `json:"url"`
	Extractor int    `json:"extractor"`
	Versions  int    `json:"versions"`                  // read anew
	Altered   int    `json:"altered"`                   // with another text
	Ours      int    `json:"extractor_made"`            // changes that were the extractor's doing
	Furniture int    `json:"furniture_alone,omitempty"` // changes of nothing but furniture
	Lost      int    `json:"unreadable"`                // kept as they were
	Busy      bool   `json:"busy,omitempty"`            // another process had the article
}

func (a *app) reextract(ctx context.Context, db *storage.DB, d *tracker.Rereader, args []string, asJSON bool) error {
	if err := freeDead(ctx, db); err != nil {
		return err
	}
	articles, err := toReread(ctx, db, d, args)
	if err != nil {
		return err
	}
	sum, busy, err := a.rereadAll(ctx, d, articles, asJSON)
	if err != nil {
		return err
	}
	verb := "read anew"
	if d.Try {
		verb = "would be read anew (nothing was stored)"
	}
	fmt.Fprintf(a.err, "storydiff: %s of %s %s: %d with another text, %s%s, %d unreadable and kept as they were\n",
		diffview.Count(sum.Versions, "version"), diffview.Count(len(articles), "article"), verb, sum.Altered, ofOurs(sum.Ours), ofFurniture(sum.Furniture), sum.Lost)
	if busy > 0 {
		return fmt.Errorf("reading anew: another process was looking at %s: run storydiff reextract again", diffview.Count(busy, "article"))
	}
	return nil
}

// rereadAll reads articles anew and prints a line for each; it returns what came
// of all, and how many another process had.
func (a *app) rereadAll(ctx context.Context, d *tracker.Rereader, articles []tracker.Article, asJSON bool) (sum tracker.Reread, busy int, err error) {
	bar := newProgress(a.err, len(articles))
	defer bar.done()
	for _, found := range articles {
		done, err := d.Article(ctx, found.ID)
		if err != nil {
			return sum, busy, fmt.Errorf("reading %s anew: %w", found.URL, err)
		}
		row := rereadRow{found.ID, found.URL, extract.Revision, done.Versions, done.Altered, done.Ours, done.Furniture, done.Lost, done.Busy}
		bar.step(func() { err = a.printReread(row, asJSON) })
		if err != nil {
			return sum, busy, err
		}
		sum.Versions, sum.Altered, sum.Lost = sum.Versions+done.Versions, sum.Altered+done.Altered, sum.Lost+done.Lost
		sum.Ours, sum.Furniture = sum.Ours+done.Ours, sum.Furniture+done.Furniture
		if done.Busy {
			busy++
		}
	}
	return sum, busy, nil
}

// toReread returns the articles named, or those that have something to read anew.
func toReread(ctx context.Context, db *storage.DB, d *tracker.Rereader, args []string) ([]tracker.Article, error) {
	var articles []tracker.Article
	for _, arg := range args {
		found, err := tracked(ctx, db, arg)
		if err != nil {
			return nil, err
		}
		articles = append(articles, found)
	}
	switch {
	case len(args) > 0:
		return articles, nil
	case d.All:
		return db.Articles(ctx, tracker.ArticleFilter{})
	}
	ids, err := d.Outdated(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		found, err := db.Article(ctx, id)
		if err != nil {
			return nil, err
		}
		articles = append(articles, found)
	}
	return articles, nil
}

// printReread prints a line for an article of which something came out another.
func (a *app) printReread(row rereadRow, asJSON bool) error {
	if asJSON {
		return diffview.WriteRow(a.out, row)
	}
	if row.Altered == 0 && row.Ours == 0 && row.Furniture == 0 && row.Lost == 0 && !row.Busy {
		return nil
	}
	said := fmt.Sprintf("%d of %s with another text, %s%s", row.Altered, diffview.Count(row.Versions, "version"), ofOurs(row.Ours), ofFurniture(row.Furniture))
	if row.Lost > 0 {
		said += fmt.Sprintf(", %d unreadable", row.Lost)
	}
	if row.Busy {
		said = "another process was looking at it"
	}
	_, err := fmt.Fprintf(a.out, "%s  %s\n", said, diffview.OneLine(row.URL))
	return err
}

func ofOurs(n int) string { return diffview.Count(n, "change") + " the extractor's doing" }

// ofFurniture says how many changes were of furniture alone, if any.
func ofFurniture(n int) string {
	if n == 0 {
		return ""
	}
	return ", " + diffview.Count(n, "change") + " of furniture alone"
}
