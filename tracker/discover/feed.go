package discover

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// Bounds of a feed besides its size and depth: its parser makes an object of each
// element, and copies the names in scope for each that adds one.
const (
	maxElements = 200_000
	maxScope    = 64 // namespaces in scope
)

// feed reads RSS, Atom or JSON Feed. Before the parser sees it, cut makes it
// small enough.
func (d *document) feed(cut func(string) (string, int, error)) (*Reading, error) {
	if len(d.text) > maxFeed {
		return nil, troubled("too-large", "the feed %s is longer than %d MiB", d.in.URL, maxFeed>>20)
	}
	text, left, err := cut(d.text)
	if err == errDeep {
		return nil, troubled("too-deep", "the feed %s is nested too deeply, or made of too many parts", d.in.URL)
	}
	if err != nil {
		return nil, troubled("malformed", "the feed %s breaks off or is damaged", d.in.URL)
	}
	parsed, err := parseFeed(text)
	if err != nil {
		return nil, troubled("malformed", "the feed %s could not be read: %s", d.in.URL, title(err.Error()))
	}
	r := &Reading{Kind: KindFeed, Title: title(parsed.Title), Left: left}
	seen := map[string]bool{}
	for _, item := range parsed.Items {
		if l, ok := d.item(item); ok && !seen[l.Identity] {
			seen[l.Identity] = true
			r.add(l, maxItems)
		}
	}
	return r, nil
}

// parseFeed hands a text to the parser, which may panic over what nobody foresaw.
func parseFeed(text string) (f *gofeed.Feed, err error) {
	defer func() {
		if why := recover(); why != nil {
			f, err = nil, fmt.Errorf("%v", why)
		}
	}()
	return gofeed.NewParser().Parse(strings.NewReader(text))
}

// item returns the link of an item: its own address, that of which a counting
// service stands before it, or its identifier where that is an address.
func (d *document) item(item *gofeed.Item) (Link, bool) {
	if item == nil {
		return Link{}, false
	}
	candidates := []string{item.Link, item.GUID}
	if original := item.Extensions["feedburner"]["origLink"]; len(original) > 0 {
		candidates = append([]string{original[0].Value}, candidates...)
	}
	for i, href := range candidates {
		if last := i == len(candidates)-1; last && !strings.HasPrefix(href, "http") {
			break
		}
		if l, ok := d.link(d.base, href, false); ok {
			l.Title = title(item.Title)
			l.Published, l.Updated = stated(item.PublishedParsed), stated(item.UpdatedParsed)
			return l, true
		}
	}
	return Link{}, false
}

func stated(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return plausible(*t)
}

// xmlCut returns the text of an XML feed with at most maxItems of its items,
// without what stands before its first element, and how many items were cut off.
// The error is errDeep, or says that it breaks off.
func xmlCut(text string) (string, int, error) {
	var (
		tokens   = newXML(text)
		open     []string // names of the open elements, as they are written
		scope    []int    // how many namespaces each adds
		inScope  int
		elements int
		items    int
		begin    = -1
		cut      = -1
		closing  string
	)
	for {
		at := int(tokens.InputOffset())
		token, err := tokens.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil && cut < 0 {
			return "", 0, err
		}
		if err != nil {
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			if begin < 0 {
				begin = at
			}
			if isItem(e.Name.Local, len(open)) {
				if items++; items == maxItems+1 {
					cut, closing = at, closed(open)
				}
			}
			elements++
			n := namespaces(e)
			open, scope, inScope = append(open, written(e.Name)), append(scope, n), inScope+n
			if len(open) > maxDepth || cut < 0 && (elements > maxElements || inScope > maxScope) {
				return "", 0, errDeep
			}
		case xml.EndElement:
			if n := len(open) - 1; n >= 0 {
				inScope -= scope[n]
				open, scope = open[:n], scope[:n]
			}
		}
	}
	if begin < 0 {
		return "", 0, io.ErrUnexpectedEOF
	}
	if cut < 0 {
		return text[begin:], 0, nil
	}
	return text[begin:cut] + closing, items - maxItems, nil
}

// isItem reports whether an element at a depth is an item of a feed.
func isItem(name string, depth int) bool {
	switch strings.ToLower(name) {
	case "item":
		return depth == 1 || depth == 2
	case "entry":
		return depth == 1
	}
	return false
}

func written(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func namespaces(e xml.StartElement) int {
	n := 0
	for _, a := range e.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || a.Name.Local == "base" {
			n++
		}
	}
	return n
}

// closed returns the end tags of open elements.
func closed(open []string) string {
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String()
}
