package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
)

// maxBudget is the most looks a day that may be asked for.
const maxBudget = 100_000_000

func checkBudget(budget float64) error {
	if !(budget >= 0 && budget <= maxBudget) {
		return misusef("--budget %v: give a number of looks a day, at most %d", budget, maxBudget)
	}
	return nil
}

// scheduleFlags are the flags of schedule.
type scheduleFlags struct {
	limit  int
	budget float64
	dry    bool
	asJSON bool
}

func (a *app) scheduleCommand() *cobra.Command {
	var f scheduleFlags
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Show which looks come next, and why then",
		Long: `Shows which looks come next, and why then. How long an article is left alone goes by how often news of its age is
edited and by the changes that were seen: the more edits are to be expected, the shorter. Thirty days after its text
last changed it is looked at 60, 90, 180 and 365 days after that, and is then retired.

With --dry-run, what looks at all articles cost a day, by host; with --budget as they would be shared out by it.`,
		Args: takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkBudget(f.budget); err != nil {
				return err
			}
			if f.budget > 0 && !f.dry {
				return misusef("schedule: --budget goes with --dry-run; run --budget shares the looks out")
			}
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				articles, err := db.Articles(cmd.Context(), tracker.ArticleFilter{})
				if err != nil {
					return err
				}
				if f.dry {
					return a.scheduleCost(articles, &f)
				}
				return a.schedule(cmd.Context(), articles, &f)
			})
			return a.noDatabaseIsEmpty(err)
		},
	}
	cmd.Flags().IntVar(&f.limit, "limit", 20, "how many looks are shown; 0: all")
	cmd.Flags().Float64Var(&f.budget, "budget", 0, "with --dry-run: looks a day to be shared out among all articles")
	cmd.Flags().BoolVar(&f.dry, "dry-run", false, "show what the looks cost a day")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print a JSON object a line")
	return cmd
}

// A lookRow is the row of a look to come.
type lookRow struct {
	Article int64     `json:"article"`
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
	Why     string    `json:"why"`
}

func (a *app) schedule(_ context.Context, articles []tracker.Article, f *scheduleFlags) error {
	all := looksToCome(articles, 0)
	shown := all
	if f.limit > 0 {
		shown = all[:min(len(all), f.limit)]
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, row := range shown {
		if f.asJSON {
			if err := diffview.WriteRow(a.out, row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", when(row.At), diffview.OneLine(row.URL), row.Why)
	}
	if left := len(all) - len(shown); left > 0 {
		fmt.Fprintf(a.err, "storydiff: and %s later: --limit shows more\n", diffview.Count(left, "article"))
	}
	return table.Flush()
}

// looksToCome returns the next look at each article, the soonest first; with a
// limit above 0 no more than that.
func looksToCome(articles []tracker.Article, limit int) []lookRow {
	articles = slices.DeleteFunc(articles, func(at tracker.Article) bool { return at.State != tracker.Active && at.State != tracker.Gone })
	slices.SortFunc(articles, func(x, y tracker.Article) int {
		return cmp.Or(x.NextCheck.Compare(y.NextCheck), cmp.Compare(x.ID, y.ID))
	})
	if limit > 0 {
		articles = articles[:min(len(articles), limit)]
	}
	rows := make([]lookRow, len(articles))
	for i, at := range articles {
		why := "never looked at"
		if !at.LastCheck.IsZero() {
			_, why = tracker.Schedule{}.Next(at, at.LastCheck)
		}
		rows[i] = lookRow{at.ID, at.URL, at.NextCheck.UTC().Truncate(time.Second), why}
	}
	return rows
}

// A costRow is the row of what looks at a host's articles cost; that of all has
// no host.
type costRow struct {
	Host     string  `json:"host,omitempty"`
	Articles int     `json:"articles"`
	Looks    float64 `json:"looks_a_day"`
}

func (a *app) scheduleCost(articles []tracker.Article, f *scheduleFlags) error {
	now := time.Now()
	var s tracker.Schedule
	if f.budget > 0 {
		s = s.Within(f.budget, articles, now)
	}
	byHost := map[string][]tracker.Article{}
	for _, at := range articles {
		if at.State == tracker.Active || at.State == tracker.Gone {
			byHost[at.Host] = append(byHost[at.Host], at)
		}
	}
	var rows []costRow
	all := costRow{}
	for _, host := range slices.Sorted(maps.Keys(byHost)) {
		row := costRow{host, len(byHost[host]), s.LooksPerDay(byHost[host], now)}
		rows = append(rows, row)
		all.Articles, all.Looks = all.Articles+row.Articles, all.Looks+row.Looks
	}
	slices.SortStableFunc(rows, func(x, y costRow) int { return cmp.Compare(y.Looks, x.Looks) })
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append(rows, all) {
		row.Looks = float64(int(row.Looks*10+0.5)) / 10
		if f.asJSON {
			if err := diffview.WriteRow(a.out, row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(table, "%.1f looks a day\t%s\t  %s\n", row.Looks, diffview.Count(row.Articles, "article"), cmp.Or(row.Host, "in all"))
	}
	return table.Flush()
}
