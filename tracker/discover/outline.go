package discover

import (
	"encoding/xml"
	"io"
	"strings"
)

// outline reads OPML: the feeds that a reader of feeds exports.
func (d *document) outline() (*Reading, error) {
	r := &Reading{Kind: KindOutline}
	tokens := newXML(d.text)
	seen := map[string]bool{}
	depth := 0
	for {
		token, err := tokens.RawToken()
		if err == io.EOF && depth == 0 {
			return r, nil
		}
		if err != nil {
			return nil, troubled("malformed", "%s breaks off or is damaged", d.in.URL)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return nil, troubled("too-deep", "%s is nested too deeply", d.in.URL)
			}
			if strings.EqualFold(e.Name.Local, "outline") {
				d.offer(r, e.Attr, seen)
			}
		case xml.EndElement:
			depth = max(depth-1, 0)
		}
	}
}

// offer adds the feed of an outline.
func (d *document) offer(r *Reading, attributes []xml.Attr, seen map[string]bool) {
	var o Offer
	for _, a := range attributes {
		switch strings.ToLower(a.Name.Local) {
		case "xmlurl":
			o.URL = a.Value
		case "title":
			o.Title = title(a.Value)
		case "text":
			if o.Title == "" {
				o.Title = title(a.Value)
			}
		}
	}
	to, ok := address(d.base, o.URL)
	if !ok || seen[to] {
		return
	}
	if len(r.Feeds) == maxItems {
		r.Left++
		return
	}
	seen[to] = true
	o.URL = to
	r.Feeds = append(r.Feeds, o)
}

// Addresses returns the addresses of sources that a file lists: the feeds of an
// OPML file, or one address a line, where empty lines and those that begin with #
// are passed over. left is how many were beyond 5,000. The error is a *[Trouble].
func Addresses(file []byte) (addresses []string, left int, err error) {
	if len(file) > maxBody {
		return nil, 0, troubled("too-large", "the file is longer than %d MiB", maxBody>>20)
	}
	text := string(file)
	if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF")), "<") {
		r, err := Read(Input{Body: file, URL: "file:///outline", NoPage: true})
		if err != nil {
			return nil, 0, err
		}
		if r.Kind != KindOutline {
			return nil, 0, troubled("not-a-source", "the file is no OPML and no list of addresses")
		}
		for _, o := range r.Feeds {
			addresses = append(addresses, o.URL)
		}
		return addresses, r.Left, nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case len(addresses) == maxItems:
			left++
		default:
			addresses = append(addresses, line)
		}
	}
	return addresses, left, nil
}
