package report

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"time"
)

// The elements of RFC 4287 that our feeds have. encoding/xml escapes what they
// hold, and puts U+FFFD in the place of what XML has no character for.
type (
	atomFeed struct {
		XMLName   xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string   `xml:"xml:lang,attr"`
		ID        string   `xml:"id"`
		Title     string   `xml:"title"`
		Updated   string   `xml:"updated"`
		Author    atomPerson
		Generator atomGenerator
		Icon      string      `xml:"icon"`
		Links     []atomLink  `xml:"link"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomPerson struct {
		XMLName xml.Name `xml:"author"`
		Name    string   `xml:"name"`
	}
	atomGenerator struct {
		XMLName xml.Name `xml:"generator"`
		Version string   `xml:"version,attr,omitempty"`
		Name    string   `xml:",chardata"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
	atomContent struct {
		Type string `xml:"type,attr"`
		Lang string `xml:"xml:lang,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      atomContent    `xml:"title"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Summary    string         `xml:"summary"`
		Content    atomContent    `xml:"content"`
	}
)

const (
	atomType = "application/atom+xml"
	htmlType = "text/html"
)

func (s *site) sendAtom(w http.ResponseWriter, r *http.Request, f feed) error {
	doc := atomFeed{
		Lang:      "en",
		ID:        f.ID,
		Title:     f.Title,
		Updated:   feedTime(f.Updated),
		Author:    atomPerson{Name: "storydiff"},
		Generator: atomGenerator{Version: s.version, Name: "storydiff"},
		Icon:      s.to(r, s.assets.icon.path),
		Links:     []atomLink{{"self", atomType, f.Self}, {"alternate", htmlType, f.Home}},
		Entries:   make([]atomEntry, len(f.Items)),
	}
	if f.Next != "" {
		doc.Links = append(doc.Links, atomLink{"next", atomType, f.Next})
	}
	for i, item := range f.Items {
		doc.Entries[i] = newAtomEntry(item)
	}
	buf := takeBuffer()
	defer giveBuffer(buf)
	buf.WriteString(xml.Header)
	if err := xml.NewEncoder(buf).Encode(doc); err != nil {
		return fmt.Errorf("writing a feed: %w", err)
	}
	return send(w, r, http.StatusOK, atomType+"; charset=utf-8", buf.Bytes())
}

func newAtomEntry(item feedItem) atomEntry {
	e := atomEntry{
		ID:        item.ID,
		Title:     atomContent{"text", item.Lang, item.Title},
		Published: feedTime(item.Published),
		Updated:   feedTime(item.Updated),
		Links:     []atomLink{{"alternate", htmlType, item.Link}},
		Summary:   item.Summary,
		Content:   atomContent{"html", "", item.Content},
	}
	if item.Original != "" {
		e.Links = append(e.Links, atomLink{"related", htmlType, item.Original})
	}
	for _, tag := range item.Tags {
		e.Categories = append(e.Categories, atomCategory{tag})
	}
	return e
}

func feedTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
