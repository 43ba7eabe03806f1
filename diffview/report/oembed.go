package report

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// An oembedAnswer is an answer of oEmbed 1.0 (oembed.com), of the type "rich".
type oembedAnswer struct {
	Type         string `json:"type"`
	Version      string `json:"version"`
	Title        string `json:"title,omitempty"`
	Provider     string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"` // seconds
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Picture      string `json:"thumbnail_url,omitempty"` // left out where the asker has no room for it
	PictureWide  int    `json:"thumbnail_width,omitempty"`
	PictureHigh  int    `json:"thumbnail_height,omitempty"`
	AuthorName   string `json:"author_name,omitempty"` // the outlet
	AuthorOrigin string `json:"author_url,omitempty"`  // where its article is
}

// oembedAge is for how long an answer may be kept: a change does not change, but
// what notes have to do with it may.
const oembedAge = 24 * 60 * 60

// oembed says how another site may show a change of ours, for addresses of ours alone.
func (s *site) oembed(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	if f := q.Get("format"); f != "" && f != "json" {
		s.refuse(w, r, http.StatusNotImplemented, errorPage{"Not that format", "oEmbed answers come as JSON only."})
		return nil
	}
	path, ok := s.ownPath(r, q.Get("url"))
	if !ok {
		return errNoPage
	}
	id, a, b, err := parseChangePath(path)
	if err != nil {
		return err
	}
	maxWide, err := atMost(q, "maxwidth")
	if err != nil {
		return err
	}
	maxHigh, err := atMost(q, "maxheight")
	if err != nil {
		return err
	}
	c, err := s.changeBetween(r.Context(), id, a, b)
	if err != nil {
		return err
	}
	told := newShare(s.base(r), c)
	answer := oembedAnswer{
		Type: "rich", Version: "1.0", Title: told.Title, Provider: "storydiff", ProviderURL: s.base(r) + "/", CacheAge: oembedAge,
		Width: min(embedWidth, maxWide), Height: min(embedHeight, maxHigh), AuthorName: brief(c.Outlet), AuthorOrigin: outward(c.URL),
	}
	answer.HTML = embedTag(told.Embed, told.Title, answer.Width, answer.Height)
	if cardWide <= maxWide && cardHigh <= maxHigh {
		answer.Picture, answer.PictureWide, answer.PictureHigh = told.Picture, cardWide, cardHigh
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("writing the oEmbed answer for article %d: %w", id, err)
	}
	return send(w, r, http.StatusOK, "application/json; charset=utf-8", body)
}

// atMost reads a length in pixels from the query; without one there is no limit.
func atMost(q url.Values, name string) (int, error) {
	text := q.Get(name)
	if text == "" {
		return 1 << 20, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, badRequest(fmt.Sprintf("%s must be a number of pixels, not %q.", name, text))
	}
	return n, nil
}

// parseChangePath reads the address of a change or of its embedded view.
func parseChangePath(path string) (id int64, a, b int, err error) {
	parts := strings.Split(strings.TrimSuffix(path, embedSuffix), "/")
	if len(parts) != 5 || parts[0] != "" || parts[1] != "articles" || parts[3] != "changes" {
		return 0, 0, 0, errNoPage
	}
	if id, err = parseArticleID(parts[2]); err != nil {
		return 0, 0, 0, err
	}
	a, b, err = parseRange(parts[4])
	return id, a, b, err
}
