package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/search"
)

// mostHits is how many articles a search can be asked for.
const mostHits = 10_000

func (a *app) searchCommand() *cobra.Command {
	var (
		q            tracker.SearchQuery
		since        moment
		until        untilMoment
		asJSON, anew bool
		order        string
	)
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Search the text of all versions, removed words included",
		Long: `Lists the articles in which all that is looked for stood in one version at least, and says in which versions, when
it came, and when it was removed; those that were taken up last first, or with --sort best those first where all the words stand in the headline, then
where they stand one behind the other, then where they stand in one paragraph: of some hundred that were taken up last.

  storydiff search minister resign          both words, anywhere in a version
  storydiff search '"12 million"'           words one behind the other
  storydiff search 'econom*'                words that begin so
  storydiff search 'bridge -ferry'          articles that never had the word ferry
  storydiff search --removed '"12 million"' what stands no more

Case and accents make no difference. In Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese any two or more characters
in a row are found. --since and --until ask when the words came or went, with --removed when they went.`,
		Args: takes(0, many, "what to look for"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !anew {
				return misusef("search: give what to look for (storydiff help search says more)")
			}
			var err error
			if q.Words, err = search.Parse(strings.Join(args, " ")); err != nil && len(args) > 0 {
				return misusef("search: %w", sentenced(err))
			}
			if q.Limit < 1 || q.Limit > mostHits {
				return misusef("--limit %d: want 1 to %d", q.Limit, mostHits)
			}
			switch q.Best = order == "best"; order {
			case "best", "newest":
			default:
				return misusef("--sort %q: want newest or best", order)
			}
			q.Since, q.Until, q.Outlet = since.Time, until.Time, strings.ToLower(q.Outlet)
			err = a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.search(cmd.Context(), db, q, asJSON, anew)
			})
			return a.noDatabaseIsEmpty(err)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&q.Outlet, "outlet", "", "only in articles of this outlet")
	flags.Var(&since, "since", "only what came or went since then: a day, a time, or how long ago")
	flags.Var(&until, "until", "only what came or went until then; a day counts whole")
	flags.BoolVar(&q.Removed, "removed", false, "only what does not stand in the newest version")
	flags.StringVar(&order, "sort", "newest", "newest: articles that were taken up last first; best: those that answer best")
	flags.IntVar(&q.Limit, "limit", 20, "at most so many articles")
	flags.BoolVar(&asJSON, "json", false, "print a JSON object a line")
	flags.BoolVar(&anew, "reindex", false, "first make the index anew, which storydiff verify may ask for")
	return cmd
}

// sentenced returns a refusal as an error has it: without its full stop.
func sentenced(err error) error {
	text := strings.TrimSuffix(err.Error(), ".")
	return errors.New(strings.ToLower(text[:1]) + text[1:])
}

func (a *app) search(ctx context.Context, db *storage.DB, q tracker.SearchQuery, asJSON, anew bool) error {
	if anew {
		if err := db.ForgetIndex(ctx); err != nil {
			return err
		}
	}
	if err := a.indexRest(ctx, db); err != nil || !q.Words.Asks() {
		return err
	}
	const atOnce = 100
	wanted, said := q.Limit, 0
	for {
		q.Limit = min(wanted-said, atOnce)
		found, err := db.Search(ctx, q)
		if refusal, ok := errors.AsType[search.Refusal](err); ok {
			return misusef("search: %w", sentenced(refusal))
		}
		if err != nil {
			return err
		}
		for i := range found.Hits {
			if err := a.printHit(&found.Hits[i], asJSON); err != nil {
				return err
			}
		}
		said += len(found.Hits)
		switch q.Before, q.Skip = found.Next, found.Skip; {
		case q.Before == 0 && said == 0:
			fmt.Fprintln(a.err, "storydiff: nothing is found")
			return nil
		case q.Before == 0:
			return nil
		case said == wanted:
			fmt.Fprintf(a.err, "storydiff: there are more: --limit shows them\n")
			return nil
		}
	}
}

// indexRest indexes what an earlier storydiff left without an index.
func (a *app) indexRest(ctx context.Context, db *storage.DB) error {
	rest, err := db.Unsearched(ctx)
	if err != nil || rest == 0 {
		return err
	}
	bar := newProgress(a.err, rest)
	defer bar.done()
	return db.IndexRest(ctx, func() { bar.step(func() {}) })
}

func (a *app) printHit(h *tracker.SearchHit, asJSON bool) error {
	if asJSON {
		return diffview.WriteRow(a.out, diffview.SearchRow(*h))
	}
	said, turn := diffview.StandsText(h)
	if turn.From > 0 {
		said += fmt.Sprintf(", %s", diffview.NewInterval(turn.After, turn.By, diffview.InDigits))
	}
	if why := diffview.MatchText(h.Match); len(why) > 0 {
		said += ", found " + strings.Join(why, ", ")
	}
	_, err := fmt.Fprintf(a.out, "%s  %s\n  %s\n  %s\n\n", diffview.OneLine(h.URL), diffview.OneLine(h.Title), said, a.excerptLine(h))
	return err
}

// excerptLine is the excerpt of a hit on one line, with what was looked for in bold
// where the terminal can.
func (a *app) excerptLine(h *tracker.SearchHit) string {
	if len(h.Excerpt) == 0 {
		return "its text cannot be read: storydiff verify says more"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", diffview.OneLine(h.Part))
	for _, p := range h.Excerpt {
		text := diffview.Line(p.Text)
		if p.Found && colour(a.out) {
			text = "\x1b[1m" + text + "\x1b[0m"
		}
		b.WriteString(text)
	}
	return b.String()
}
