package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func (a *app) changesCommand() *cobra.Command {
	var (
		filter        tracker.ChangeFilter
		since         moment
		asJSON, asCSV bool
	)
	cmd := &cobra.Command{
		Use:   "changes",
		Short: "List recent changes over all articles, the newest first",
		Args:  takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter.Since = since.Time
			if err := checkFilter(filter); err != nil {
				return err
			}
			if asJSON && asCSV {
				return misusef("changes: --json and --csv exclude each other")
			}
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.changes(cmd.Context(), db, filter, asJSON, asCSV)
			})
			if _, none := errors.AsType[noDatabase](err); none && asCSV {
				return errors.Join(a.noDatabaseIsEmpty(err), a.changesCSV(nil))
			}
			return a.noDatabaseIsEmpty(err)
		},
	}
	flags := cmd.Flags()
	flags.Var(&since, "since", "only those seen since then: a day, a time, or how long ago")
	flags.StringVar(&filter.Kind, "kind", "", "only those of this kind, such as headline or number")
	flags.StringVar(&filter.Disclosure, "disclosure", "", "only those that are noted, stamped or silent")
	flags.IntVar(&filter.MinSignificance, "min-significance", 0, "only those of at least this significance, 0 to 100")
	flags.StringVar(&filter.Outlet, "outlet", "", "only those of this outlet")
	flags.StringVar(&filter.Tag, "tag", "", "only those of articles with this tag")
	flags.BoolVar(&asJSON, "json", false, "print a JSON object a line")
	flags.BoolVar(&asCSV, "csv", false, "print comma-separated values with a heading")
	return cmd
}

// checkFilter refuses values that no change can have.
func checkFilter(f tracker.ChangeFilter) error {
	if f.Kind != "" && !slices.Contains(revision.Kinds(), revision.Kind(f.Kind)) {
		return misusef("--kind %q: want %s", f.Kind, kindsThereAre())
	}
	switch revision.Disclosure(f.Disclosure) {
	case "", revision.Noted, revision.Stamped, revision.Silent:
	default:
		return misusef("--disclosure %q: want noted, stamped or silent", f.Disclosure)
	}
	if f.MinSignificance < 0 || f.MinSignificance > 100 {
		return misusef("--min-significance %d: want 0 to 100", f.MinSignificance)
	}
	return nil
}

// kindsThereAre names the kinds of change: "a, b or c".
func kindsThereAre() string {
	var names []string
	for _, k := range revision.Kinds() {
		names = append(names, string(k))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func (a *app) changes(ctx context.Context, db *storage.DB, filter tracker.ChangeFilter, asJSON, asCSV bool) error {
	changes, err := db.Changes(ctx, filter)
	if err != nil {
		return err
	}
	if asCSV {
		return a.changesCSV(changes)
	}
	tests := map[int64][]tracker.HeadlineTest{} // by article
	for _, c := range changes {
		if asJSON {
			if err := diffview.WriteRow(a.out, diffview.ChangeRow(c)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%s  %s\n", diffview.OneLine(c.URL), diffview.OneLine(c.NewHeadline))
		a.printChange(c)
		if c.OldHeadline != c.NewHeadline {
			if _, known := tests[c.ArticleID]; !known {
				if tests[c.ArticleID], err = testsOf(ctx, db, c.ArticleID); err != nil {
					return err
				}
			}
			a.printTested(tests[c.ArticleID], &c)
		}
		fmt.Fprintln(a.out)
	}
	return nil
}

// testsOf returns the tests of headlines of an article.
func testsOf(ctx context.Context, db *storage.DB, id int64) ([]tracker.HeadlineTest, error) {
	flips, err := db.Changes(ctx, tracker.ChangeFilter{ArticleID: id, Kind: string(revision.Headline)})
	slices.Reverse(flips)
	return tracker.HeadlineTests(flips), err
}

func (a *app) changesCSV(changes []tracker.Change) error {
	w := csv.NewWriter(a.out)
	w.Write([]string{"article", "url", "outlet", "headline", "from", "to", "seen_after", "seen_by", "kinds", "disclosure", "significance",
		"words_added", "words_removed", "reverts_to", "summary", "annotations"})
	for _, c := range changes {
		w.Write([]string{strconv.FormatInt(c.ArticleID, 10), cell(c.URL), cell(c.Outlet), cell(c.NewHeadline),
			strconv.Itoa(c.From), strconv.Itoa(c.To), c.SeenAfter.UTC().Format(time.RFC3339), c.SeenBy.UTC().Format(time.RFC3339),
			diffview.KindsText(c.Kinds, " "), string(c.Disclosure), strconv.Itoa(c.Significance),
			strconv.Itoa(c.WordsAdded), strconv.Itoa(c.WordsRemoved), strconv.Itoa(c.RevertsTo), cell(c.Summary), cell(notesText(c.Annotations))})
	}
	w.Flush()
	return w.Error()
}

// notesText writes the notes on a change into one cell.
func notesText(notes []tracker.Annotation) string {
	var all []string
	for _, n := range notes {
		all = append(all, noteLine(n))
	}
	return strings.Join(all, " | ")
}

// cell keeps a spreadsheet from reading text off the web as a formula, and a
// terminal from obeying it.
func cell(text string) string {
	text = diffview.OneLine(text)
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
