package discover

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"

	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
)

// maxUnpacked is how many times its size a packed document may be, beyond the
// first 64 KiB. Sitemaps pack well: some thirty times.
const maxUnpacked = 200

// An Input is a document to be read.
type Input struct {
	Body        []byte
	ContentType string
	URL         string   // where it came from, to which its links are relative
	Articles    []string // addresses on its host that proved to be articles; a page's links are told by them
	Others      []string // that proved to be none
	NoPage      bool     // it was none at the last look: a page of HTML is trouble
}

// Read reads a feed, a sitemap, an index of sitemaps, an outline, a list of
// addresses or a page of links, whichever it is, packed with gzip or not. Its
// type is told by its bytes and not by what it claims.
//
// Its error is a *[Trouble]. No document takes it more than some hundred
// megabytes of memory or some seconds.
func Read(in Input) (*Reading, error) {
	base, err := url.Parse(in.URL)
	if err != nil {
		return nil, troubled("malformed", "%.200q is no address", in.URL)
	}
	body, err := unpacked(in.Body)
	if err != nil {
		return nil, err
	}
	if len(body) > maxBody {
		return nil, troubled("too-large", "%s is longer than %d MiB", in.URL, maxBody>>20)
	}
	text := extract.Decode(body, in.ContentType)
	d := &document{in: in, base: base, site: fetch.HostOf(in.URL), text: text}
	if l, ok := linkOf(base); ok {
		d.self = l.Identity
	}
	return d.read()
}

// A document is what is being read.
type document struct {
	in   Input
	base *url.URL
	site string // see fetch.HostOf
	self string // its own identity
	text string // as UTF-8
}

func (d *document) read() (*Reading, error) {
	begins := strings.TrimSpace(d.text[:min(len(d.text), 4096)])
	switch {
	case begins == "":
		return nil, troubled("malformed", "%s is empty", d.in.URL)
	case begins[0] == '{':
		return d.feed(jsonCut)
	case begins[0] != '<':
		return d.list()
	}
	switch root(d.text) {
	case "rss", "rdf", "feed":
		return d.feed(xmlCut)
	case "urlset", "sitemapindex":
		return d.sitemap()
	case "opml":
		return d.outline()
	case "html", "":
		if d.in.NoPage {
			return nil, troubled("not-a-source", "%s was a feed or sitemap and is a page of HTML now", d.in.URL)
		}
		return d.page()
	}
	return nil, troubled("not-a-source", "%s is neither a feed nor a sitemap nor a page", d.in.URL)
}

// root returns the name of the first element in lower case; empty where what
// comes before it is too long or no XML, as in most pages.
func root(text string) string {
	tokens := newXML(text[:min(len(text), 64<<10)])
	for {
		token, err := tokens.RawToken()
		if err != nil {
			return ""
		}
		if e, ok := token.(xml.StartElement); ok {
			return strings.ToLower(e.Name.Local)
		}
	}
}

// newXML returns a reader of XML that is UTF-8 whatever it claims. Entities that
// a document defines are never expanded, and those that are unknown left as they
// stand.
func newXML(text string) *xml.Decoder {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

// unpacked undoes gzip, which a sitemap may be packed with as a file.
func unpacked(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, troubled("malformed", "the gzip data is damaged")
	}
	most := int64(min(maxBody, max(64<<10, maxUnpacked*len(body))))
	plain, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case int64(len(plain)) > most && most == maxBody:
		return nil, troubled("too-large", "the document is longer than %d MiB when unpacked", maxBody>>20)
	case int64(len(plain)) > most:
		return nil, troubled("too-large", "the document unpacks to more than %d times its size", maxUnpacked)
	case err != nil:
		return nil, troubled("malformed", "the gzip data breaks off or is damaged")
	}
	return plain, nil
}

// list reads one address a line, as a sitemap may be.
func (d *document) list() (*Reading, error) {
	r := &Reading{Kind: KindSitemap}
	seen := map[string]bool{}
	for line := range strings.Lines(d.text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if !strings.HasPrefix(line, "http://") && !strings.HasPrefix(line, "https://") {
			return nil, troubled("not-a-source", "%s is neither a feed nor a sitemap nor a page", d.in.URL)
		}
		if len(r.Links) == maxEntries {
			r.Left++
			continue
		}
		if l, ok := d.link(d.base, line, true); ok && !seen[l.Identity] {
			seen[l.Identity] = true
			r.add(l, maxEntries)
		}
	}
	if len(r.Links) == 0 {
		return nil, troubled("no-links", "%s lists no address of its own site", d.in.URL)
	}
	return r, nil
}

// add adds a link, or counts it as left out.
func (r *Reading) add(l Link, most int) {
	if len(r.Links) == most {
		r.Left++
		return
	}
	r.Links = append(r.Links, l)
}

// errDeep is the refusal of a feed that nests deeper than maxDepth, or is made of
// more than maxElements.
var errDeep = errors.New("nested too deeply")

// jsonCut returns the text of a JSON feed with at most maxItems of its items, and
// how many were cut off. The error is errDeep, or says that it is no JSON.
func jsonCut(text string) (string, int, error) {
	tokens := json.NewDecoder(strings.NewReader(text))
	depth, members, objects, cut := 0, 0, 0, -1
	for {
		token, err := tokens.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", 0, err
		}
		open := token == json.Delim('{') || token == json.Delim('[')
		if token == json.Delim('{') {
			objects++
		}
		if depth == 2 && open {
			if members++; members == maxItems {
				cut = -2 // behind this one
			}
		}
		switch {
		case open:
			depth++
		case token == json.Delim('}') || token == json.Delim(']'):
			depth--
			if depth == 2 && cut == -2 {
				cut = int(tokens.InputOffset())
			}
			if depth == 1 && members < maxItems {
				members = 0
			}
		}
		if depth > maxDepth || objects > maxElements && cut < 0 {
			return "", 0, errDeep
		}
	}
	if cut < 0 || members == maxItems {
		return text, 0, nil
	}
	return text[:cut] + "]}", members - maxItems, nil
}
