package discover

import (
	"encoding/xml"
	"io"
	"strings"
	"time"
)

// maxMaps is how many sitemaps of an index are kept in mind; how many of them are
// read at a poll is the Poller's affair.
const maxMaps = 1_000

// An entry is what a sitemap says of one address.
type entry struct {
	loc, lastmod, published, title string
}

// field returns where the text of an element goes; nil: nowhere.
func (e *entry) field(name string) *string {
	switch name {
	case "loc":
		return &e.loc
	case "lastmod":
		return &e.lastmod
	case "publication_date":
		return &e.published
	case "title":
		return &e.title
	}
	return nil
}

// sitemap reads a sitemap, with or without news, or an index of sitemaps.
//
// Addresses of another site than its own are left out, as the protocol has it.
// Of names only the last part counts: prefixes are misspelt more often than they
// tell anything.
func (d *document) sitemap() (*Reading, error) {
	r := &Reading{}
	tokens := newXML(d.text)
	seen := map[string]bool{}
	var one entry
	var into *string // the field whose text comes now
	var said []byte
	depth := 0
	image := 0 // depth of an image or a video, whose loc and title are its own
	for {
		token, err := tokens.RawToken()
		if err == io.EOF && depth == 0 && r.Kind != "" {
			return r, nil
		}
		if err != nil {
			return nil, troubled("malformed", "the sitemap %s breaks off or is damaged", d.in.URL)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return nil, troubled("too-deep", "the sitemap %s is nested too deeply", d.in.URL)
			}
			name := strings.ToLower(e.Name.Local)
			switch {
			case r.Kind == "" && name == "sitemapindex":
				r.Kind = KindIndex
			case r.Kind == "":
				r.Kind = KindSitemap
			case depth == 2:
				one, image = entry{}, 0
			case image == 0 && (name == "image" || name == "video") && depth == 3:
				image = depth
			case image == 0:
				into, said = one.field(name), said[:0]
			}
		case xml.CharData:
			if into != nil && len(said) <= maxHref {
				said = append(said, e[:min(len(e), maxHref+1)]...)
			}
		case xml.EndElement:
			if into != nil {
				*into = string(said)
			}
			into = nil
			if depth == image {
				image = 0
			}
			if depth == 2 {
				d.put(r, &one, seen)
			}
			depth = max(depth-1, 0)
		}
	}
}

// put adds what an entry says.
func (d *document) put(r *Reading, one *entry, seen map[string]bool) {
	if one.loc == "" || len(r.Links) == maxEntries || len(r.Maps) == maxMaps {
		if one.loc != "" {
			r.Left++
		}
		return
	}
	if seen[one.loc] {
		return
	}
	seen[one.loc] = true
	l, ok := d.link(d.base, one.loc, true)
	if !ok {
		return
	}
	if r.Kind == KindIndex { // queries tell sitemaps apart: /sitemap.xml?page=2
		r.Maps = append(r.Maps, Map{URL: l.URL, Updated: moment(one.lastmod)})
		return
	}
	if id := "id " + l.Identity; !seen[id] {
		seen[id] = true
	} else {
		return
	}
	l.Title, l.Published, l.Updated = title(one.title), moment(one.published), moment(one.lastmod)
	r.Links = append(r.Links, l)
}

// moment reads a time as W3C writes them (the profile of ISO 8601 that the
// protocol names); zero: it is none. A day alone is its beginning, in UTC.
func moment(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) > 40 {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t)
		}
	}
	return time.Time{}
}
