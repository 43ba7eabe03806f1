package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
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
	read    reading
	shared  *fetch.Client // of both operands; nil before one is fetched
	db      *storage.DB   // of both operands, and the ledger; nil before one asks for it
	format  string
	view    string
	context int
	raw     bool
	output  string
	lang    string // of the texts, once they are read
}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW | diff URL",
		Short: "Compare two files, addresses or stored versions word by word",
		Long: `Compares two texts word by word. OLD and NEW are each an HTML or text file, - for standard input, an http or
https address, or a stored version: URL@N, ID@N, URL@first, URL@latest. With one tracked URL, its last change is shown.
Two stored versions are compared as they were read, where that was alike; else, and with --rules on the command line, as
they are read today.
Exit code 0: they are the same but for typography; 1: they differ; 2: trouble.`,
		Args: takes(1, 2, "OLD and NEW, or the address of one tracked article"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if err := f.read.load(); err != nil {
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
	f.read.register(flags)
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
	// Two pages are compared before collecting garbage pays: it would take a
	// quarter of the time. Long texts (see spacious) are collected as usual.
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	d, err := a.compare(ctx, f, args)
	if err = errors.Join(err, f.close()); err != nil {
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
	o := diffview.Options{View: diffview.View(f.view), Context: f.context, Lang: f.lang}
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
		o.Width, o.Color = width(out), colour(out)
	}
	return diffview.Text(w, d, o)
}

// compare finds both operands and compares them.
func (a *app) compare(ctx context.Context, f *diffFlags, args []string) (*diffview.Diff, error) {
	if len(args) == 1 {
		var err error
		if args, err = a.lastChange(ctx, f, args[0]); err != nil {
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
	if err := f.readVersions(ctx, a.given["rules"], &before, &after); err != nil {
		return nil, err
	}
	readTexts(&before, &after)
	if err := clean(ctx, f, &before, &after); err != nil {
		return nil, err
	}
	// A text has no fields and no links: that a page has some is no change.
	if before.plain != after.plain {
		before.bodyOnly()
		after.bodyOnly()
	}
	if kept, paged := tracker.PagedOut(before.story, after.story); paged > 0 {
		before.story, before.side.Text = kept, kept.Body()
		fmt.Fprintf(a.err, "%s of the live blog that the new text shows no longer, now that newer ones came, left out\n", diffview.Count(paged, "older post"))
	}
	f.lang = cmp.Or(after.story.Lang, before.story.Lang)
	return &diffview.Diff{Old: before.side, New: after.side, Revision: revision.Compare(before.story, after.story)}, nil
}

// bodyOnly takes the fields and links off a story.
func (o *operand) bodyOnly() {
	text := &extract.Story{Lang: o.story.Lang, Blocks: slices.Clone(o.story.Blocks)}
	for i := range text.Blocks {
		text.Blocks[i].Links = nil
	}
	o.story, o.side.Words = text, revision.Words(text)
}

// lastChange returns the two newest versions of an article as operands.
func (a *app) lastChange(ctx context.Context, f *diffFlags, arg string) ([]string, error) {
	db, err := f.database(ctx, a)
	if err != nil {
		return nil, err
	}
	found, err := article(ctx, db, arg)
	if err != nil && !strings.Contains(arg, "://") {
		return nil, fmt.Errorf("%s is neither a second file to compare with nor the address of a tracked article", arg)
	}
	if err != nil {
		return nil, err
	}
	if found.Versions < 2 {
		return nil, fmt.Errorf("%s has %s: there is no change to show", found.URL, diffview.Count(found.Versions, "version"))
	}
	return []string{fmt.Sprintf("%d@%d", found.ID, found.Versions-1), fmt.Sprintf("%d@%d", found.ID, found.Versions)}, nil
}
