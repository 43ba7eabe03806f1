package main

import (
	"cmp"
	"context"
	"errors"
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

// scheduleFlags are the flags of schedule.
type scheduleFlags struct {
	limit  int
	pace   pacing
	gap    duration
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
last changed it is looked at 60, 90, 180 and 365 days after that, and is then retired. A host is given no more looks
than half of what fits into its gap, or than --host-budget: its articles share them.

They are planned by the settings of the daemon that runs, or ran last; where those are not the usual ones, the first
line says so. The flags are those of run: given here, they show what a daemon would make of them instead.

With --dry-run, what looks at all articles cost a day, by host.`,
		Args: takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.pace.check(); err != nil {
				return err
			}
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				articles, err := db.Articles(cmd.Context(), tracker.ArticleFilter{})
				if err != nil {
					return err
				}
				plan, err := a.plan(cmd.Context(), db, articles, &f)
				if err != nil {
					return err
				}
				if f.dry {
					return a.scheduleCost(articles, plan, &f)
				}
				return a.schedule(articles, plan, &f)
			})
			return a.noDatabaseIsEmpty(err)
		},
	}
	cmd.Flags().IntVar(&f.limit, "limit", 20, "how many looks are shown; 0: all")
	f.pace.register(cmd.Flags())
	f.gap = duration(5 * time.Second)
	cmd.Flags().Var(&f.gap, "host-delay", "least time from the end of a response to the next request to that host")
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

// plan returns the schedule that is shown: that of the flags where any was given on
// the command line, or else the one by which the daemon that runs, or ran last, plans
// looks. It says where that one is not what the flags would make.
func (a *app) plan(ctx context.Context, db *storage.DB, articles []tracker.Article, f *scheduleFlags) (tracker.Schedule, error) {
	usual := f.pace.schedule(time.Duration(f.gap), articles, time.Now())
	for _, flag := range []string{"budget", "host-budget", "min-every", "max-every", "host-delay"} {
		if a.given[flag] {
			return usual, nil
		}
	}
	kept, err := db.PlannedBy(ctx)
	if errors.Is(err, tracker.ErrNotFound) {
		return usual, nil
	}
	if err != nil {
		return kept, err
	}
	if !f.asJSON && kept.Unlike(usual, tracker.HostMost(time.Duration(f.gap), f.pace.hostBudget)) {
		_, running, err := db.Daemon(ctx)
		if err != nil {
			return kept, err
		}
		which := "ran last"
		if running {
			which = "runs"
		}
		fmt.Fprintf(a.out, "by the settings of the daemon that %s, which are not the usual ones\n", which)
	}
	return kept, nil
}

func (a *app) schedule(articles []tracker.Article, plan tracker.Schedule, f *scheduleFlags) error {
	all := looksToCome(articles, plan, 0)
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

// looksToCome returns the next look at each article and why s has it then, the
// soonest first; with a limit above 0 no more than that.
func looksToCome(articles []tracker.Article, s tracker.Schedule, limit int) []lookRow {
	articles = slices.DeleteFunc(articles, func(at tracker.Article) bool { return at.State != tracker.Active && at.State != tracker.Gone })
	slices.SortFunc(articles, func(x, y tracker.Article) int {
		return cmp.Or(x.NextCheck.Compare(y.NextCheck), cmp.Compare(x.ID, y.ID))
	})
	if limit > 0 {
		articles = articles[:min(len(articles), limit)]
	}
	rows := make([]lookRow, len(articles))
	for i, at := range articles {
		rows[i] = lookRow{at.ID, at.URL, at.NextCheck.UTC().Truncate(time.Second), s.Why(at)}
	}
	return rows
}

// A costRow is the row of what looks at a host's articles cost; that of all has
// no host.
type costRow struct {
	Host     string  `json:"host,omitempty"`
	Articles int     `json:"articles"`
	Looks    float64 `json:"looks_a_day"`
	Cap      float64 `json:"cap,omitempty"` // looks a day that it may have, where it would have more
}

func (a *app) scheduleCost(articles []tracker.Article, s tracker.Schedule, f *scheduleFlags) error {
	now := time.Now()
	byHost := map[string][]tracker.Article{}
	for _, at := range articles {
		if at.State == tracker.Active || at.State == tracker.Gone {
			byHost[at.Host] = append(byHost[at.Host], at)
		}
	}
	var rows []costRow
	all := costRow{}
	for _, host := range slices.Sorted(maps.Keys(byHost)) {
		row := costRow{host, len(byHost[host]), s.LooksPerDay(byHost[host], now), s.Capped(host)}
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
		capped := ""
		if row.Cap > 0 {
			capped = ", which is given no more"
		}
		fmt.Fprintf(table, "%.1f looks a day\t%s\t  %s%s\n", row.Looks, diffview.Count(row.Articles, "article"), cmp.Or(row.Host, "in all"), capped)
	}
	return table.Flush()
}
