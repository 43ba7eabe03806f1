package extract_test

import (
	"encoding/json"
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"storydiff/tracker/extract"
)

// A told is an article of testdata/articles that speaks of walls.
type told struct {
	name, headline string
	paragraphs     []string
	around         string // what stands around it, in words of surroundings
}

func toldArticles(t testing.TB) []told {
	t.Helper()
	files, err := filepath.Glob("testdata/articles/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	var list []told
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			a := told{name: strings.TrimSuffix(f.Name, ".txt")}
			text := strings.TrimSpace(string(f.Data))
			if rest, ok := strings.CutPrefix(text, "# "); ok {
				a.around, text, _ = strings.Cut(rest, "\n")
			}
			paragraphs := strings.Split(text, "\n\n")
			a.headline, a.paragraphs = paragraphs[0], paragraphs[1:]
			list = append(list, a)
		}
	}
	return list
}

// Surroundings of an article that are a sign of a wall each.
type surroundings struct {
	banner, login, widget, paid, invitation bool
}

func surrounded(words string) (s surroundings) {
	for word := range strings.FieldsSeq(words) {
		switch word {
		case "banner":
			s.banner = true
		case "login":
			s.login = true
		case "widget":
			s.widget = true
		case "paid":
			s.paid = true
		case "invitation":
			s.invitation = true
		default:
			panic("no surroundings are called " + word)
		}
	}
	return s
}

// in lays an article out.
func (a told) in(layout func(told, surroundings) string, s surroundings) extract.Input {
	in := extract.Input{Body: []byte(layout(a, s)), ContentType: "text/html; charset=utf-8", URL: "https://post.example/news/" + a.name}
	if s.widget {
		in.Header = map[string][]string{"X-Datadome": {"protected"}, "Cf-Ray": {"8d1"}}
	}
	return in
}

func when(yes bool, markup string) string {
	if yes {
		return markup
	}
	return ""
}

const (
	namedBanner  = `<div id="onetrust-banner-sdk" role="dialog"><h2>We value your privacy</h2><p>We and our 211 partners use cookies and similar technologies to store and/or access information on a device, and process personal data such as unique identifiers, for personalised ads, ad and content measurement and audience research.</p><p>You can change your choices at any time in our privacy policy.</p><button>Manage options</button><button>Accept all</button></div>`
	hashedBanner = `<div class="css-9b1x"><div class="css-2"><p>We use cookies. By clicking Accept all, you agree that we and our partners may store cookies on your device and process personal data for personalised ads. You can withdraw your consent at any time in our privacy policy.</p><div><button>Reject all</button><button>Accept all</button></div></div></div>`
	loginForm    = `<form class="login" action="/login"><label>E-mail <input type="email"></label><label>Password <input type="password"></label><button>Log in</button><a href="/reset">Forgot your password?</a></form>`
	challengeOn  = `<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><script src="https://www.google.com/recaptcha/api.js"></script><script>window._pxAppId='PX1';</script>`
	commentForm  = `<section id="comments"><h3>Leave a comment</h3><form><input name="text"><div class="g-recaptcha" data-sitekey="x"></div><button>Send</button></form></section>`
	offerBox     = `<aside class="subscribe-box"><h3>Support the Post</h3><p>Subscribe now for 9 crowns a month and get unlimited access to all our stories. Already a subscriber? <a href="/login">Log in</a></p><a href="/subscribe">Subscribe now</a></aside>`
	letterBox    = `<div class="css-77"><p>Sign up for our newsletter and get the best of the harbour in your inbox every Friday.</p><input type="email"><button>Sign up</button></div>`
)

func (a told) body() string { return "<p>" + strings.Join(a.paragraphs, "</p>\n<p>") + "</p>" }

func (a told) data(s surroundings) string {
	object := map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "headline": a.headline, "datePublished": "2026-03-03T07:00:00Z", "author": map[string]string{"@type": "Person", "name": "Lena Okafor"}}
	if s.paid {
		object["isAccessibleForFree"] = false
		object["hasPart"] = map[string]any{"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"}
	}
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	return `<script type="application/ld+json">` + string(text) + `</script>`
}

// toldLayouts are designs from one that says all of itself to one that says nothing.
func toldLayouts() map[string]func(told, surroundings) string {
	return map[string]func(told, surroundings) string{
		"semantic": func(a told, s surroundings) string {
			return `<!doctype html><html><head><title>` + a.headline + ` | The Rivermouth Post</title><meta property="og:type" content="article">` + a.data(s) + when(s.widget, challengeOn) + `</head><body>` + when(s.banner, namedBanner) +
				`<header><a href="/">The Rivermouth Post</a><nav><a href="/town">Town</a> <a href="/sport">Sport</a></nav>` + when(s.login, loginForm) + `</header><main><article><h1>` + a.headline + `</h1><p class="byline">By Lena Okafor</p><div class="paywall">` + a.body() + `</div></article>` +
				when(s.invitation, offerBox+letterBox) + when(s.widget, commentForm) + `</main><footer>© The Rivermouth Post</footer></body></html>`
		},
		"nameless": func(a told, s surroundings) string {
			return `<html><head><title>` + a.headline + `</title>` + when(s.paid, `<meta property="article:content_tier" content="locked">`) + when(s.widget, challengeOn) + `</head><body><div>` + when(s.login, loginForm) + `<a href="/">Home</a></div>` + when(s.banner, hashedBanner) +
				`<div><h1>` + a.headline + `</h1>` + a.body() + `</div>` + when(s.invitation, offerBox) + when(s.widget, commentForm) + `</body></html>`
		},
		"blog": func(a told, s surroundings) string {
			return `<!doctype html><html><head><title>` + a.headline + ` – Harbour Notes</title>` + when(s.widget, challengeOn) + `</head><body class="single"><div id="page">` + when(s.banner, namedBanner) + `<div class="site-header"><p><a href="/">Harbour Notes</a></p>` + when(s.login, loginForm) + `</div><div class="post"><h1 class="entry-title">` + a.headline +
				`</h1><div class="entry-meta">3 March 2026 by <a href="/lena">lena</a></div><div class="entry-content">` + a.body() + when(s.invitation, letterBox) + `</div></div>` + when(s.widget, commentForm) + `<div id="secondary"><h2>Recent posts</h2><ul><li><a href="/1">A second ferry</a></li><li><a href="/2">The bridge is shut</a></li><li><a href="/3">Soup</a></li></ul></div></div></body></html>`
		},
		"hashed": func(a told, s surroundings) string {
			return `<!doctype html><html><head><title>` + a.headline + ` | Post</title>` + when(s.paid, a.data(s)) + when(s.widget, challengeOn) + `</head><body><div class="css-a1">` + when(s.login, loginForm) + `<a class="css-l" href="/">Post</a></div>` + when(s.banner, hashedBanner) +
				`<div class="css-b2"><div class="css-c3"><h1 class="css-d4">` + a.headline + `</h1></div><div class="css-e5 paywall">` + a.body() + `</div>` + when(s.invitation, offerBox+letterBox) + `</div></body></html>`
		},
		"line breaks": func(a told, s surroundings) string {
			return `<html><head><title>` + a.headline + `</title>` + when(s.paid, `<meta property="article:content_tier" content="metered">`) + when(s.widget, challengeOn) + `</head><body>` + when(s.banner, namedBanner) + when(s.login, loginForm) + `<table><tr><td><h1>` + a.headline + `</h1>` + strings.Join(a.paragraphs, "<br><br>") + `</td></tr></table>` +
				when(s.invitation, offerBox) + `</body></html>`
		},
		"microdata": func(a told, s surroundings) string {
			return `<html><head><title>The Rivermouth Post: ` + a.headline + `</title>` + when(s.widget, challengeOn) + `</head><body>` + when(s.login, loginForm) + when(s.banner, hashedBanner) + `<div itemscope itemtype="https://schema.org/NewsArticle">` + when(s.paid, `<meta itemprop="isAccessibleForFree" content="false">`) +
				`<h2 itemprop="headline">` + a.headline + `</h2><div itemprop="articleBody">` + a.body() + `</div>` + when(s.invitation, offerBox) + `</div></body></html>`
		},
	}
}

// Articles that speak of cookies, robots, subscriptions, corrections and 404s, or
// stand among banners, forms, offers and the scripts of challenges, are articles;
// and nothing that the page signals makes a paywall of them.
func TestArticlesThatSpeakOfWalls(t *testing.T) {
	articles := toldArticles(t)
	if len(articles) < 60 {
		t.Errorf("%d articles, want 60 at least", len(articles))
	}
	alone := []string{"", "banner", "login", "widget", "paid", "invitation", "paid invitation"}
	for _, a := range articles {
		for name, layout := range toldLayouts() {
			checkTold(t, a, name, layout, a.around)
			if name == "semantic" || name == "nameless" {
				for _, around := range alone {
					checkTold(t, a, name, layout, around)
				}
			}
		}
	}
}

func checkTold(t *testing.T, a told, name string, layout func(told, surroundings) string, around string) {
	t.Helper()
	at := fmt.Sprintf("%s, %s [%s]", a.name, name, around)
	story, err := extract.Read(a.in(layout, surrounded(around)))
	if err != nil {
		t.Errorf("%s: Read refuses it: %v", at, err)
		return
	}
	if want := html.UnescapeString(a.headline); story.Headline != want {
		t.Errorf("%s: headline %q, want %q", at, story.Headline, want)
	}
	first, _, _ := strings.Cut(a.paragraphs[0], "<br>")
	if text := story.Standfirst + story.Body(); !strings.Contains(text, first) {
		t.Errorf("%s: %.60q is not in the text:\n%s", at, first, text)
	}
	if s := story.Signals; s.BreaksOff || s.Paid != strings.Contains(around, "paid") && name != "blog" {
		t.Errorf("%s: signals %+v", at, s)
	}
	if s := story.Signals; !strings.Contains(around, "invitation") && s.Invitation != "" {
		t.Errorf("%s: invites with %q", at, s.Invitation)
	}
}
