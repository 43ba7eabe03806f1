package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
)

func (a *app) verifyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Recompute every hash and name what does not hold",
		Long: `Reads the whole database, holds every page and every text against the SHA-256 that was stored with it, and the file,
its references and the numbers of versions besides. It changes nothing, and a daemon may go on. A line for each thing that does not
hold; exit 1 where there is any. storydiff repair takes what is damaged from a backup. Until then what is damaged is never shown as
if it were whole, and all else can be read.`,
		Args: takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.verify(cmd.Context(), db, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line, for each thing that does not hold")
	return cmd
}

// A flawRow is the row of something that does not hold.
type flawRow struct {
	Type     string `json:"type"` // what it is: body, capture, version, article, file, reference
	ID       int64  `json:"id,omitempty"`
	Article  int64  `json:"article,omitempty"`
	URL      string `json:"url,omitempty"`
	Versions []int  `json:"versions,omitempty"`
	Detail   string `json:"detail"`
}

func (a *app) verify(ctx context.Context, db *storage.DB, asJSON bool) error {
	steps, err := db.VerifySteps(ctx)
	if err != nil {
		return err
	}
	bar := newProgress(a.err, steps)
	flaws := 0
	t, err := db.Verify(ctx, func() { bar.step(func() {}) }, func(f storage.Flaw) {
		flaws++
		bar.say(func() { a.printFlaw(ctx, db, f, asJSON) })
	})
	bar.done()
	if err != nil {
		return err
	}
	read := fmt.Sprintf("%s, %s, %s of %s", diffview.Count(t.Bodies, "page"), diffview.Count(t.Captures, "capture"),
		diffview.Count(t.Versions, "version"), diffview.Count(t.Articles, "article"))
	if flaws > 0 {
		return fmt.Errorf("verifying %s: %s found among %s: storydiff repair --from takes it from a backup; all else can be read", db.Path(), diffview.Count(flaws, "fault"), read)
	}
	fmt.Fprintf(a.err, "storydiff: all holds: %s\n", read)
	return nil
}

// printFlaw prints a flaw. What the output makes of it is found out at the end.
func (a *app) printFlaw(ctx context.Context, db *storage.DB, f storage.Flaw, asJSON bool) {
	row := a.flawRow(ctx, db, f)
	if asJSON {
		diffview.WriteRow(a.out, row)
		return
	}
	fmt.Fprintf(a.out, "%s: %s\n", row.name(), diffview.OneLine(row.Detail))
}

func (a *app) flawRow(ctx context.Context, db *storage.DB, f storage.Flaw) flawRow {
	row := flawRow{f.Kind, f.ID, f.Article, "", f.Versions, f.Detail}
	if found, err := db.Article(ctx, f.Article); err == nil {
		row.URL = found.URL
	}
	return row
}

// name says what does not hold: "https://…@2, 3: body 7".
func (r flawRow) name() string {
	what := r.Type
	if r.ID > 0 {
		what = fmt.Sprintf("%s %d", r.Type, r.ID)
	}
	of := diffview.OneLine(r.URL)
	if of == "" && r.Article > 0 {
		of = fmt.Sprintf("article %d", r.Article)
	}
	for i, n := range r.Versions {
		if i == 0 {
			of += fmt.Sprintf("@%d", n)
		} else {
			of += fmt.Sprintf(", @%d", n)
		}
	}
	if of == "" {
		return what
	}
	return of + ": " + what
}
