package report_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"storydiff/diffview/report"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// An atomDoc is a feed as a reader of RFC 4287 takes it apart.
type atomDoc struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	ID      []string   `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string   `xml:"http://www.w3.org/2005/Atom updated"`
	Author  []string   `xml:"http://www.w3.org/2005/Atom author>name"`
	Links   []atomLink `xml:"http://www.w3.org/2005/Atom link"`
	Entries []struct {
		ID         []string   `xml:"http://www.w3.org/2005/Atom id"`
		Title      []string   `xml:"http://www.w3.org/2005/Atom title"`
		Updated    []string   `xml:"http://www.w3.org/2005/Atom updated"`
		Published  string     `xml:"http://www.w3.org/2005/Atom published"`
		Links      []atomLink `xml:"http://www.w3.org/2005/Atom link"`
		Summary    string     `xml:"http://www.w3.org/2005/Atom summary"`
		Categories []struct {
			Term string `xml:"term,attr"`
		} `xml:"http://www.w3.org/2005/Atom category"`
		Content struct {
			Type string `xml:"type,attr"`
			Text string `xml:",chardata"`
		} `xml:"http://www.w3.org/2005/Atom content"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

func (d *atomDoc) link(rel string) string { return linkNamed(d.Links, rel) }

func linkNamed(links []atomLink, rel string) string {
	i := slices.IndexFunc(links, func(l atomLink) bool { return l.Rel == rel })
	if i < 0 {
		return ""
	}
	return links[i].Href
}

// A jsonDoc is a feed as a reader of JSON Feed 1.1 takes it apart.
type jsonDoc struct {
	Version  string                  `json:"version"`
	Title    string                  `json:"title"`
	HomePage string                  `json:"home_page_url"`
	FeedURL  string                  `json:"feed_url"`
	NextURL  string                  `json:"next_url"`
	Icon     string                  `json:"icon"`
	Language string                  `json:"language"`
	Authors  []struct{ Name string } `json:"authors"`
	Items    []jsonItem              `json:"items"`
}

type jsonItem struct {
	ID          string    `json:"id"`
	URL         string    `json:"url"`
	ExternalURL string    `json:"external_url"`
	Title       string    `json:"title"`
	Summary     string    `json:"summary"`
	ContentHTML string    `json:"content_html"`
	Published   time.Time `json:"date_published"`
	Modified    time.Time `json:"date_modified"`
	Tags        []string  `json:"tags"`
	Language    string    `json:"language"`
}

// atom fetches a feed and holds it against what RFC 4287 demands.
func atom(t *testing.T, h http.Handler, target string, header ...string) atomDoc {
	t.Helper()
	resp := ask(t, h, "GET", target, header...)
	body := read(t, resp)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("GET %s = %d %s:\n%s", target, resp.StatusCode, resp.Header.Get("Content-Type"), body)
	}
	var doc atomDoc
	if err := xml.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatalf("GET %s: %v in:\n%s", target, err, body)
	}
	if _, err := gofeed.NewParser().ParseString(body); err != nil {
		t.Errorf("GET %s: a feed reader says: %v", target, err)
	}
	checkAtom(t, target, &doc)
	return doc
}

var tagURI = regexp.MustCompile(`^tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:[A-Za-z0-9/._~%!$&'()*+,;=:@?-]+$`)

func checkAtom(t *testing.T, target string, doc *atomDoc) {
	t.Helper()
	if len(doc.ID) != 1 || len(doc.Title) != 1 || len(doc.Updated) != 1 || len(doc.Author) != 1 || doc.Author[0] == "" || doc.Title[0] == "" {
		t.Errorf("GET %s: want one id, title, updated and author: %q %q %q %q", target, doc.ID, doc.Title, doc.Updated, doc.Author)
	}
	ids := map[string]bool{}
	once := func(id []string) {
		if len(id) != 1 || !tagURI.MatchString(id[0]) || ids[id[0]] {
			t.Errorf("GET %s: id %q is no tag URI of its own", target, id)
			return
		}
		ids[id[0]] = true
	}
	once(doc.ID)
	links := slices.Clone(doc.Links)
	newest := ""
	for _, e := range doc.Entries {
		once(e.ID)
		if len(e.Title) != 1 || e.Title[0] == "" || len(e.Updated) != 1 || e.Content.Type != "html" || e.Summary == "" || linkNamed(e.Links, "alternate") == "" {
			t.Errorf("GET %s: entry %q lacks a part: %+v", target, e.ID, e)
		}
		for _, at := range []string{e.Updated[0], e.Published} {
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				t.Errorf("GET %s: entry %q: %v", target, e.ID, err)
			}
		}
		newest = max(newest, e.Updated[0])
		links = append(links, e.Links...)
	}
	if newest != "" && doc.Updated[0] != newest {
		t.Errorf("GET %s: updated %s, its newest entry %s", target, doc.Updated[0], newest)
	}
	if doc.link("self") == "" || doc.link("alternate") == "" {
		t.Errorf("GET %s: there are only the links %v", target, doc.Links)
	}
	for _, l := range links {
		if u, err := url.Parse(l.Href); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("GET %s: link %s to %q", target, l.Rel, l.Href)
		}
	}
}

func jsonFeed(t *testing.T, h http.Handler, target string, header ...string) jsonDoc {
	t.Helper()
	resp := ask(t, h, "GET", target, header...)
	body := read(t, resp)
	var doc jsonDoc
	d := json.NewDecoder(strings.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/feed+json" {
		t.Fatalf("GET %s = %d %s: %v in:\n%s", target, resp.StatusCode, resp.Header.Get("Content-Type"), err, body)
	}
	if doc.Version != "https://jsonfeed.org/version/1.1" || doc.Title == "" || len(doc.Authors) != 1 || doc.Authors[0].Name == "" {
		t.Errorf("GET %s: no JSON Feed 1.1: %+v", target, doc)
	}
	return doc
}

// feeds are the addresses of feeds over the sample, without their ending.
func feeds() []string {
	return []string{"/feed.%s", "/feed.%s?disclosure=silent&level=major", "/feed.%s?since=7d&outlet=kanal.example", "/feed.%s?kind=byline",
		"/articles/1/feed.%s", "/articles/2/feed.%s", "/articles/8/feed.%s", "/outlets/harnherald.example/feed.%s", "/outlets/Seapost.example/feed.%s?kind=headline", "/outlets/walled.example/feed.%s"}
}

// Both forms of a feed tell the same, and what the list of changes tells.
func TestFeeds(t *testing.T) {
	h := handler(t, sample())
	for _, form := range feeds() {
		t.Run(form, func(t *testing.T) {
			a, j := atom(t, h, fmt.Sprintf(form, "atom")), jsonFeed(t, h, fmt.Sprintf(form, "json"))
			if len(a.Entries) != len(j.Items) || a.Title[0] != j.Title || a.link("alternate") != j.HomePage || strings.Replace(a.link("self"), ".atom", ".json", 1) != j.FeedURL {
				t.Errorf("the forms differ:\n%+v\n%+v", a, j)
			}
			for i, item := range j.Items {
				e := a.Entries[i]
				if e.ID[0] != item.ID || e.Title[0] != item.Title || e.Content.Text != item.ContentHTML || e.Summary != item.Summary || len(item.Tags) != len(e.Categories) ||
					linkNamed(e.Links, "alternate") != item.URL || linkNamed(e.Links, "related") != item.ExternalURL || e.Updated[0] != item.Modified.Format(time.RFC3339) {
					t.Errorf("entry %d differs:\n%+v\n%+v", i, e, item)
				}
			}
			checkHeaders(t, ask(t, h, "GET", fmt.Sprintf(form, "atom")))
		})
	}
	for target, want := range map[string]int{
		"/feed.atom": 11, "/feed.atom?disclosure=silent&level=major": 2, "/articles/1/feed.atom": 4, "/articles/2/feed.atom": 3, "/articles/8/feed.atom": 0,
		"/outlets/seapost.example/feed.atom": 2, "/outlets/seapost.example/feed.atom?kind=headline": 1,
	} {
		if got := atom(t, h, target).Entries; len(got) != want {
			t.Errorf("GET %s has %d entries, want %d", target, len(got), want)
		}
	}
}

func TestFeedEntrySaysItAll(t *testing.T) {
	h := handler(t, sample())
	doc := jsonFeed(t, h, "/outlets/harnherald.example/feed.json")
	i := slices.IndexFunc(doc.Items, func(e jsonItem) bool {
		return strings.HasSuffix(e.URL, "/articles/1/changes/2..3")
	})
	if i < 0 {
		t.Fatalf("no item of the change 2..3 in %+v", doc.Items)
	}
	e := doc.Items[i]
	for what, ok := range map[string]bool{
		"id":       e.ID == "tag:localhost,2026-03-01:articles/1/changes/2..3/143500",
		"url":      e.URL == "http://localhost:8080/articles/1/changes/2..3",
		"original": e.ExternalURL == "https://www.harnherald.example/town/new-bridge-approved",
		"title":    e.Title == "Divided council approves costly bridge",
		"times":    e.Published.Equal(clock(0, 14, 35)) && e.Modified.Equal(clock(0, 14, 35)),
		"tags":     slices.Equal(e.Tags, []string{"harnherald.example", "major", "stamped", "headline", "quote"}),
		"language": e.Language == "en",
	} {
		if !ok {
			t.Errorf("%s is wrong in %+v", what, e)
		}
	}
	for _, want := range []string{
		`<del>Council approves new bridge</del> <ins>Divided council approves costly bridge</ins>`,
		`<blockquote dir="ltr" lang="en"><p>“It is a good day for <ins>most of</ins> Harn,” said the mayor, Petra Lind. <del>“Nobody will lose their livelihood.”</del></p></blockquote>`,
		`between <time datetime="2026-03-01T14:20:00Z">14:20</time> and <time datetime="2026-03-01T14:35:00Z">14:35 UTC, 1 March 2026</time>: <b>major</b>, 75 of 100; stamped; headline, quote;`,
		`Words of a person in quotation marks were changed.`,
		`<a href="http://localhost:8080/articles/1/changes/2..3">What changed</a>`,
	} {
		if !strings.Contains(e.ContentHTML, want) {
			t.Errorf("the content lacks %s:\n%s", want, e.ContentHTML)
		}
	}
	all := atom(t, h, "/feed.atom?outlet=harnherald.example")
	if got := all.Entries[len(all.Entries)-1].Title[0]; got != "harnherald.example: Council approves new bridge" {
		t.Errorf("among all, an entry is called %q: want its outlet first", got)
	}
	if all.Title[0] != "Changes in the news, by harnherald.example" || all.link("alternate") != "http://localhost:8080/?outlet=harnherald.example" {
		t.Errorf("the feed of a filter is called %q and leads to %s", all.Title[0], all.link("alternate"))
	}
	arabic := atom(t, h, "/feed.atom?outlet=akhbar.example").Entries[0]
	if !strings.Contains(arabic.Content.Text, "<del>12</del> <ins>14</ins>") {
		t.Errorf("the Arabic sentence is not marked:\n%s", arabic.Content.Text)
	}
}

// The feed of an article tells of its events too, unless changes of a sort are
// asked for.
func TestFeedOfAnArticleTellsItsEvents(t *testing.T) {
	h := handler(t, sample())
	doc := atom(t, h, "/articles/2/feed.atom")
	if e := doc.Entries[0]; e.Title[0] != "Taken away (HTTP 410): Clinic to close after inspectors’ visit" || !strings.Contains(e.Content.Text, "answered 410 Gone") || e.ID[0] != "tag:localhost,2026-03-03:articles/2/events/gone/073000" {
		t.Errorf("the newest entry of an article that is gone: %+v", e)
	}
	if title := doc.Entries[1].Title[0]; title != "Version 3: 1 word added, 1 removed" {
		t.Errorf("a change is called %q in the feed of its article", title)
	}
	if got := len(atom(t, h, "/articles/2/feed.atom?kind=number").Entries); got != 1 {
		t.Errorf("of the changes of numbers there are %d, want 1", got)
	}
}

// IDs and addresses are told apart: an ID is the same by whatever name the report
// is asked for, the addresses are those that lead there.
func TestFeedAddresses(t *testing.T) {
	src := sample()
	local := handler(t, src)
	public := report.New(src, report.Options{Public: "https://News.Example.org/", Now: func() time.Time { return clock(3, 12, 0) }})
	for _, tt := range []struct {
		h          http.Handler
		host, base string
		authority  string
	}{
		{local, "localhost:8080", "http://localhost:8080", "localhost"},
		{local, "127.0.0.1:9", "http://127.0.0.1:9", "localhost"},
		{local, "[::1]:8080", "http://[::1]:8080", "localhost"},
		{local, "::1", "http://[::1]", "localhost"},
		{local, "report.example", "http://report.example", "localhost"},
		{local, "localhost:x<y", "http://localhost", "localhost"},
		{public, "localhost", "https://News.Example.org", "news.example.org"},
		{public, "news.example.org", "https://News.Example.org", "news.example.org"},
	} {
		doc := atom(t, tt.h, "/feed.atom?level=major", "Host", tt.host, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example")
		if got, want := doc.link("self"), tt.base+"/feed.atom?min_significance=60"; got != want {
			t.Errorf("Host %s: self is %s, want %s", tt.host, got, want)
		}
		if got := linkNamed(doc.Entries[0].Links, "alternate"); !strings.HasPrefix(got, tt.base+"/articles/") {
			t.Errorf("Host %s: an entry leads to %s, want %s/articles/…", tt.host, got, tt.base)
		}
		if want := "tag:" + tt.authority + ",2026"; !strings.HasPrefix(doc.ID[0], want) || !strings.HasPrefix(doc.Entries[0].ID[0], want) {
			t.Errorf("Host %s: IDs %s and %s, want %s…", tt.host, doc.ID[0], doc.Entries[0].ID[0], want)
		}
	}
	if resp := ask(t, public, "GET", "/feed.atom", "Host", "evil.example"); resp.StatusCode != 403 {
		t.Errorf("a foreign host = %d, want 403", resp.StatusCode)
	}
}

func TestFeedPages(t *testing.T) {
	h := handler(t, press(120))
	seen := map[string]bool{}
	target := "/feed.atom?kind=number"
	for range 3 {
		doc := atom(t, h, target)
		for _, e := range doc.Entries {
			if seen[e.ID[0]] {
				t.Errorf("entry %s comes twice", e.ID[0])
			}
			seen[e.ID[0]] = true
		}
		next, err := url.Parse(doc.link("next"))
		if err != nil {
			t.Fatal(err)
		}
		target = next.RequestURI()
	}
	if len(seen) != 120 || target != "/" {
		t.Errorf("over 3 pages there are %d entries and then %s, want all 120 and no more", len(seen), target)
	}
}

func TestFeedNotModified(t *testing.T) {
	src := sample()
	h := handler(t, src)
	for _, target := range []string{"/feed.atom", "/feed.json?since=24h", "/articles/1/feed.atom"} {
		tag := ask(t, h, "GET", target).Header.Get("ETag")
		if resp := ask(t, h, "GET", target, "If-None-Match", tag); resp.StatusCode != 304 || read(t, resp) != "" {
			t.Errorf("GET %s again = %d, want 304", target, resp.StatusCode)
		}
		later := report.New(src, report.Options{Version: "1.2.3", Now: func() time.Time { return clock(3, 12, 7) }})
		if resp := ask(t, later, "GET", target, "If-None-Match", tag); resp.StatusCode != 304 {
			t.Errorf("GET %s seven minutes later = %d, want 304: nothing changed", target, resp.StatusCode)
		}
	}
}

func TestFeedRefusals(t *testing.T) {
	h := handler(t, sample())
	for target, want := range map[string]int{
		"/feed.atom?kind=nonsense": 400, "/feed.json?before=x": 400, "/articles/99/feed.atom": 404, "/articles/x/feed.json": 404,
		"/outlets/no.example/feed.atom": 404, "/outlets/seapost.example/feed.atom?outlet=kanal.example": 400, "/feed.rss": 404,
	} {
		if status, body := get(t, h, target); status != want || !strings.Contains(body, "<h1") {
			t.Errorf("GET %s = %d, want %d:\n%s", target, status, want, body)
		}
	}
}

// A headline under test is one entry, which is updated with each flip.
func TestFeedFoldsATestOfHeadlines(t *testing.T) {
	src := newFake()
	id := src.add("https://news.example/a", "news.example")
	flip := func(hour int, headline string) {
		src.see(id, clock(0, hour, 0), story(headline, "A text that stays as it is."))
		if hour > 8 {
			src.changed(id, tracker.Change{Kinds: []revision.Kind{revision.Headline}, Disclosure: revision.Silent, Excerpt: marked("[-x-]{+y+}"),
				Reasons: []revision.Reason{{Code: "headline", Points: 30, Text: "The headline was written anew."}}})
		}
	}
	for hour, headline := range []string{"A", "B", "A", "B"} {
		flip(8+hour, headline+" bridge opens")
	}
	h := handler(t, src)
	before := atom(t, h, "/feed.atom")
	flip(12, "A bridge opens")
	after := atom(t, h, "/feed.atom")
	if len(before.Entries) != 1 || len(after.Entries) != 1 {
		t.Fatalf("a test is %d entries, and %d after another flip; want 1", len(before.Entries), len(after.Entries))
	}
	x, y := before.Entries[0], after.Entries[0]
	if x.ID[0] != y.ID[0] || x.Updated[0] >= y.Updated[0] || x.Published != y.Published || y.Title[0] != "news.example: Headline under test: A bridge opens" {
		t.Errorf("the entry of a test does not stay one:\n%+v\n%+v", x, y)
	}
	if !strings.Contains(y.Content.Text, "4 changes among 2 headlines") {
		t.Errorf("the entry does not say that it is a test:\n%s", y.Content.Text)
	}
}

// Pages say where their feeds are.
func TestAutodiscovery(t *testing.T) {
	h := handler(t, sample())
	for target, want := range map[string]string{
		"/": "/feed.%s", "/?disclosure=silent&since=7d": "/feed.%s?disclosure=silent&since=7d", "/articles": "/feed.%s", "/articles/1": "/articles/1/feed.%s",
		"/articles/1/versions/2": "/articles/1/feed.%s", "/articles/1/changes/1..2": "/articles/1/feed.%s", "/articles/99": "/feed.%s", "/nothing": "/feed.%s",
		"/?kind=nonsense": "/feed.%s",
	} {
		_, body := get(t, h, target)
		links := map[string]string{}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			a := map[string]string{}
			for _, attr := range n.Attr {
				a[attr.Key] = attr.Val
			}
			if n.Data == "link" && a["rel"] == "alternate" {
				links[a["type"]] = a["href"]
			}
		}
		if links["application/atom+xml"] != fmt.Sprintf(want, "atom") || links["application/feed+json"] != fmt.Sprintf(want, "json") {
			t.Errorf("GET %s leads to the feeds %v, want %s", target, links, want)
		}
		for _, feed := range links {
			if status, _ := get(t, h, feed); status != 200 {
				t.Errorf("GET %s leads to %s, which is %d", target, feed, status)
			}
		}
	}
}
