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

It reads the one page. What takes an article's history only a check knows: that a text is the part of an earlier one
that a paywall shows, that an address leads to the front page, and which lines were learned to be furniture, which
storydiff furniture shows.`,
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
	in, said, err := a.explainInput(ctx, f, arg)
	if err != nil {
		return err
	}
	in.Rules = f.read.rules
	if len(in.Body) > extract.MaxBytes {
		said = strings.TrimPrefix(fmt.Sprintf("%s; the page is longer than %d MiB, and what comes after them is not read", said, extract.MaxBytes>>20), "; ")
	}
	page := diffview.Explained{Source: arg, Said: said}
	if page.Explanation, err = extract.Explain(in); err != nil {
		refusal, ok := errors.AsType[*extract.Refusal](err)
		if !ok {
			return err
		}
		page.Explanation = &extract.Explanation{Refusal: refusal}
	}
	if f.asJSON {
		return diffview.ExplainJSON(a.out, page)
	}
	return diffview.Explain(a.out, page, diffview.Options{Width: width(a.out), Color: colour(a.out)})
}

// explainInput finds the page, and what is to be said of how it came.
func (a *app) explainInput(ctx context.Context, f *explainFlags, arg string) (in extract.Input, said string, err error) {
	if arg == "-" {
		in, err = pageFrom(a.in, arg, f.address)
		return in, "", err
	}
	file, err := os.Open(arg)
	if err == nil {
		defer file.Close()
		in, err = pageFrom(file, arg, f.address)
		return in, "", err
	}
	switch {
	case versionRef.MatchString(arg):
		in, err = a.storedPage(ctx, f, arg)
		return in, "", err
	case strings.Contains(arg, "://"):
		return a.fetchedPage(ctx, f, arg)
	}
	return in, "", noOperand(arg, err)
}

// pageFrom reads a page from a file.
func pageFrom(r io.Reader, name, address string) (extract.Input, error) {
	body, err := readBounded(r, name)
	if err != nil {
		return extract.Input{}, err
	}
	switch page := extract.IsHTML(body, "", name); {
	case !page && binary(body):
		return extract.Input{}, isBinary(name)
	case !page && len(body) > 0:
		return extract.Input{}, fmt.Errorf("%s is no page but a text: all of it counts, and there is nothing to explain", name)
	}
	return extract.Input{Body: body, URL: address}, nil
}

func (a *app) storedPage(ctx context.Context, f *explainFlags, ref string) (extract.Input, error) {
	db, err := f.database(ctx, a)
	if err != nil {
		return extract.Input{}, err
	}
	_, v, err := storedVersion(ctx, db, ref)
	if err != nil {
		return extract.Input{}, err
	}
	c, err := db.Capture(ctx, v.CaptureID)
	if err != nil {
		return extract.Input{}, fmt.Errorf("reading the capture of %s: %w", ref, err)
	}
	return c.Input(), nil
}

func (a *app) fetchedPage(ctx context.Context, f *explainFlags, address string) (extract.Input, string, error) {
	page, err := f.get(ctx, a, address)
	if err != nil {
		return extract.Input{}, "", err
	}
	var said []string
	if len(page.Hops) > 0 {
		said = append(said, "it leads to "+page.Final)
	}
	if page.Status != http.StatusOK {
		said = append(said, strings.TrimSpace(fmt.Sprintf("the server answered %d %s, so a check takes it for no article whatever it says", page.Status, http.StatusText(page.Status))))
	}
	return (&tracker.Capture{Page: *page}).Input(), strings.Join(said, "; "), nil
}
