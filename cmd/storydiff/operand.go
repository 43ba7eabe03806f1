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
	"runtime/debug"
	"strconv"
	"strings"

	"storydiff/diffview"
	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
)

// An operand is one side of a diff.
type operand struct {
	side  diffview.Side
	story *extract.Story
	plain bool   // a text without fields
	file  string // all of a text file, whose story readTexts makes; empty: it is none

	article *tracker.Article // of a stored version, unless raw; nil: it is none
	version *tracker.Version // likewise
}

// operand reads one side: standard input, a file, a stored version or an address.
func (a *app) operand(ctx context.Context, f *diffFlags, arg string) (operand, error) {
	if arg == "-" {
		return readOperand(a.in, "-", f)
	}
	file, err := os.Open(arg)
	if err == nil {
		defer file.Close()
		return readOperand(file, arg, f)
	}
	if versionRef.MatchString(arg) {
		return a.storedOperand(ctx, f, arg)
	}
	if strings.Contains(arg, "://") {
		return a.fetchedOperand(ctx, f, arg)
	}
	return operand{}, noOperand(arg, err)
}

// noOperand says of an argument that names nothing what could be meant.
func noOperand(arg string, err error) error {
	if arg == "" {
		return misusef("an empty argument names no page: give an address, a file, - or a stored version such as URL@latest")
	}
	if _, e := strconv.ParseUint(arg, 10, 63); e == nil {
		return fmt.Errorf("reading %s: %w: of a tracked article write %s@latest", arg, pathless(err), arg)
	}
	return fmt.Errorf("reading %s: %w", arg, pathless(err))
}

// pathless takes the path off an error whose sentence names it already.
func pathless(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	return err
}

func readOperand(r io.Reader, name string, f *diffFlags) (operand, error) {
	body, err := readBounded(r, name)
	if err != nil {
		return operand{}, err
	}
	if !extract.IsHTML(body, "", name) {
		spacious(body)
		if binary(body) {
			return operand{}, isBinary(name)
		}
		return operand{side: diffview.Side{Source: name}, plain: true, file: string(body)}, nil
	}
	return pageOperand(extract.Input{Body: body, Rules: f.read.rules}, name, f.raw)
}

// readBounded reads all of a file that is not too large to be compared.
func readBounded(r io.Reader, name string) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, pathless(err))
	}
	if len(body) > maxFile {
		return nil, fmt.Errorf("reading %s: it is larger than %d MiB", name, maxFile>>20)
	}
	return body, nil
}

func isBinary(name string) error {
	return fmt.Errorf("reading %s: it is binary, neither a text nor a page", name)
}

// spacious goes back to collecting garbage as usual where a body is so long that
// memory counts.
func spacious(body []byte) {
	if len(body) > 1<<20 {
		debug.SetGCPercent(100)
	}
}

// readTexts reads those of two operands that are text files. The text of a side
// is the file to the byte, whatever its charset: a patch is made for the file.
func readTexts(operands ...*operand) {
	var files []string
	for _, o := range operands {
		files = append(files, o.file)
	}
	for i, text := range extract.PlainTexts(files...) {
		if o := operands[i]; o.story == nil {
			*o = newOperand(o.side.Source, extract.Plain(text))
			o.plain, o.side.Text = true, files[i]
		}
	}
}

// binary reports whether bytes are no text, by which diff(1) and git tell: a zero
// among the first. UTF-16 is full of them, and says by its mark that it is text.
func binary(body []byte) bool {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return false
	}
	return bytes.IndexByte(body[:min(len(body), 8000)], 0) >= 0
}

// pageOperand reads the article in a page or, raw, all of its text.
func pageOperand(in extract.Input, name string, raw bool) (operand, error) {
	spacious(in.Body)
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
	if db, err := f.database(ctx, a); err == nil {
		ledger = db
	}
	f.shared = f.client(ledger, log)
	return f.shared, nil
}

// database opens the database on first use, for both operands.
func (f *diffFlags) database(ctx context.Context, a *app) (*storage.DB, error) {
	if f.db != nil {
		return f.db, nil
	}
	db, err := a.openExisting(ctx)
	f.db = db
	return db, err
}

func (f *diffFlags) close() error {
	if f.db == nil {
		return nil
	}
	return f.db.Close()
}

func (a *app) fetchedOperand(ctx context.Context, f *diffFlags, address string) (operand, error) {
	page, err := f.get(ctx, a, address)
	if err != nil {
		return operand{}, err
	}
	if page.Status != http.StatusOK {
		return operand{}, fmt.Errorf("%s answered %d %s", address, page.Status, http.StatusText(page.Status))
	}
	in := (&tracker.Capture{Page: *page}).Input()
	in.Rules = f.read.rules
	return pageOperand(in, address, f.raw)
}

// get fetches the page at an address, with a progress bar.
func (f *diffFlags) get(ctx context.Context, a *app, address string) (*fetch.Page, error) {
	bar := newProgress(a.err, 1)
	defer bar.done()
	client, err := f.fetcher(ctx, a)
	if err != nil {
		return nil, err
	}
	return client.Get(ctx, fetch.Request{URL: address})
}

func (a *app) storedOperand(ctx context.Context, f *diffFlags, ref string) (operand, error) {
	db, err := f.database(ctx, a)
	if err != nil {
		return operand{}, err
	}
	found, v, err := storedVersion(ctx, db, ref)
	if err != nil {
		return operand{}, err
	}
	o := operand{article: &found, version: &v}
	if f.raw {
		if o, err = rawVersion(ctx, db, &v, ref); err != nil {
			return operand{}, err
		}
	}
	o.side.Source = fmt.Sprintf("%s@%d", found.URL, v.N)
	o.side.Article, o.side.Version, o.side.CapturedAt = found.ID, v.N, v.CapturedAt
	return o, nil
}

// rawVersion returns all the text of the page of a stored version.
func rawVersion(ctx context.Context, db *storage.DB, v *tracker.Version, ref string) (operand, error) {
	c, err := db.Capture(ctx, v.CaptureID)
	if err != nil {
		return operand{}, err
	}
	return pageOperand(c.Input(), ref, true)
}

// readVersions reads those of two operands that are stored versions: both as they
// were when they were stored, or read anew since, if that was alike, as the report
// and history have them; else, and where rules were given for this comparison, as
// they are read today.
func (f *diffFlags) readVersions(ctx context.Context, anew bool, before, after *operand) error {
	if before.version == nil || after.version == nil || !before.version.ReadLike(*after.version) {
		anew = true
	}
	for _, o := range []*operand{before, after} {
		if o.version == nil {
			continue
		}
		v := *o.version
		if anew {
			var err error
			if v, err = (tracker.Reader{Source: f.db, Rules: f.read.rules}).Current(ctx, o.article.URL, v); err != nil {
				return err
			}
		}
		o.version = &v
		side := o.side
		read := newOperand(side.Source, &v.Story)
		o.story, o.side = read.story, read.side
		o.side.Article, o.side.Version, o.side.CapturedAt = side.Article, side.Version, side.CapturedAt
		o.compareAs(v.Steady())
	}
	return nil
}

// compareAs makes a story that which is compared. What the side says of the text,
// its hash and its number of words, stays that of the version: history and show
// give the same.
func (o *operand) compareAs(story *extract.Story) { o.story, o.side.Text = story, story.Body() }

// clean leaves what is known to be furniture out of two versions of one article.
func clean(ctx context.Context, f *diffFlags, before, after *operand) error {
	if before.version == nil || after.version == nil || before.article.ID != after.article.ID {
		return nil
	}
	x, y, err := tracker.Sides(ctx, f.db, after.article, before.version, after.version)
	if err != nil {
		return err
	}
	before.compareAs(x)
	after.compareAs(y)
	return nil
}
