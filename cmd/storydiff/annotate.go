package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

func (a *app) annotateCommand() *cobra.Command {
	var (
		note   tracker.Annotation
		gone   int64
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "annotate URL@A..B [TEXT]",
		Short: "Say what a change is: an error fixed, spin, as expected",
		Long: `Keeps a note on what changed from version A to B of an article; URL@B is the change that made version B. Notes stand
on the pages of the report and are exported with the changes. Without a text and a label the notes that there are are
printed, with the numbers by which --delete deletes them.

Labels that are offered, so that they can be counted: ` + strings.Join(tracker.AnnotationLabels(), ", ") + `.`,
		Args: takes(1, 2, "a change as URL@A..B, and what there is to say of it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				note.Text = strings.TrimSpace(args[1])
			}
			if says := note.Text != "" || note.Label != ""; gone != 0 && says || note.By != "" && !says || asJSON && (says || gone != 0) {
				return misusef("annotate: give a text or --label, with or without --by, or --delete, or --json alone")
			}
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.annotate(cmd.Context(), db, args[0], note, gone, asJSON)
			})
		},
	}
	cmd.Flags().StringVarP(&note.Label, "label", "l", "", "in a word or three")
	cmd.Flags().StringVar(&note.By, "by", "", "who says so")
	cmd.Flags().Int64Var(&gone, "delete", 0, "delete the note of this `number`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the notes as a JSON object a line")
	return cmd
}

func (a *app) annotate(ctx context.Context, db *storage.DB, ref string, note tracker.Annotation, gone int64, asJSON bool) error {
	found, from, to, err := storedChange(ctx, db, ref)
	if err != nil {
		return err
	}
	switch {
	case gone != 0:
		if err := db.Unannotate(ctx, found.ID, gone); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "deleted note %d\n", gone)
		return nil
	case note.Text == "" && note.Label == "":
		return a.printNotes(ctx, db, found.ID, from, to, asJSON)
	}
	note.ArticleID, note.From, note.To, note.At = found.ID, from, to, time.Now()
	if err := note.Check(); err != nil {
		return misuse(err)
	}
	err = db.Annotate(ctx, &note)
	if errors.Is(err, tracker.ErrNotFound) {
		return fmt.Errorf("%s has no versions %d and %d: there are %d", found.URL, from, to, found.Versions)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.err, "noted on versions %d to %d of %s (note %d)\n", from, to, diffview.OneLine(found.URL), note.ID)
	return nil
}

func (a *app) printNotes(ctx context.Context, db *storage.DB, id int64, from, to int, asJSON bool) error {
	notes, err := db.Annotations(ctx, id)
	if err != nil {
		return err
	}
	for _, n := range notes {
		if n.From != from || n.To != to {
			continue
		}
		if !asJSON {
			fmt.Fprintf(a.out, "%d  %s\n", n.ID, noteLine(n))
			continue
		}
		if err := diffview.WriteRow(a.out, diffview.AnnotationRow(n)); err != nil {
			return err
		}
	}
	return nil
}

// noteLine writes a note on one line: "error fixed: They had the wrong year. (Ida, …)".
func noteLine(n tracker.Annotation) string {
	said := n.Label
	if n.Label != "" && n.Text != "" {
		said += ": "
	}
	by := diffview.OneLine(n.By)
	if by != "" {
		by += ", "
	}
	return fmt.Sprintf("%s (%s%s)", diffview.OneLine(said+n.Text), by, when(n.At))
}

// changeRef matches URL@A..B and URL@B.
var changeRef = regexp.MustCompile(`^(.+)@(?:(\d{1,9})\.\.)?(\d{1,9})$`)

// storedChange finds the article and the versions that URL@A..B names.
func storedChange(ctx context.Context, db *storage.DB, ref string) (found tracker.Article, from, to int, err error) {
	m := changeRef.FindStringSubmatch(ref)
	if m == nil {
		return found, 0, 0, misusef("%q names no change: write URL@2..3, or URL@3 for the change that made version 3", ref)
	}
	to, _ = strconv.Atoi(m[3]) // the pattern lets through what fits
	from = to - 1
	if m[2] != "" {
		from, _ = strconv.Atoi(m[2])
	}
	if from < 1 || to <= from {
		return found, 0, 0, misusef("%q names no change: it goes from a version to a later one", ref)
	}
	found, err = article(ctx, db, m[1])
	return found, from, to, err
}
