package report

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// A versionPage is the data of templates/version.html.
type versionPage struct {
	Article    string // address of the article's page
	Blame      string // where each sentence is marked by its version; empty where that is another text's
	Source     string // where the source of the page is shown; empty: it is not kept
	Archived   []link // where others may keep copies of about that time
	N, Of      int
	Outlet     outletLink
	Original   string // address of the original; empty where it must not be linked
	Address    string
	Seen       *moment
	Headline   worded
	Standfirst worded
	Byline     worded
	Withheld   string  // why the text is not shown; empty: it is
	Gone       *moment // since when the article is gone; nil: it is there
	Newest     bool    // the text is what stood there last
	Since      *link   // the newest version, where this is another
	Published  *moment
	Modified   *moment
	Lang       string
	Text       []passage
	Links      []string // words and address of each, shown as text
	Words      string
	RevertsTo  *link
	Earlier    *link
	Later      *link
	Changed    *link // what changed with this version
	Facts      []fact
	Capture    []fact // nil: it is not kept
}

// A worded is a text and which way it runs: "ltr", "rtl" or "auto".
type worded struct{ Text, Dir string }

// A passage is a block of the text, or several that stand together; one of its
// fields is set.
type passage struct {
	Paragraph *worded
	Heading   *worded
	Quote     *worded
	Caption   *worded
	Note      *worded
	List      []worded
	Table     [][]worded
}

// versionPage shows the text of a version as it stood.
func (s *site) versionPage(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	n, err := versionNumber(r.PathValue("n"))
	if err != nil {
		return err
	}
	a, err := s.src.Article(r.Context(), id)
	if err != nil {
		return fmt.Errorf("reading article %d: %w", id, err)
	}
	v, err := s.src.Version(r.Context(), id, n)
	if err != nil {
		return fmt.Errorf("reading version %d of article %d: %w", n, id, err)
	}
	p := newVersionPage(a, v)
	c, err := s.src.Capture(r.Context(), v.CaptureID)
	if err == nil {
		p.Capture, p.Source = captureFacts(&c), versionPath(id, n)+"/source"
	} else if !errors.Is(err, tracker.ErrNotFound) {
		return fmt.Errorf("reading capture of version %d of article %d: %w", n, id, err)
	}
	if p.Withheld = s.withheld(r, &v); p.Withheld != "" {
		p.Standfirst, p.Text, p.Links, p.Source, p.Blame = worded{}, nil, nil, "", ""
	}
	before, err := s.src.Readings(r.Context(), id, n)
	if err != nil {
		return fmt.Errorf("reading how version %d of article %d was read before: %w", n, id, err)
	}
	p.Facts = append(p.Facts, readingFacts(before)...)
	if err := s.mementoHeaders(w, r, a, n); err != nil {
		return err
	}
	title := fmt.Sprintf("%s (version %d)", p.Headline.Text, n)
	return s.render(w, r, http.StatusOK, "version", page{Title: title, Nav: "articles", NoIndex: true, Main: p})
}

func newVersionPage(a tracker.Article, v tracker.Version) versionPage {
	lang := langTag(v.Story.Lang)
	as := func(text string) worded { return worded{text, direction(text, lang)} }
	p := versionPage{
		Article:    articlePath(a.ID),
		N:          v.N,
		Of:         max(a.Versions, v.N),
		Outlet:     outletLink{brief(a.Outlet), changesOfOutlet(a.Outlet)},
		Original:   outward(a.URL),
		Address:    brief(a.URL),
		Archived:   archivedCopies(a.URL, v.CapturedAt),
		Seen:       newMoment(v.CapturedAt),
		Headline:   as(shown(v.Story.Headline)),
		Standfirst: as(shown(v.Story.Standfirst)),
		Byline:     as(shown(v.Story.Byline)),
		Gone:       newMoment(a.GoneFrom),
		Newest:     v.N >= a.Versions,
		Published:  newMoment(v.Story.Published),
		Modified:   newMoment(v.Story.Modified),
		Lang:       lang,
		Text:       passages(v.Story.Blocks, lang),
		Links:      linksOf(v.Story.Links()),
		Words:      diffview.Count(v.Words, "word"),
		Facts: []fact{
			{Label: "SHA-256 of the text", Text: hex.EncodeToString(v.SHA256[:]), Hash: true},
			{Label: "Read by extractor", Text: diffview.Number(v.Extractor)},
		},
	}
	if reserved := v.Story.Sources["reserved"]; reserved != "" {
		p.Facts = append(p.Facts, fact{Label: "Its publisher asks of copies", Text: brief(reserved)})
	}
	if p.Headline.Text == "" {
		p.Headline = as(titleOf(a))
	}
	if v.RevertsTo > 0 {
		p.RevertsTo = &link{Href: versionPath(a.ID, v.RevertsTo), Text: fmt.Sprintf("version %d", v.RevertsTo)}
	}
	if v.N > 1 && p.Newest {
		p.Blame = articlePath(a.ID) + "/blame"
	}
	if v.N > 1 {
		p.Earlier = &link{Href: versionPath(a.ID, v.N-1), Text: fmt.Sprintf("Version %d", v.N-1)}
		p.Changed = &link{Href: changePath(a.ID, v.N-1, v.N), Text: fmt.Sprintf("What changed from version %d", v.N-1)}
	}
	if v.N < a.Versions {
		p.Since = &link{Href: versionPath(a.ID, a.Versions), Text: fmt.Sprintf("version %d", a.Versions)}
		p.Later = &link{Href: versionPath(a.ID, v.N+1), Text: fmt.Sprintf("Version %d", v.N+1)}
	}
	return p
}

// readingFacts tells how a version was read before: its text had another hash,
// which somebody may have quoted.
func readingFacts(before []tracker.Reading) []fact {
	var list []fact
	for _, r := range before {
		list = append(list, fact{
			Label: fmt.Sprintf("SHA-256 as extractor %d read it", r.Extractor),
			Text:  hex.EncodeToString(r.SHA256[:]) + ", until " + r.Until.UTC().Format("2 January 2006"),
			Hash:  true,
		})
	}
	return list
}

func captureFacts(c *tracker.Capture) []fact {
	list := []fact{
		{Label: "Captured", At: momentAs(c.Ended, secondForm+" MST, "+dayForm)},
		{Label: "Answered by", Text: shown(cutEnd(c.Final, 2000))},
		{Label: "Status", Text: strings.TrimSpace(fmt.Sprintf("%d %s", c.Status, brief(c.Proto)))},
		{Label: "Content type", Text: brief(c.ContentType())},
		{Label: "Length", Text: fmt.Sprintf("%s bytes as sent, %s decoded", diffview.Number(len(c.Wire)), diffview.Number(len(c.Body)))},
		{Label: "SHA-256 as sent", Text: hex.EncodeToString(c.SHA256[:]), Hash: true},
		{Label: "SHA-256 decoded", Text: hex.EncodeToString(c.BodySHA256[:]), Hash: true},
	}
	return slices.DeleteFunc(list, func(f fact) bool { return f.Text == "" && f.At == nil })
}

// linksOf returns the words and the address of each link, as text.
func linksOf(links []extract.Link) []string {
	var out []string
	for _, link := range links {
		out = append(out, shown(link.String()))
	}
	return out
}

// passages groups what belongs together: the items of a list, the rows of a
// table.
func passages(blocks []extract.Block, lang string) []passage {
	var out []passage
	for i, block := range blocks {
		text := worded{shown(block.Text), direction(block.Text, lang)}
		joins := i > 0 && blocks[i-1].Kind == block.Kind
		switch block.Kind {
		case extract.Heading:
			out = append(out, passage{Heading: &text})
		case extract.Quote:
			out = append(out, passage{Quote: &text})
		case extract.Caption:
			out = append(out, passage{Caption: &text})
		case extract.Note:
			out = append(out, passage{Note: &text})
		case extract.List:
			if !joins {
				out = append(out, passage{})
			}
			last := &out[len(out)-1]
			last.List = append(last.List, text)
		case extract.Table:
			if !joins {
				out = append(out, passage{})
			}
			last := &out[len(out)-1]
			var row []worded
			for cell := range strings.SplitSeq(text.Text, "\t") {
				row = append(row, worded{cell, direction(cell, lang)})
			}
			last.Table = append(last.Table, row)
		default:
			out = append(out, passage{Paragraph: &text})
		}
	}
	return out
}
