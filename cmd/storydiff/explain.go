package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// explainFlags are the flags of explain. What it needs to reach a page is what
// an operand of diff needs.
type explainFlags struct {
	diffFlags
	address string
	asJSON  bool
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain URL|FILE|-|ID@N",
		Short: "Show what is read of a page as what, and why",
		Long: `Shows what is read of a page as what, and why: whether it is an article, the fields with where they stand and what
else the page has for them, and every line of the page in its order: part of the article or furniture, by which sign, or
by which site rule. What to run when a change was missed, or one is shown that is none.

The page is a file, - for standard input, an address, which is fetched, or the captured page of a stored version:
URL@N, ID@N, URL@first, URL@latest, read as this version of the program reads it.

Where there is a database, lines that checks leave out because they were learned to be furniture are called so: those
of an article that is tracked by what its looks taught, and of any page by what the articles of its outlet did. What
else takes an article's history only a check knows: that a text is the part of an earlier one that a paywall shows, or
that an address leads to the front page.`,
		Args: takes(1, 1, "one page: an address, a file, - or a stored version such as URL@latest"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.read.load(); err != nil {
				return err
			}
			err := a.explain(cmd.Context(), &f, args[0])
			return errors.Join(err, f.close())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.asJSON, "json", false, "print a JSON object a line: the page, its fields, its rules, its blocks")
	flags.StringVar(&f.address, "url", "", "the `address` of a page that is read from a file, by which rules are chosen")
	f.register(flags)
	f.read.register(flags)
	return cmd
}

func (a *app) explain(ctx context.Context, f *explainFlags, arg string) error {
	of, err := a.explainInput(ctx, f, arg)
	if err != nil {
		return err
	}
	of.in.Rules = f.read.rules
	if len(of.in.Body) > extract.MaxBytes {
		of.say(fmt.Sprintf("the page is longer than %d MiB, and what comes after them is not read", extract.MaxBytes>>20))
	}
	page := diffview.Explained{Source: arg}
	if page.Explanation, err = extract.Explain(of.in); err != nil {
		refusal, ok := errors.AsType[*extract.Refusal](err)
		if !ok {
			return err
		}
		page.Explanation = &extract.Explanation{Refusal: refusal}
	}
	if err := a.explainLearned(ctx, f, &of, page.Explanation); err != nil {
		return err
	}
	if of.led != "" {
		of.said = append([]string{"it leads to " + of.led}, of.said...)
	}
	page.Said = strings.Join(of.said, "; ")
	if f.asJSON {
		return diffview.ExplainJSON(a.out, page)
	}
	return diffview.Explain(a.out, page, diffview.Options{Width: width(a.out), Color: colour(a.out)})
}

// A subject is a page to be explained.
type subject struct {
	in      extract.Input
	said    []string         // what is to be said of how it came
	address string           // that was asked for; empty: it is a file's or a stored version's
	led     string           // where that leads; empty: nowhere else
	article *tracker.Article // of a stored version; nil: it is none
	version tracker.Version  // likewise
}

func (s *subject) say(text string) { s.said = append(s.said, text) }

// explainInput finds the page, and what is to be said of how it came.
func (a *app) explainInput(ctx context.Context, f *explainFlags, arg string) (subject, error) {
	if arg == "-" {
		return pageFrom(a.in, arg, f.address)
	}
	file, err := os.Open(arg)
	if err == nil {
		defer file.Close()
		return pageFrom(file, arg, f.address)
	}
	switch {
	case versionRef.MatchString(arg):
		return a.storedPage(ctx, f, arg)
	case strings.Contains(arg, "://"):
		return a.fetchedPage(ctx, f, arg)
	}
	return subject{}, noOperand(arg, err)
}

// pageFrom reads a page from a file.
func pageFrom(r io.Reader, name, address string) (subject, error) {
	body, err := readBounded(r, name)
	if err != nil {
		return subject{}, err
	}
	switch page := extract.IsHTML(body, "", name); {
	case !page && binary(body):
		return subject{}, isBinary(name)
	case !page && len(body) > 0:
		return subject{}, fmt.Errorf("%s is no page but a text: all of it counts, and there is nothing to explain", name)
	}
	return subject{in: extract.Input{Body: body, URL: address}}, nil
}

func (a *app) storedPage(ctx context.Context, f *explainFlags, ref string) (subject, error) {
	db, err := f.database(ctx, a)
	if err != nil {
		return subject{}, err
	}
	found, v, err := storedVersion(ctx, db, ref)
	if err != nil {
		return subject{}, err
	}
	c, err := db.Capture(ctx, v.CaptureID)
	if err != nil {
		return subject{}, fmt.Errorf("reading the capture of %s: %w", ref, err)
	}
	return subject{in: c.Input(), article: &found, version: v}, nil
}

func (a *app) fetchedPage(ctx context.Context, f *explainFlags, address string) (subject, error) {
	page, err := f.get(ctx, a, address)
	if err != nil {
		return subject{}, err
	}
	of := subject{in: (&tracker.Capture{Page: *page}).Input(), address: address}
	if len(page.Hops) > 0 {
		of.led = page.Final
	}
	if page.Status != http.StatusOK {
		of.say(strings.TrimSpace(fmt.Sprintf("the server answered %d %s, so a check takes it for no article whatever it says", page.Status, http.StatusText(page.Status))))
	}
	return of, nil
}
