package report

import (
	"net/http"

	"storydiff/diffview"
)

// The objects of JSON Feed 1.1 that our feeds have.
type (
	jsonFeed struct {
		Version  string       `json:"version"`
		Title    string       `json:"title"`
		HomePage string       `json:"home_page_url"`
		FeedURL  string       `json:"feed_url"`
		NextURL  string       `json:"next_url,omitempty"`
		Icon     string       `json:"icon"`
		Authors  []jsonAuthor `json:"authors"`
		Language string       `json:"language"`
		Items    []jsonItem   `json:"items"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
	}
	jsonItem struct {
		ID          string   `json:"id"`
		URL         string   `json:"url"`
		ExternalURL string   `json:"external_url,omitempty"`
		Title       string   `json:"title"`
		Summary     string   `json:"summary"`
		ContentHTML string   `json:"content_html"`
		Published   string   `json:"date_published"`
		Modified    string   `json:"date_modified"`
		Tags        []string `json:"tags"`
		Language    string   `json:"language,omitempty"`
	}
)

func (s *site) sendJSONFeed(w http.ResponseWriter, r *http.Request, f feed) error {
	doc := jsonFeed{
		Version:  "https://jsonfeed.org/version/1.1",
		Title:    f.Title,
		HomePage: f.Home,
		FeedURL:  f.Self,
		NextURL:  f.Next,
		Icon:     s.to(r, s.assets.icon.path),
		Authors:  []jsonAuthor{{"storydiff"}},
		Language: "en",
		Items:    make([]jsonItem, len(f.Items)),
	}
	for i, item := range f.Items {
		doc.Items[i] = jsonItem{
			item.ID, item.Link, item.Original, item.Title, item.Summary, item.Content,
			feedTime(item.Published), feedTime(item.Updated), item.Tags, item.Lang,
		}
	}
	return sendJSON(w, r, http.StatusOK, "application/feed+json", doc)
}

// sendJSON answers with v as rows are written: what could steer a terminal is
// escaped.
func sendJSON(w http.ResponseWriter, r *http.Request, status int, contentType string, v any) error {
	buf := takeBuffer()
	defer giveBuffer(buf)
	if err := diffview.WriteRow(buf, v); err != nil {
		return err
	}
	return send(w, r, status, contentType, buf.Bytes())
}
