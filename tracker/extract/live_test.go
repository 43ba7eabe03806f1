package extract_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// A liveUpdate is a post of a live blog.
type liveUpdate struct{ id, at, shown, head, text string }

func updates() []liveUpdate {
	return []liveUpdate{
		{"post-7", "2026-03-03T14:20:00Z", "5 minutes ago", "The ferry is free", "Two tugs have pulled the ferry off the bank, and it is on its way to the yard under its own power."},
		{"post-6", "2026-03-03T13:45:00Z", "40 minutes ago", "", "All are ashore."},
		{"post-5", "2026-03-03T13:10:00Z", "13:10", "Ferry aground off Saltgate", "The morning ferry has run aground off Saltgate with about 80 people on board, the coast guard says."},
	}
}

const liveHead = `<!doctype html><html lang="en"><head><title>Ferry aground: live | Post</title>%s</head><body><nav><a href="/">Home</a></nav>
<main><h1>Ferry aground: live</h1><p class="standfirst">What we know of the ferry that ran aground off Saltgate this morning.</p>%s</main>
<footer>© Post</footer></body></html>`

const liveLD = `<script type="application/ld+json">{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"Ferry aground: live","coverageStartTime":"2026-03-03T13:00:00Z","datePublished":"2026-03-03T13:00:00Z"%s}</script>`

// feed draws posts in one of the ways in which sites do.
func feed(design string, posts []liveUpdate) string {
	var b strings.Builder
	b.WriteString(`<div class="feed">`)
	for _, u := range posts {
		permalink := "/news/ferry-live#" + u.id
		head := ""
		if u.head != "" {
			head = fmt.Sprintf(`<h2><a href="%s">%s</a></h2>`, permalink, u.head)
		}
		when := fmt.Sprintf(`<time datetime="%s">%s</time>`, u.at, u.shown)
		text := "<p>" + u.text + "</p>"
		share := `<div class="share"><a href="/share">Share</a></div>`
		switch design {
		case "articles":
			fmt.Fprintf(&b, `<article class="post" id="%s"><div class="post-meta">%s <span class="author">By Lena Okafor</span></div>%s%s%s</article>`, u.id, when, head, text, share)
		case "boxes":
			fmt.Fprintf(&b, `<div class="x7f" data-id="%s"><div class="a1">%s <span class="author">Lena Okafor</span></div><div class="a2">%s<div>%s</div></div>%s</div>`, u.id, when, head, text, share)
		case "microdata":
			fmt.Fprintf(&b, `<section itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting" id="%s">%s<meta itemprop="datePublished" content="%s">%s%s</section>`,
				u.id, strings.Replace(when, "<time", `<time itemprop="dateModified"`, 1), u.at, head, text)
		case "inline":
			fmt.Fprintf(&b, `<div class="entry" id="%s"><p>%s <strong>%s</strong></p>%s%s</div>`, u.id, when, u.head, text, `<p>Seen on <time datetime="2026-03-03">Tuesday</time> by all who stood on the pier at Saltgate.</p>`)
		case "list":
			fmt.Fprintf(&b, `<li id="%s" class="ticker-item">%s %s %s</li>`, u.id, when, head, text)
		}
	}
	return b.String() + `</div><button>Load more</button>`
}

func livePage(design string, posts []liveUpdate) string {
	if design == "microdata" {
		page := fmt.Sprintf(liveHead, "", feed(design, posts))
		return strings.Replace(page, "<main>", `<main itemscope itemtype="https://schema.org/LiveBlogPosting">`, 1)
	}
	return fmt.Sprintf(liveHead, fmt.Sprintf(liveLD, ""), feed(design, posts))
}

func postsIn(s *extract.Story) string {
	var b strings.Builder
	for _, block := range s.Blocks {
		fmt.Fprintf(&b, "%s|%s|%s\n", block.Post, block.Kind, block.Text)
	}
	return b.String()
}

const wantPosts = `post-7|heading|2026-03-03 14:20 UTC
post-7|heading|The ferry is free
post-7|paragraph|Two tugs have pulled the ferry off the bank, and it is on its way to the yard under its own power.
post-6|heading|2026-03-03 13:45 UTC
post-6|paragraph|All are ashore.
post-5|heading|2026-03-03 13:10 UTC
post-5|heading|Ferry aground off Saltgate
post-5|paragraph|The morning ferry has run aground off Saltgate with about 80 people on board, the coast guard says.
`

// Posts are read each with its time and heading, in whatever way they are drawn;
// how the page words a time, and who wrote a post, says nothing of the story.
func TestLiveBlogs(t *testing.T) {
	for design, source := range map[string]string{"articles": "json-ld", "boxes": "json-ld", "microdata": "microdata", "list": "json-ld", "inline": "json-ld"} {
		story, err := extract.Read(extract.Input{Body: []byte(livePage(design, updates())), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry-live"})
		if err != nil {
			t.Errorf("%s: %v", design, err)
			continue
		}
		got := strings.ReplaceAll(postsIn(story), "|list|", "|paragraph|")
		got = regexp.MustCompile("(?m)^.*\\|(Lena Okafor|Seen on Tuesday by all who stood on the pier at Saltgate.)\n").ReplaceAllString(got, "")
		if got != wantPosts {
			t.Errorf("%s: the blocks are\n%s\nwant\n%s", design, got, wantPosts)
		}
		if !story.Signals.Live || !story.Live() || story.Sources["live"] != source {
			t.Errorf("%s: live %v by %q, want %q", design, story.Signals.Live, story.Sources["live"], source)
		}
		if story.Byline != "" || story.Standfirst != "What we know of the ferry that ran aground off Saltgate this morning." || story.Headline != "Ferry aground: live" {
			t.Errorf("%s: headline %q, standfirst %q, byline %q", design, story.Headline, story.Standfirst, story.Byline)
		}
	}
}

// Time that goes on is no change of a post.
func TestLiveClocks(t *testing.T) {
	for _, design := range []string{"articles", "boxes", "microdata", "list", "inline"} {
		read := func(posts []liveUpdate) string {
			story, err := extract.Read(extract.Input{Body: []byte(livePage(design, posts)), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry-live"})
			if err != nil {
				t.Fatal(err)
			}
			return postsIn(story)
		}
		later := updates()
		for i := range later {
			later[i].shown = []string{"1 hour ago", "Tuesday, 13:45", "3 March"}[i]
		}
		if before, after := read(updates()), read(later); before != after {
			t.Errorf("%s: at first it is\n%s\nand later\n%s", design, before, after)
		}
		if got := read(updates()); design == "inline" && !strings.Contains(got, "Seen on Tuesday by") {
			t.Errorf("a day in a sentence went:\n%s", got)
		}
	}
}

// The first post, or one left alone, is read as it is among others.
func TestSinglePost(t *testing.T) {
	for _, design := range []string{"articles", "microdata"} {
		story, err := extract.Read(extract.Input{Body: []byte(livePage(design, updates()[:1])), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/ferry-live"})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := postsIn(story), strings.Join(strings.SplitAfter(wantPosts, "\n")[:3], ""); got != want {
			t.Errorf("%s: the blocks are\n%s\nwant\n%s", design, got, want)
		}
	}
}

// A page that a script draws gives its posts in its data.
func TestLiveShell(t *testing.T) {
	var items []string
	for _, u := range updates() {
		items = append(items, fmt.Sprintf(`{"@type":"BlogPosting","@id":"https://post.example/news/ferry-live#%s","headline":%q,"datePublished":%q,"articleBody":%q}`, u.id, u.head, u.at, u.text))
	}
	page := `<html><head><title>Ferry aground: live</title>` + fmt.Sprintf(liveLD, `,"liveBlogUpdate":[`+strings.Join(items, ",")+`]`) + `</head><body><div id="app"></div></body></html>`
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html", URL: "https://post.example/news/ferry-live"})
	if err != nil {
		t.Fatal(err)
	}
	if got := postsIn(story); got != wantPosts || story.Sources["body"] != "json-ld" {
		t.Errorf("the blocks, by %s, are\n%s\nwant\n%s", story.Sources["body"], got, wantPosts)
	}
}

// A page with more posts than anybody writes is read before Read gives up on it.
func TestManyPosts(t *testing.T) {
	var posts []liveUpdate
	for i := range 10_000 / slowdown {
		posts = append(posts, liveUpdate{fmt.Sprint("p", i), "2026-03-03T14:20:00Z", "now", "Boats", "The boats sail from June on."})
	}
	for _, design := range []string{"articles", "boxes", "microdata"} {
		story, err := extract.Read(extract.Input{Body: []byte(livePage(design, posts)), ContentType: "text/html", URL: "https://post.example/news/ferry-live"})
		if err != nil {
			t.Errorf("%s: %v", design, err)
		} else if len(story.Blocks) < 2*len(posts) {
			t.Errorf("%s: %d blocks of %d posts", design, len(story.Blocks), len(posts))
		}
	}
}

// Signs of a live blog that is not the page's own make none.
func TestNotLive(t *testing.T) {
	other := `<script type="application/ld+json">[{"@type":"NewsArticle","headline":"Ferry returns"},{"@type":"LiveBlogPosting","headline":"Council elections: all results as they come in"}]</script>`
	both := `<script type="application/ld+json">[{"@type":"NewsArticle","headline":"Ferry returns"},{"@type":"LiveBlogPosting","headline":"Ferry returns: live"}]</script>`
	started := `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","coverageStartTime":"2026-03-03T13:00:00Z"}</script>`
	for head, want := range map[string]bool{"": false, other: false, both: true, started: true} {
		page := `<html><head><title>Ferry returns</title>` + head + `</head><body><article><h1>Ferry returns</h1>` + saltgate + `</article>
<aside itemscope itemtype="https://schema.org/LiveBlogPosting"><p>Live: the council.</p></aside></body></html>`
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		if err != nil {
			t.Fatal(err)
		}
		if story.Signals.Live != want {
			t.Errorf("%q: live is %v, want %v", head, story.Signals.Live, want)
		}
		for _, block := range story.Blocks {
			if block.Post != "" {
				t.Errorf("%q: %q is in post %q", head, block.Text, block.Post)
			}
		}
	}
}
