package paper

import (
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

//go:embed templates
var templateFiles embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templateFiles, "templates/*.html"))
})

// A frontPage is the data of templates/front.html.
type frontPage struct {
	Paper   string
	Stories []teaser
}

// A statusPage is the data of templates/status.html.
type statusPage struct {
	Paper string
	Code  int
	Text  string
}

// An articlePage is the data of the templates of the designs.
type articlePage struct {
	Template   string // the name of the design's template
	Status     int
	Paper      string
	Path       string
	URL        string // absolute address of the page
	Headline   string
	Standfirst string
	Byline     string
	Published  stamp
	Modified   *stamp // nil: the page states none
	Top, Foot  string
	Blocks     []blockView
	Linked     any // the JSON-LD
	Furniture  furniture
}

// A stamp is a time for machines and for readers.
type stamp struct {
	Machine string // RFC 3339
	Words   string // "3 March 2026, 09:12 UTC"
}

func newStamp(t time.Time) stamp {
	t = t.UTC()
	return stamp{t.Format(time.RFC3339), t.Format("2 January 2006, 15:04 UTC")}
}

// A blockView is a block of the page: one of the first five, and the furniture
// that stands behind it.
type blockView struct {
	Paragraph, Subheading, Quote string
	Items                        []string
	Caption                      *captionView

	Ad     *ad
	Links  []teaser
	Letter string // the words of a newsletter box
}

// A captionView is a picture with the words below it.
type captionView struct{ Picture, Text, Credit string }

// newArticlePage returns what the page of a shows to the reader who made its
// a.views-th view.
func newArticlePage(a *article, base string, others []teaser) *articlePage {
	s := a.story.clone()
	page := &articlePage{
		Template:   fmt.Sprintf("design%d.html", s.Design),
		Status:     s.status(),
		Paper:      Name,
		Path:       a.path,
		URL:        base + a.path,
		Headline:   s.Headline,
		Standfirst: s.Standfirst,
		Byline:     s.Byline,
		Published:  newStamp(s.Published),
		Top:        s.Top,
		Foot:       s.Foot,
		Blocks:     blockViews(a.path, s.Blocks),
	}
	if !s.Modified.IsZero() {
		m := newStamp(s.Modified)
		page.Modified = &m
	}
	page.Linked = linkedData(page, base)
	rng := rand.New(rand.NewPCG(number(a.path), uint64(a.views)))
	page.Furniture = newFurniture(rng, a.views, others)
	page.Furniture.scatter(rng, a.views, page.Blocks, others)
	return page
}

// blockViews returns the blocks as a page shows them: neighbouring items
// together.
func blockViews(path string, blocks []Block) []blockView {
	var views []blockView
	for i, b := range blocks {
		switch b.Kind {
		case Paragraph:
			views = append(views, blockView{Paragraph: b.Text})
		case Subheading:
			views = append(views, blockView{Subheading: b.Text})
		case Quote:
			views = append(views, blockView{Quote: b.Text})
		case Caption:
			picture := fmt.Sprintf("/img/%d.svg", number(path)%997)
			views = append(views, blockView{Caption: &captionView{picture, b.Text, b.Credit}})
		case Item:
			if i == 0 || blocks[i-1].Kind != Item {
				views = append(views, blockView{})
			}
			last := &views[len(views)-1]
			last.Items = append(last.Items, b.Text)
		}
	}
	return views
}

// number returns a number that belongs to a path.
func number(path string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(path))
	return h.Sum64()
}

// A teaser is a story as other pages show it.
type teaser struct {
	Path, Headline, Text string
	Ago                  string // how long ago the front page says it was; of teasers among furniture alone
}

// newTeaser returns the teaser of an article: its headline and the first
// sentence of its text.
func newTeaser(a *article) teaser {
	t := teaser{Path: a.path, Headline: a.story.Headline, Text: a.story.Standfirst}
	if i := a.story.paragraph(func(string) bool { return true }); i >= 0 {
		sentence, rest, _ := strings.Cut(a.story.Blocks[i].Text, ". ")
		t.Text = sentence
		if rest != "" {
			t.Text += "."
		}
	}
	return t
}
