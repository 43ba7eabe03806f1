package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// differ is the exit code of diff for two texts that differ; any trouble is
// exitMisuse, as with diff(1).
const differ = 1

// maxFile bounds a file that is compared, in bytes.
const maxFile = 64 << 20

// diffFlags are the flags of diff, and what its operands share.
type diffFlags struct {
	network
	shared  *fetch.Client // of both operands; nil before one is fetched
	db      *storage.DB   // whose ledger it shares; nil: there is none
	format  string
	view    string
	context int
	raw     bool
	output  string
}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW | diff URL",
		Short: "Compare two files, addresses or stored versions word by word",
		Long: `Compares two texts word by word. OLD and NEW are each an HTML or text file, - for standard input, an http or
https address, or a stored version: URL@N, ID@N, URL@first, URL@latest. With one tracked URL, its last change is shown.
Exit code 0: they are the same but for typography; 1: they differ; 2: trouble.`,
		Args: takes(1, 2, "OLD and NEW, or the address of one tracked article"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.diff(cmd.Context(), &f, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "text, html, json, markdown or unified")
	flags.StringVar(&f.view, "view", string(diffview.InlineView), "inline or side-by-side")
	flags.IntVar(&f.context, "context", diffview.DefaultContext, "unchanged paragraphs (of a unified diff, lines) to show around changes; -1 for all")
	flags.BoolVar(&f.raw, "raw", false, "compare the whole text of pages, not the articles in them")
	flags.StringVarP(&f.output, "output", "o", "", "write to `file` instead of standard output")
	f.register(flags)
	return cmd
}

func (f *diffFlags) check() error {
	switch f.format {
	case "text", "html", "json", "markdown", "unified":
	default:
		return misusef("--format %q: want text, html, json, markdown or unified", f.format)
	}
	if f.context < -1 {
		return misusef("--context %d: want a number of paragraphs, or -1 for all", f.context)
	}
	switch diffview.View(f.view) {
	case diffview.InlineView, diffview.SideBySideView:
		return nil
	}
	return misusef("--view %q: want inline or side-by-side", f.view)
}

// diff compares and draws; its error is a silent differ where the texts differ.
func (a *app) diff(ctx context.Context, f *diffFlags, args []string) error {
	defer f.close()
	d, err := a.compare(ctx, f, args)
	if err != nil {
		return err
	}
	var drawn bytes.Buffer
	if err := f.draw(&drawn, d, a.out); err != nil {
		return err
	}
	if f.output != "" {
		err = os.WriteFile(f.output, drawn.Bytes(), 0o644)
	} else {
		_, err = a.out.Write(drawn.Bytes())
	}
	if err != nil {
		return fmt.Errorf("writing the diff: %w", err)
	}
	if !d.Revision.Same() {
		return &coded{code: differ}
	}
	return nil
}

// draw writes d in the chosen format; a terminal gets colour and its own width.
func (f *diffFlags) draw(w io.Writer, d *diffview.Diff, out io.Writer) error {
	o := diffview.Options{View: diffview.View(f.view), Context: f.context}
	switch f.format {
	case "html":
		return diffview.HTML(w, d, o)
	case "json":
		return diffview.JSON(w, d)
	case "markdown":
		return diffview.Markdown(w, d, o)
	case "unified":
		return diffview.Unified(w, d, o)
	}
	if f.output == "" {
		o.Width, o.Color = terminal(out), colour(out)
	}
	return diffview.Text(w, d, o)
}

// An operand is one side of a diff.
type operand struct {
	side  diffview.Side
	story *extract.Story
	plain bool // a text without fields
}

// compare finds both operands and compares them.
func (a *app) compare(ctx context.Context, f *diffFlags, args []string) (*diffview.Diff, error) {
	if len(args) == 1 {
		var err error
		if args, err = a.lastChange(ctx, args[0]); err != nil {
			return nil, err
		}
	}
	if args[0] == "-" && args[1] == "-" {
		return nil, misusef("diff: standard input can be one side only")
	}
	before, err := a.operand(ctx, f, args[0])
	if err != nil {
		return nil, err
	}
	after, err := a.operand(ctx, f, args[1])
	if err != nil {
		return nil, err
	}
	// A text has no fields and no links: that a page has some is no change.
	if before.plain != after.plain {
		before.story, after.story = bodyOnly(before.story), bodyOnly(after.story)
	}
	return &diffview.Diff{Old: before.side, New: after.side, Revision: revision.Compare(before.story, after.story)}, nil
}

// bodyOnly returns the text of a story without its fields and links.
func bodyOnly(s *extract.Story) *extract.Story {
	text := &extract.Story{Lang: s.Lang, Blocks: slices.Clone(s.Blocks)}
	for i := range text.Blocks {
		text.Blocks[i].Links = nil
	}
	return text
}

// lastChange returns the two newest versions of an article as operands.
func (a *app) lastChange(ctx context.Context, arg string) ([]string, error) {
	var refs []string
	err := a.withDB(ctx, a.openExisting, func(db *storage.DB) error {
		found, err := article(ctx, db, arg)
		if err != nil && !strings.Contains(arg, "://") {
			return fmt.Errorf("%s is neither a second file to compare with nor the address of a tracked article", arg)
		}
		if err != nil {
			return err
		}
		if found.Versions < 2 {
			return fmt.Errorf("%s has %d %s: there is no change to show", found.URL, found.Versions, plural(found.Versions, "version"))
		}
		id := strconv.FormatInt(found.ID, 10)
		refs = []string{fmt.Sprintf("%s@%d", id, found.Versions-1), fmt.Sprintf("%s@%d", id, found.Versions)}
		return nil
	})
	return refs, err
}

// operand reads one side: standard input, a file, a stored version or an address.
func (a *app) operand(ctx context.Context, f *diffFlags, arg string) (operand, error) {
	if arg == "-" {
		return readOperand(a.in, "-", f.raw)
	}
	file, err := os.Open(arg)
	if err == nil {
		defer file.Close()
		return readOperand(file, arg, f.raw)
	}
	if versionRef.MatchString(arg) {
		return a.storedOperand(ctx, arg, f.raw)
	}
	if strings.Contains(arg, "://") {
		return a.fetchedOperand(ctx, f, arg)
	}
	return operand{}, fmt.Errorf("reading %s: %w", arg, pathless(err))
}

// pathless takes the path off an error whose sentence names it already.
func pathless(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	return err
}

func readOperand(r io.Reader, name string, raw bool) (operand, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return operand{}, fmt.Errorf("reading %s: %w", name, pathless(err))
	}
	if len(body) > maxFile {
		return operand{}, fmt.Errorf("reading %s: it is larger than %d MiB", name, maxFile>>20)
	}
	if !extract.IsHTML(body, "", name) {
		story := extract.Plain(extract.Decode(body, ""))
		o := newOperand(name, story)
		o.plain = true
		return o, nil
	}
	return pageOperand(extract.Input{Body: body}, name, raw)
}

// pageOperand reads the article in a page or, raw, all of its text.
func pageOperand(in extract.Input, name string, raw bool) (operand, error) {
	if raw {
		story, err := extract.Visible(in)
		if err != nil {
			return operand{}, fmt.Errorf("%s: %w", name, err)
		}
		o := newOperand(name, story)
		o.plain = true
		return o, nil
	}
	story, err := extract.Read(in)
	if err != nil {
		return operand{}, fmt.Errorf("%s: %w (--raw compares the whole page text)", name, err)
	}
	return newOperand(name, story), nil
}

func newOperand(source string, story *extract.Story) operand {
	return operand{
		story: story,
		side:  diffview.Side{Source: source, Headline: story.Headline, SHA256: story.SHA256(), Text: story.Body(), Words: revision.Words(story)},
	}
}

// fetcher returns the client of both operands. What hosts are owed stands in the
// database, where there is one; none is needed, and one that cannot be read is no
// obstacle.
func (f *diffFlags) fetcher(ctx context.Context, a *app) (*fetch.Client, error) {
	if f.shared != nil {
		return f.shared, nil
	}
	log, err := a.logger(slog.LevelWarn)
	if err != nil {
		return nil, err
	}
	var ledger fetch.Ledger
	if db, err := a.openExisting(ctx); err == nil {
		f.db, ledger = db, db
	}
	f.shared = f.client(ledger, log)
	return f.shared, nil
}

func (f *diffFlags) close() {
	if f.db != nil {
		f.db.Close()
	}
}

func (a *app) fetchedOperand(ctx context.Context, f *diffFlags, address string) (operand, error) {
	bar := newProgress(a.err, 1)
	defer bar.done()
	client, err := f.fetcher(ctx, a)
	if err != nil {
		return operand{}, err
	}
	page, err := client.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return operand{}, err
	}
	if page.Status != http.StatusOK {
		return operand{}, fmt.Errorf("%s answered %d %s", address, page.Status, http.StatusText(page.Status))
	}
	in := extract.Input{Body: page.Body, ContentType: page.Header.Get("Content-Type"), URL: page.Final, Header: page.Header}
	return pageOperand(in, address, f.raw)
}

func (a *app) storedOperand(ctx context.Context, ref string, raw bool) (operand, error) {
	var o operand
	err := a.withDB(ctx, a.openExisting, func(db *storage.DB) error {
		found, v, err := storedVersion(ctx, db, ref)
		if err != nil {
			return err
		}
		if o, err = a.versionOperand(ctx, db, v, ref, raw); err != nil {
			return err
		}
		o.side.Source = found.URL
		o.side.Article, o.side.Version, o.side.CapturedAt = found.ID, v.N, v.CapturedAt
		return nil
	})
	return o, err
}

func (a *app) versionOperand(ctx context.Context, db *storage.DB, v tracker.Version, ref string, raw bool) (operand, error) {
	if !raw {
		return newOperand(ref, &v.Story), nil
	}
	c, err := db.Capture(ctx, v.CaptureID)
	if err != nil {
		return operand{}, err
	}
	return pageOperand(extract.Input{Body: c.Body, ContentType: c.ContentType(), URL: c.Final}, ref, true)
}
