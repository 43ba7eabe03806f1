package trial

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// A Page is a page from elsewhere: a folder with source.html and, if someone
// has said what is to be read of it, expected.html with the article alone and
// expected-metadata.json.
type Page struct {
	Name     string
	Source   []byte
	Expected string // text of the article, a line for each block; empty where there is none
	Meta     Meta
}

// Meta is what someone has said of a page's fields. An empty one is not stated.
type Meta struct {
	Title         string `json:"title"`
	Byline        string `json:"byline"`
	PublishedTime string `json:"publishedTime"`
}

// Open reads the page in a folder. Its error wraps fs.ErrNotExist where there is
// no source.html.
func Open(dir string) (*Page, error) {
	source, err := os.ReadFile(filepath.Join(dir, "source.html"))
	if err != nil {
		return nil, err
	}
	p := &Page{Name: filepath.Base(dir), Source: source}
	if expected, err := os.ReadFile(filepath.Join(dir, "expected.html")); err == nil {
		doc, err := html.Parse(bytes.NewReader(expected))
		if err != nil {
			return nil, fmt.Errorf("parsing what is expected of %s: %w", p.Name, err)
		}
		p.Expected = lines(doc)
	}
	if stated, err := os.ReadFile(filepath.Join(dir, "expected-metadata.json")); err == nil {
		if err := json.Unmarshal(stated, &p.Meta); err != nil {
			return nil, fmt.Errorf("reading what is expected of %s: %w", p.Name, err)
		}
	}
	return p, nil
}

// OpenAll reads the pages in the folders of a folder, by their names. It is an
// error where there are none.
func OpenAll(dir string) ([]*Page, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "source.html"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no pages in %s: %w", dir, cmp.Or(err, fs.ErrNotExist))
	}
	slices.Sort(files)
	list := make([]*Page, len(files))
	for i, file := range files {
		if list[i], err = Open(filepath.Dir(file)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Half says which half of all pages a page is in, 0 or 1, by its name: one to
// tune on, the other to report on.
func (p *Page) Half() int {
	h := fnv.New32a()
	h.Write([]byte(p.Name))
	return int(h.Sum32()>>7) % 2
}

// errNoArticle says that a page has no article to try mutators on.
var errNoArticle = errors.New("no three paragraphs of an article in elements of their own")

// A draft is a page that is edited and put back.
type draft struct {
	doc        *html.Node
	paragraphs []*html.Node // of the article, in order
	headline   *html.Node   // nil where no h1 says what the page is called
	undo       []func()
}

// open parses the page and finds its article, by what is expected of it or else
// by where most paragraphs stand; no extractor has a say in it.
func (p *Page) open() (*draft, error) {
	reader, err := charset.NewReader(bytes.NewReader(p.Source), "text/html")
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(reader)
	if err != nil {
		return nil, err
	}
	d := &draft{doc: doc}
	d.findParagraphs(letters(p.Expected))
	if len(d.paragraphs) < 3 {
		return nil, errNoArticle
	}
	d.findHeadline(p.Meta.Title)
	return d, nil
}

// leastParagraph is how many letters a paragraph has that says where the article is.
const leastParagraph = 60

// findParagraphs looks for the article's p elements, and where they hold less
// than half of it for other elements with a paragraph's text of their own. Most
// stand side by side; if they do not, all of them count.
func (d *draft) findParagraphs(expected string) {
	found, total := d.elements(expected, func(n *html.Node) bool { return n.DataAtom == atom.P })
	if total*2 < len(expected) || len(found) < 3 {
		if wider, more := d.elements(expected, holdsText); more > total*3/2 {
			found = wider
		}
	}
	byParent := map[*html.Node][]*html.Node{}
	home := []*html.Node{}
	for _, n := range found {
		byParent[n.Parent] = append(byParent[n.Parent], n)
		if len(byParent[n.Parent]) > len(home) {
			home = byParent[n.Parent]
		}
	}
	if d.paragraphs = found; len(home) >= 3 && len(home)*2 > len(found) {
		d.paragraphs = home
	}
}

// elements returns the elements of a sort that hold a paragraph of the article,
// none within another, and how many bytes of letters they hold.
func (d *draft) elements(expected string, sort func(*html.Node) bool) (found []*html.Node, total int) {
	each(d.doc, func(n *html.Node) {
		if !sort(n) || hidden(n) || besides(n) || len(found) > 0 && within(n, found[len(found)-1]) {
			return
		}
		said := letters(flat(n))
		if len(said) < leastParagraph || expected != "" && !strings.Contains(expected, said) {
			return
		}
		found = append(found, n)
		total += len(said)
	})
	return found, total
}

// besides reports whether a paragraph stands under the article by the name of its
// element: what a reader wrote, or what invites to a newsletter. Some that say
// what is to be read of a page take these for a part of it.
func besides(n *html.Node) bool {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		for _, a := range n.Attr {
			name := strings.ToLower(a.Val)
			if (a.Key == "class" || a.Key == "id") && (strings.HasPrefix(name, "comment") || strings.Contains(name, "comment-list") || strings.Contains(name, "newsletter")) {
				return true
			}
		}
	}
	return false
}

// holdsText reports whether an element has a paragraph's text of its own.
func holdsText(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Section, atom.Li, atom.Td:
	default:
		return false
	}
	own := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			own += len(letters(c.Data))
		case c.DataAtom == atom.P || c.DataAtom == atom.Div || c.DataAtom == atom.Br:
			return false
		}
	}
	return own >= leastParagraph
}

func within(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

// scope returns the smallest element that holds all paragraphs.
func (d *draft) scope() *html.Node {
	n := d.paragraphs[0].Parent
	for n.Parent != nil && !within(d.paragraphs[len(d.paragraphs)-1], n) {
		n = n.Parent
	}
	return n
}

// findHeadline looks for the h1 that has most of the title's words and stands
// nearest above the text, or failing that in the page.
func (d *draft) findHeadline(title string) {
	each(d.doc, func(n *html.Node) {
		if n.DataAtom == atom.Title && title == "" && n.FirstChild != nil {
			title = n.FirstChild.Data
		}
	})
	under := false
	each(d.doc, func(n *html.Node) {
		under = under || n == d.paragraphs[0]
		if n.DataAtom != atom.H1 || hidden(n) || under && d.headline != nil {
			return
		}
		if said := letters(flat(n)); len(said) > 8 && strings.Contains(letters(title), said) {
			d.headline = n
		}
	})
}

// page returns the document as it is now.
func (d *draft) page() string {
	var b strings.Builder
	if err := html.Render(&b, d.doc); err != nil {
		return "" // a tree that was parsed can be written, but for void elements with children
	}
	return b.String()
}

// back takes back everything that was done.
func (d *draft) back() {
	for i := len(d.undo) - 1; i >= 0; i-- {
		d.undo[i]()
	}
	d.undo = nil
}

// say changes a text node.
func (d *draft) say(n *html.Node, text string) {
	before := n.Data
	n.Data = text
	d.undo = append(d.undo, func() { n.Data = before })
}

// put inserts HTML below parent and before the node next, at its end where that
// is nil.
func (d *draft) put(parent, next *html.Node, text string) {
	context := &html.Node{Type: html.ElementNode, DataAtom: atom.Div, Data: "div"}
	nodes, err := html.ParseFragment(strings.NewReader(text), context)
	if err != nil {
		return
	}
	for _, n := range nodes {
		parent.InsertBefore(n, next)
		d.undo = append(d.undo, func() { parent.RemoveChild(n) })
	}
}

// drop takes a node away.
func (d *draft) drop(n *html.Node) {
	parent, next := n.Parent, n.NextSibling
	parent.RemoveChild(n)
	d.undo = append(d.undo, func() { parent.InsertBefore(n, next) })
}

func each(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, visit)
	}
}

// hidden reports whether a node stands in something that a browser does not show.
func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.Template, atom.Noscript, atom.Dialog, atom.Svg:
			return true
		}
		for _, a := range n.Attr {
			style := strings.ReplaceAll(a.Val, " ", "")
			if a.Key == "class" && strings.Contains(a.Val, "is-hidden") || a.Key == "hidden" || a.Key == "aria-hidden" && a.Val == "true" || a.Key == "style" && (strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")) {
				return true
			}
		}
	}
	return false
}

// flat returns the text of a node.
func flat(n *html.Node) string {
	var b strings.Builder
	each(n, func(c *html.Node) {
		if c.Type == html.TextNode && c.Parent.DataAtom != atom.Script && c.Parent.DataAtom != atom.Style {
			b.WriteString(c.Data)
		}
	})
	return b.String()
}

// lines returns the text of a document, a line for each of its blocks.
func lines(doc *html.Node) string {
	var b strings.Builder
	each(doc, func(n *html.Node) {
		switch n.DataAtom {
		case atom.P, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Tr, atom.Td, atom.Th, atom.Blockquote, atom.Figcaption, atom.Section, atom.Header, atom.Br, atom.Dt, atom.Dd, atom.Pre:
			b.WriteByte('\n')
		}
		if n.Type == html.TextNode && n.Parent != nil && n.Parent.DataAtom != atom.Script && n.Parent.DataAtom != atom.Style {
			b.WriteString(n.Data)
		}
	})
	return b.String()
}

// letters returns the letters and digits of s in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
