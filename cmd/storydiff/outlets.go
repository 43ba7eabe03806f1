package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

// usualWeeks is how many weeks outlets are counted over unless told otherwise.
const usualWeeks = 12

// maxWeeks bounds how many can be asked for: a century.
const maxWeeks = 5200

func (a *app) outletsCommand() *cobra.Command {
	var (
		weeks  int
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "outlets",
		Short: "Say how outlets edit: how often, how silently, how soon",
		Args:  takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if weeks < 0 || weeks > maxWeeks {
				return misusef("--weeks %d: want 1 to %d, or 0 for all there are", weeks, maxWeeks)
			}
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.outlets(cmd.Context(), db, weeks, asJSON)
			})
			return a.noDatabaseIsEmpty(err)
		},
	}
	cmd.Flags().IntVar(&weeks, "weeks", usualWeeks, "count what was seen in so many weeks, the current one included; 0: in all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return cmd
}

func (a *app) outlets(ctx context.Context, db *storage.DB, weeks int, asJSON bool) error {
	lives, err := db.Lives(ctx, 0)
	if err != nil {
		return err
	}
	now := time.Now()
	byOutlet, from := livesByOutlet(lives.Altered, now)
	if weeks > 0 {
		from = max(0, tracker.WeekOf(now)-tracker.Week(weeks-1))
	}
	looks, err := db.LooksByOutlet(ctx, from)
	if err != nil {
		return err
	}
	var list []tracker.OutletFigures
	for name, of := range byOutlet {
		if f := tracker.Figures(name, of, from, now); f.Articles > 0 {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b tracker.OutletFigures) int {
		return cmp.Or(cmp.Compare(b.Articles, a.Articles), strings.Compare(a.Outlet, b.Outlet))
	})
	if asJSON {
		for _, f := range list {
			if err := diffview.WriteRow(a.out, diffview.OutletRow(f, looks[f.Outlet])); err != nil {
				return err
			}
		}
		return nil
	}
	return a.printOutlets(list)
}

// livesByOutlet groups lives, and returns the week in which the first of their
// articles was first seen.
func livesByOutlet(lives []tracker.Life, now time.Time) (map[string][]*tracker.Life, tracker.Week) {
	by, first := map[string][]*tracker.Life{}, tracker.WeekOf(now)
	for i := range lives {
		l := &lives[i]
		by[l.Outlet] = append(by[l.Outlet], l)
		if !l.FirstSeen.IsZero() {
			first = min(first, tracker.WeekOf(l.FirstSeen))
		}
	}
	return by, first
}

// printOutlets writes a table with each number out of how many it is.
func (a *app) printOutlets(list []tracker.OutletFigures) error {
	if len(list) == 0 {
		return nil
	}
	fmt.Fprintf(a.out, "seen since %s\n", list[0].From.Start().Format(time.DateOnly))
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, f := range list {
		fmt.Fprintf(table, "%s\t%s\t%d edited\t%s\t%d silent, %d stamped, %d noted\t%s\t%d taken away\t%d blocked\n",
			diffview.OneLine(f.Outlet), diffview.Count(f.Articles, "article"), f.Edited, diffview.Count(f.Changes, "change"),
			f.Silent, f.Stamped, f.Noted, firstEditText(f.FirstEdit), f.Gone, f.BlockedOf)
	}
	return table.Flush()
}

// firstEditText says how soon articles were edited.
func firstEditText(m tracker.Median) string {
	if m.N == 0 {
		return "no first edit"
	}
	return fmt.Sprintf("first edit within %s (median of %d)", m.AtMost.Round(time.Second), m.N)
}
