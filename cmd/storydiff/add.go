package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// maxList bounds a list of addresses, in bytes.
const maxList = 64 << 20

func (a *app) addCommand() *cobra.Command {
	var (
		file, cron string
		every      duration
		tags       []string
		net        network
		read       reading
	)
	cmd := &cobra.Command{
		Use:   "add URL…",
		Short: "Track articles",
		Long: `Tracks articles. An address that is tracked already, also in another form, is said so and not doubled; it takes over
the tags and the times that are given, and --cron '' puts it back on the schedule.
With --file, addresses are read from a file, one a line; empty lines and lines that begin with # are passed over.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := read.load(); err != nil {
				return err
			}
			urls, err := a.addresses(args, file)
			if err != nil {
				return err
			}
			if len(urls) == 0 {
				return misusef("add: give the address of an article, or --file with a list of them")
			}
			if every > 0 && cron != "" {
				return misusef("add: --cron and --every exclude each other")
			}
			if every > 0 {
				cron = "@every " + every.String()
			}
			articles, err := newArticles(urls, tags, cron)
			if err != nil {
				return err
			}
			for i := range articles {
				articles[i].Unpin = cron == "" && (cmd.Flags().Changed("cron") || cmd.Flags().Changed("every"))
			}
			return a.withDB(cmd.Context(), a.open, func(db *storage.DB) error {
				return a.addAll(cmd.Context(), db, articles)
			})
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "read addresses from `file`, - for standard input")
	cmd.Flags().StringSliceVarP(&tags, "tag", "t", nil, "tag the articles; may be given more than once")
	cmd.Flags().StringVar(&cron, "cron", "", "look at them by this cron line instead of by the schedule")
	cmd.Flags().Var(&every, "every", "look at them every so often instead of by the schedule, as 30m or 2d")
	net.register(cmd.Flags())
	read.registerLooks(cmd.Flags())
	return cmd
}

// openList opens a file of addresses; - is standard input.
func (a *app) openList(file string) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(a.in), nil
	}
	return os.Open(file)
}

// addresses returns those given as arguments and those in the file.
func (a *app) addresses(args []string, file string) ([]string, error) {
	if file == "" {
		return args, nil
	}
	in, err := a.openList(file)
	if err != nil {
		return nil, fmt.Errorf("reading addresses: %w", err)
	}
	defer in.Close()
	lines := bufio.NewScanner(io.LimitReader(in, maxList))
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			args = append(args, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading addresses from %s: %w", file, err)
	}
	return args, nil
}

// newArticles returns all addresses as articles to track, or the misuse that
// one of them is.
func newArticles(urls, tags []string, cron string) ([]storage.NewArticle, error) {
	if cron != "" {
		if _, err := tracker.ParseCron(cron); err != nil {
			return nil, misuse(err)
		}
	}
	articles := make([]storage.NewArticle, len(urls))
	for i, u := range urls {
		article, err := newArticle(u, tags, cron)
		if err != nil {
			return nil, misuse(err)
		}
		articles[i] = article
	}
	return articles, nil
}

// addAll tracks articles and says of each what came of it.
func (a *app) addAll(ctx context.Context, db *storage.DB, articles []storage.NewArticle) error {
	bar := newProgress(a.err, len(articles))
	defer bar.done()
	for _, n := range articles {
		before, err := db.ArticleByIdentity(ctx, n.Identity)
		if err != nil && !errors.Is(err, tracker.ErrNotFound) {
			return fmt.Errorf("adding %s: %w", n.URL, err)
		}
		article, added, err := db.Add(ctx, n)
		if err != nil {
			return fmt.Errorf("adding %s: %w", n.URL, err)
		}
		said, updated := "added", ""
		if !added {
			said, updated = "already tracked", updates(&before, &article)
		}
		bar.step(func() {
			fmt.Fprintf(a.err, "%s %s (article %d)%s\n", said, diffview.OneLine(article.URL), article.ID, updated)
		})
	}
	return nil
}

// updates says what adding an article again has changed of it; empty: nothing.
func updates(before, after *tracker.Article) (said string) {
	switch {
	case before.Cron == after.Cron:
	case after.Cron == "":
		said = ", now looked at by the schedule"
	default:
		said = ", now looked at by its own times, " + after.Cron
	}
	if !slices.Equal(before.Tags, after.Tags) {
		said += ", now tagged " + strings.Join(after.Tags, ", ")
	}
	return said
}

func newArticle(address string, tags []string, cron string) (storage.NewArticle, error) {
	url, err := tracker.Clean(address)
	if err != nil {
		return storage.NewArticle{}, err
	}
	identity, err := tracker.Identity(url)
	if err != nil {
		return storage.NewArticle{}, err
	}
	host := fetch.HostOf(url)
	if host == "" {
		return storage.NewArticle{}, fmt.Errorf("%s is not an address that can be fetched: it has an impossible host or port", address)
	}
	return storage.NewArticle{URL: url, Identity: identity, Outlet: host, Host: host, Tags: tags, Cron: cron, At: time.Now()}, nil
}
