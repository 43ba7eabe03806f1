package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/discover"
	"storydiff/tracker/fetch"
)

// maxPerDay is the most articles a day that a source may be asked to give.
const maxPerDay = 100_000

// sourceFlags are the flags of source add.
type sourceFlags struct {
	file           string
	match, exclude string
	tags           []string
	every          duration
	limit          int
	all, asJSON    bool
}

func (a *app) sourceCommand() *cobra.Command {
	var netw network
	cmd := &cobra.Command{
		Use:   "source",
		Short: "Manage the feeds, sitemaps and front pages from which new articles are taken up",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return misusef("source: there is no %q: add, list and remove are understood", args[0])
			}
			return misusef("source: say what to do: add, list or remove (storydiff help source says more)")
		},
	}
	netw.register(cmd.PersistentFlags())
	cmd.AddCommand(a.sourceAddCommand(&netw), a.sourceListCommand(), a.sourceRemoveCommand())
	return cmd
}

func (a *app) sourceAddCommand(netw *network) *cobra.Command {
	var f sourceFlags
	cmd := &cobra.Command{
		Use:   "add URL…",
		Short: "Take up new articles from a feed, a sitemap or a front page",
		Long: `Takes up what is new from a feed (RSS, Atom, JSON Feed), a news sitemap or an index of sitemaps, or the front page
of a section. Of the address of a site, the feed or sitemap that it names is taken, and said.

What it shows now is taken up at once, but for what is older than 30 days by its own date, unless --all; the daemon
(storydiff run) looks for more. With --file, addresses are read from an OPML file, or from a list with one a line.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			sources, err := a.newSources(args, &f)
			if err != nil {
				return err
			}
			for _, s := range sources {
				if err := netw.introduce(s.URL); err != nil {
					return err
				}
			}
			return a.withDB(cmd.Context(), a.open, func(db *storage.DB) error {
				return a.addSources(cmd.Context(), db, netw, sources, f.asJSON)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.file, "file", "f", "", "read addresses from `file`, OPML or one a line, - for standard input")
	flags.StringVar(&f.match, "match", "", "take up only articles whose address matches this `pattern` (RE2)")
	flags.StringVar(&f.exclude, "exclude", "", "take up no articles whose address matches this `pattern` (RE2)")
	flags.StringSliceVarP(&f.tags, "tag", "t", nil, "tag the articles; may be given more than once")
	flags.Var(&f.every, "every", "poll every so often instead of by how often new articles come, as 30m or 2d")
	flags.IntVar(&f.limit, "limit-per-day", 0, fmt.Sprintf("articles that are taken up a day (UTC); 0: %d", discover.DefaultLimit))
	flags.BoolVar(&f.all, "all", false, "take up articles older than 30 days, too")
	flags.BoolVar(&f.asJSON, "json", false, "print each source as a JSON object a line")
	return cmd
}

// newSources returns all addresses as sources to add, or the misuse that one of
// them or of the flags is.
func (a *app) newSources(args []string, f *sourceFlags) ([]discover.Source, error) {
	for _, pattern := range []string{f.match, f.exclude} {
		if err := discover.CheckPattern(pattern); err != nil {
			return nil, misusef("source add: %w", err)
		}
	}
	if f.limit < 0 || f.limit > maxPerDay {
		return nil, misusef("--limit-per-day %d: give a number of articles, at most %d", f.limit, maxPerDay)
	}
	if f.every > 0 && time.Duration(f.every) < time.Second {
		return nil, misusef("--every %s: the interval must be at least 1s", f.every.String())
	}
	addresses, err := a.sourceAddresses(args, f.file)
	if err != nil {
		return nil, err
	}
	if len(addresses) == 0 {
		return nil, misusef("source add: give the address of a feed, a sitemap, a site or a section, or --file with a list of them")
	}
	sources := make([]discover.Source, len(addresses))
	for i, address := range addresses {
		clean, err := tracker.Clean(address)
		if err != nil {
			return nil, misuse(err)
		}
		sources[i] = discover.Source{
			URL: clean, Named: clean, Host: fetch.HostOf(clean), Tags: f.tags, Match: f.match, Exclude: f.exclude,
			Limit: f.limit, Every: time.Duration(f.every), All: f.all,
		}
	}
	return sources, nil
}

// sourceAddresses returns those given as arguments and those in the file.
func (a *app) sourceAddresses(args []string, file string) ([]string, error) {
	if file == "" {
		return args, nil
	}
	in, err := a.openList(file)
	if err != nil {
		return nil, fmt.Errorf("reading sources: %w", err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxList))
	if err != nil {
		return nil, fmt.Errorf("reading sources from %s: %w", file, err)
	}
	listed, left, err := discover.Addresses(text)
	if err != nil {
		return nil, fmt.Errorf("reading sources from %s: %w", file, err)
	}
	if left > 0 {
		fmt.Fprintf(a.err, "storydiff: %s lists %d more sources than are read\n", file, left)
	}
	return append(args, listed...), nil
}

// addSources adds sources one after the other and says of each what came of it.
// One that cannot be read does not keep the others from being added.
func (a *app) addSources(ctx context.Context, db *storage.DB, netw *network, sources []discover.Source, asJSON bool) error {
	log, err := a.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	if err := freeDead(ctx, db); err != nil {
		return err
	}
	client := netw.client(db, log)
	adder := &sourceAdder{app: a, db: db, asJSON: asJSON, finder: &discover.Finder{Fetch: client, Known: db.KnownAddresses}, poller: &discover.Poller{Store: db, Fetch: client, Log: log}}
	bar := newProgress(a.err, len(sources))
	defer bar.done()
	failures := 0
	for _, s := range sources {
		say, err := adder.add(ctx, s)
		if err != nil {
			err = fmt.Errorf("adding the source %s: %w", diffview.OneLine(s.URL), err)
		}
		_, unread := errors.AsType[*discover.Trouble](err)
		if err != nil && (!unread || len(sources) == 1 || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			failures++
			say = func() { fmt.Fprintf(a.err, "storydiff: %s\n", oneLine(err.Error())) }
		}
		bar.step(say)
	}
	if failures > 0 {
		return fmt.Errorf("%d of %d sources could not be added", failures, len(sources))
	}
	return adder.err
}

// A sourceAdder adds sources.
type sourceAdder struct {
	*app
	db     *storage.DB
	finder *discover.Finder
	poller *discover.Poller
	asJSON bool
	err    error // of writing rows
}

// add adds one source, and returns what is to be said of it.
func (a *sourceAdder) add(ctx context.Context, s discover.Source) (say func(), err error) {
	s.AddedAt = time.Now().UTC()
	_, err = a.db.SourceByURL(ctx, s.URL)
	if err == nil {
		return a.keep(ctx, s)
	}
	if !errors.Is(err, tracker.ErrNotFound) {
		return nil, err
	}
	found, err := a.finder.Find(ctx, s.URL)
	if err != nil {
		return nil, err
	}
	s.URL, s.Host, s.Kind, s.Title = found.URL, fetch.HostOf(found.URL), found.Reading.Kind, found.Reading.Title
	kept, added, err := a.db.AddSource(ctx, s)
	if err != nil {
		return nil, err
	}
	if !added {
		return a.told(&kept, func() {
			a.how(found.How)
			fmt.Fprintf(a.app.err, "already there: %s (source %d)\n", diffview.OneLine(kept.URL), kept.ID)
		}), nil
	}
	polled, err := a.poller.Taken(ctx, kept, found.Page, found.Reading)
	if err != nil {
		return nil, err
	}
	return a.told(&polled.Source, func() {
		a.how(found.How)
		fmt.Fprintln(a.app.err, addedText(polled))
	}), nil
}

// keep gives a source that is there already what else was asked for.
func (a *sourceAdder) keep(ctx context.Context, s discover.Source) (say func(), err error) {
	kept, _, err := a.db.AddSource(ctx, s)
	if err != nil {
		return nil, err
	}
	return a.told(&kept, func() {
		fmt.Fprintf(a.app.err, "already there: %s (source %d)\n", diffview.OneLine(kept.URL), kept.ID)
	}), nil
}

func (a *sourceAdder) how(found string) {
	if found != "" {
		fmt.Fprintln(a.app.err, diffview.OneLine(found))
	}
}

func (a *sourceAdder) told(s *discover.Source, text func()) func() {
	return func() {
		text()
		if a.asJSON {
			a.err = errors.Join(a.err, diffview.WriteRow(a.out, rowOf(s)))
		}
	}
}

// addedText says what came of a source's first poll.
func addedText(p *discover.Poll) string {
	s := &p.Source
	said := fmt.Sprintf("added the %s %s (source %d)", s.Kind, diffview.OneLine(s.URL), s.ID)
	if s.Title != "" {
		said += fmt.Sprintf(", %q", diffview.OneLine(s.Title))
	}
	if s.Failures > 0 {
		return said + ", which could not be read in whole: " + diffview.OneLine(s.Detail)
	}
	said += fmt.Sprintf(": %s taken up", diffview.Count(p.Taken, "article"))
	for _, left := range []struct {
		n   int
		why string
	}{
		{p.Tracked, "tracked already"}, {p.Old, "older than 30 days left out (--all takes them)"}, {p.Others, "left out by the patterns"},
		{s.Left, fmt.Sprintf("left for later by the limit of %d a day", s.PerDay())},
	} {
		if left.n > 0 {
			said += fmt.Sprintf(", %d %s", left.n, left.why)
		}
	}
	return said
}

func (a *app) sourceListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the sources, and how they are",
		Args:  takes(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				sources, err := db.Sources(cmd.Context())
				if err != nil {
					return err
				}
				return a.listSources(sources, asJSON)
			})
			return a.noDatabaseIsEmpty(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return cmd
}

func (a *app) sourceRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "remove URL…",
		Short: "Take up no more articles from a source",
		Long:  "Takes up no more articles from a source, which is named by its address, by that under which it was added, or by its number. The articles it gave stay tracked.",
		Args:  takes(1, many, "the address of a source, or its number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withDB(cmd.Context(), a.openExisting, func(db *storage.DB) error {
				return a.removeSources(cmd.Context(), db, args)
			})
		},
	}
}

func (a *app) removeSources(ctx context.Context, db *storage.DB, args []string) error {
	sources := make([]discover.Source, len(args))
	for i, arg := range args {
		found, err := sourceNamed(ctx, db, arg)
		if errors.Is(err, tracker.ErrNotFound) {
			err = fmt.Errorf("%s is no source: storydiff source list shows them", diffview.OneLine(arg))
		}
		if err != nil {
			return err
		}
		sources[i] = found
	}
	for _, s := range sources {
		if err := db.RemoveSource(ctx, s.ID); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "removed the source %s; the %s it gave stay\n", diffview.OneLine(s.URL), diffview.Count(s.Articles, "article"))
	}
	return nil
}

func sourceNamed(ctx context.Context, db *storage.DB, arg string) (discover.Source, error) {
	if id, err := strconv.ParseInt(arg, 10, 64); err == nil {
		return db.Source(ctx, id)
	}
	address, err := tracker.Clean(arg)
	if err != nil {
		return discover.Source{}, misuse(err)
	}
	return db.SourceByURL(ctx, address)
}
