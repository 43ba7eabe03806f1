package report

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
)

// The bounds of the form that adds an article, in bytes.
const (
	addressLimit = 8000
	tagsLimit    = 1000
)

var addFields = fields{"url": addressLimit, "tags": tagsLimit}

// An addPage is the data of templates/add.html.
type addPage struct {
	URL, Tags string       // what the form is filled with
	Error     string       // why it was not added; may be empty
	Login     string       // where to log in before; empty: there is no need, or no password
	Shut      bool         // this visitor can add nothing, and no password would help
	Bookmark  template.URL // adds the page that a browser shows; empty: this address cannot be written into one
}

// addPage shows the form by which an article is added. An address may fill it in;
// nothing is added before the form is sent.
func (s *site) addPage(w http.ResponseWriter, r *http.Request) error {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return badRequest("The query string of this address is not well-formed.")
	}
	p := addPage{URL: q.Get("url"), Tags: q.Get("tags")}
	if len(p.URL) > addressLimit || len(p.Tags) > tagsLimit {
		return badRequest("That is too long for an address of an article.")
	}
	return s.showAdd(w, r, http.StatusOK, p)
}

func (s *site) showAdd(w http.ResponseWriter, r *http.Request, status int, p addPage) error {
	p.URL, p.Tags = diffview.OneLine(p.URL), diffview.OneLine(p.Tags)
	p.Bookmark = s.bookmark(r)
	if !s.gate.mayWrite(r) {
		p.Login = s.loginAddress(r)
		p.Shut = p.Login == ""
	}
	return s.render(w, r, status, "add", page{Title: "Add an article", Nav: "add", NoIndex: true, Main: p})
}

// add tracks the article whose address was posted.
func (s *site) add(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r, addFields)
	if err != nil {
		return err
	}
	p := addPage{URL: form.Get("url"), Tags: form.Get("tags")}
	tags, err := tagsIn(p.Tags)
	if err == nil && p.URL == "" {
		err = Refusal("Give the address of an article.")
	}
	var a tracker.Article
	var added bool
	if err == nil {
		a, added, err = s.desk.Add(r.Context(), p.URL, tags)
	}
	if why, ok := errors.AsType[Refusal](err); ok {
		p.Error = sentenceOf(string(why))
		return s.showAdd(w, r, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	done := "added"
	if !added {
		done = "tracked"
	}
	s.wrote(r, done, "article", a.ID, "url", a.URL)
	return leadBack(w, r, articlePath(a.ID), done)
}

// tagsIn returns the tags of a list with commas. Its error is a [Refusal].
func tagsIn(text string) ([]string, error) {
	var tags []string
	for tag := range strings.SplitSeq(text, ",") {
		tag = strings.TrimSpace(tag)
		if len(tag) > tagLimit {
			return nil, Refusal("A tag has 100 bytes at most.")
		}
		if tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags, nil
}

// addAddress returns the address of the form, filled in.
func addAddress(address, tags string) string {
	q := url.Values{}
	if address != "" {
		q.Set("url", address)
	}
	if tags != "" {
		q.Set("tags", tags)
	}
	return withQuery("/add", q.Encode())
}

// bookmark returns an address that, kept as a bookmark, opens the form for the
// page that the browser shows. What a host could smuggle into the script is no
// letter of a host.
func (s *site) bookmark(r *http.Request) template.URL {
	odd := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(".-:[]", c)
	}
	if r.Host == "" || strings.ContainsFunc(r.Host, odd) {
		return ""
	}
	scheme := "http"
	if s.gate.byHTTPS(r) {
		scheme = "https"
	}
	return template.URL("javascript:location.href='" + scheme + "://" + r.Host + "/add?url='+encodeURIComponent(location.href)")
}

// sentenceOf begins with a capital and ends with a full stop.
func sentenceOf(text string) string {
	text = shown(text)
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
