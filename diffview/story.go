package diffview

import (
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
)

// Printable returns text for a terminal: what could steer it, reverse a line or
// hide in a word is shown by name. Line breaks and tabs stay.
func Printable(text string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	for _, p := range reveal(text, joins(text)) {
		if p.Kind == gap {
			b.WriteString(strings.Repeat("\n", p.Lines))
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// OneLine is Printable on one line.
func OneLine(text string) string { return flat(text) }

// A StoryJSON is a whole version, as `show --json` prints it.
type StoryJSON struct {
	Article   int64  `json:"article"`
	URL       string `json:"url"`
	Canonical string `json:"canonical,omitempty"` // where it differs from URL
	VersionJSON
	Lang        string               `json:"lang,omitempty"`
	Extractor   int                  `json:"extractor"`
	Sources     map[string]string    `json:"sources,omitempty"`     // field → where it was read
	Corrections []extract.Correction `json:"corrections,omitempty"` // the notes among the blocks
	Blocks      []extract.Block      `json:"blocks"`                // with their links
	Text        string               `json:"text"`                  // what the hash is of
}

// StoryRow returns the whole of one version of a.
func StoryRow(a tracker.Article, v tracker.Version) StoryJSON {
	return StoryJSON{
		Article: a.ID, URL: a.URL, Canonical: canonical(a), VersionJSON: VersionRow(v),
		Lang: v.Story.Lang, Extractor: v.Extractor, Sources: v.Story.Sources, Corrections: v.Story.Corrections(), Blocks: orEmpty(v.Story.Blocks), Text: v.Story.Text(),
	}
}

// VersionHTML writes one version as a page that needs nothing else.
func VersionHTML(w io.Writer, a tracker.Article, v tracker.Version) error {
	dir := func(text string) string {
		return Direction([]worddiff.Span{{Op: worddiff.Equal, Text: text}}, v.Story.Lang)
	}
	p := versionPage{
		Dir: dir(v.Story.Headline), StandfirstDir: dir(v.Story.Standfirst), BylineDir: dir(v.Story.Byline),
		Title: flat(v.Story.Headline), N: v.N, URL: flat(a.URL), Lang: v.Story.Lang,
		Standfirst: flat(v.Story.Standfirst), Byline: flat(v.Story.Byline),
		Seen: v.CapturedAt.UTC(), When: whenText(v.CapturedAt), SHA256: hexOf(v.SHA256), CaptureSHA256: hexOf(v.CaptureSHA),
		Style: template.CSS(diffCSS + pageCSS),
	}
	if !a.GoneFrom.IsZero() {
		p.Gone, p.GoneWhen = a.GoneFrom.UTC(), whenText(a.GoneFrom)
	}
	for _, block := range v.Story.Blocks {
		p.Blocks = append(p.Blocks, storyBlock{Kind: block.Kind, Dir: dir(block.Text), Parts: reveal(block.Text, joins(block.Text))})
	}
	for _, link := range v.Story.Links() {
		p.Links = append(p.Links, flat(link.String()))
	}
	if err := pages().ExecuteTemplate(w, "version", p); err != nil {
		return fmt.Errorf("drawing %s: %w", p.Title, err)
	}
	return nil
}

// A versionPage is the data of the template "version".
type versionPage struct {
	Title, Standfirst, Byline string
	Dir                       string // which way Title runs: "ltr", "rtl" or "auto"
	StandfirstDir, BylineDir  string // likewise
	N                         int
	URL                       string // shown as text: where the original is
	Lang                      string
	Seen                      time.Time
	When                      string
	Gone                      time.Time // since when the article is gone; zero: it is there
	GoneWhen                  string
	SHA256, CaptureSHA256     string
	Style                     template.CSS
	Blocks                    []storyBlock
	Links                     []string // words and address of each, shown as text
}

type storyBlock struct {
	Kind  extract.BlockKind
	Dir   string // which way it runs: "ltr", "rtl" or "auto"
	Parts []part
}
