package discover_test

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"storydiff/cmd/storydiff/paper"
	"storydiff/tracker/discover"
	"storydiff/tracker/extract/trial"
)

// A language is what the fronts of an outlet say.
type language struct {
	name     string
	titles   []string
	words    *trial.Words
	sections []string // words of the menu
	house    []string // longer ones of the foot
}

func languages() []language {
	town := paper.Town(30, 7)
	var english []string
	for _, path := range town.Paths() {
		story, err := town.Story(path)
		if err != nil {
			panic(err)
		}
		english = append(english, story.Headline)
	}
	list := []language{
		{"English", english, trial.English(), []string{"News", "Sport", "Culture", "Opinion", "Harbour and ferries"}, []string{"About us", "Terms and conditions", "How we use your data and cookies", "Work with us at the paper"}},
		{"German", nil, trial.German(), []string{"Politik", "Sport", "Kultur", "Meinung", "Hafen und Fähren"}, []string{"Über uns", "Allgemeine Geschäftsbedingungen", "Wie wir mit Ihren Daten umgehen", "Arbeiten bei der Post"}},
		{"French", nil, trial.French(), []string{"Politique", "Sport", "Culture", "Opinions", "Le port et les bacs"}, []string{"Qui sommes-nous", "Conditions générales", "Comment nous utilisons vos données personnelles", "Travailler avec nous"}},
		{"Chinese", nil, trial.Chinese(), []string{"新闻", "体育", "文化", "评论", "港口"}, []string{"关于我们", "使用条款", "我们如何使用您的个人资料和偏好", "加入我们"}},
		{"Arabic", nil, trial.Arabic(), []string{"أخبار", "رياضة", "ثقافة", "رأي", "الميناء والعبارات"}, []string{"من نحن", "الشروط والأحكام", "كيف نستخدم بياناتك الشخصية في الموقع", "اعمل معنا"}},
	}
	for i := range list {
		for _, other := range list[i].words.Elsewhere {
			list[i].titles = append(list[i].titles, other[0])
		}
	}
	return list
}

// addressings are how outlets address their articles: by day, by section, with a
// number, by that alone, by a query, by a code that says nothing.
var addressings = []struct {
	name string
	of   func(i int, title string) string
}{
	{"by day", func(i int, title string) string { return fmt.Sprintf("/2026/03/%02d/%s", 1+i%28, slug(title)) }},
	{"by section", func(i int, title string) string { return "/town/" + slug(title) }},
	{"slug and number", func(i int, title string) string { return fmt.Sprintf("/town/%s-%d.html", slug(title), 10200+i*37) }},
	{"number", func(i int, title string) string { return fmt.Sprintf("/article/%d", 1020300+i*37) }},
	{"query", func(i int, title string) string { return fmt.Sprintf("/story.php?id=%d", 1020300+i*37) }},
	{"code", func(i int, title string) string { return fmt.Sprintf("/a/x%dk", 102+i*37) }},
}

func slug(title string) string {
	s := strings.Join(strings.Fields(strings.ToLower(title)), "-")
	return (&url.URL{Path: strings.Trim(strings.NewReplacer(",", "", "“", "", "”", "", "’", "", ".", "", "?", "").Replace(s), "-")}).EscapedPath()
}

// A frontPage is a front as its layout draws it.
type frontPage struct {
	language
	class func(string) string
	paths []string // of titles
}

// name gives a box its name, or a hash in its place.
func hashedName(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprintf("css-%x", h.Sum32()&0xffffff)
}

func (f *frontPage) menu(open, close, between string) string {
	var items []string
	for i, s := range f.sections {
		items = append(items, fmt.Sprintf(`<a href="/%s">%s</a>`, []string{"news", "sport", "culture", "opinion", "harbour-ferries"}[i], s))
	}
	return open + `<a href="/">Home</a>` + between + strings.Join(items, between) + between + `<a href="/login">Log in</a>` + close
}

func (f *frontPage) foot(open, close string) string {
	var b strings.Builder
	for i, s := range f.house {
		fmt.Fprintf(&b, `<li><a href="/%s">%s</a></li>`, []string{"about", "terms-and-conditions", "privacy-policy", "jobs"}[i], s)
	}
	return open + "<ul>" + b.String() + `<li><a href="/newsletter">` + f.words.SignUpLines[1] + `</a></li><li><a href="https://social.example/the-post-of-this-town">Social</a></li></ul>` + close
}

// between stands among the articles, and is none.
func (f *frontPage) between(i int) string {
	switch i % 6 {
	case 0:
		return `<p><a href="/newsletter">` + f.words.NewsletterLines[0] + `</a></p>`
	case 1:
		return `<div class="` + f.class("ad-slot") + `"><a rel="sponsored" href="/offer/halden-mattress-for-this-spring-1">` + f.words.Pitches[0] + `</a></div>`
	case 2:
		return `<p><a href="/subscribe">` + fmt.Sprintf(f.words.Meter, 3) + ` ` + f.words.Subscribe + `</a></p>`
	case 3:
		return `<p><a href="/tag/harbour-board">` + f.sections[4] + `</a> <a href="/author/lena-brandt-moe">Lena Brandt Moe</a></p>`
	case 4:
		return `<p><a href="?page=2">2</a> <a href="/town/page/3">3</a></p>`
	}
	// A page that gathers a subject looks like an article until it was looked at.
	return `<h3><a href="/collection/the-harbour-plan-in-full">` + f.words.Related + `: ` + f.words.Elsewhere[5][0] + `</a></h3>`
}

// layouts draw fronts.
var layouts = []struct {
	name string
	draw func(f *frontPage) string
}{
	{"semantic", func(f *frontPage) string {
		return f.menu("<header><nav>", "</nav></header>", " ") + "<main>" + f.each(func(i int, path, title string) string {
			return fmt.Sprintf(`<article><h2><a href="%s">%s</a></h2><p>%s</p><time datetime="2026-03-02">2 March</time></article>`, path, title, f.words.Elsewhere[i%6][1])
		}) + "</main>" + f.foot("<footer>", "</footer>")
	}},
	{"cards", func(f *frontPage) string {
		return f.menu(`<div class="`+f.class("site-menu")+`">`, "</div>", " ") + `<div class="` + f.class("grid") + `">` + f.each(func(i int, path, title string) string {
			return fmt.Sprintf(`<div class="%s"><a href="%s"><img src="/i%d.jpg" alt=""><span>%s</span><h3>%s</h3></a></div>`, f.class("card"), path, i, f.sections[i%4], title)
		}) + "</div>" + f.foot(`<div class="`+f.class("site-footer")+`">`, "</div>")
	}},
	{"cards without headings", func(f *frontPage) string {
		return f.menu(`<ul class="`+f.class("nav")+`"><li>`, "</li></ul>", "</li><li>") + f.each(func(i int, path, title string) string {
			return fmt.Sprintf(`<div class="%s"><a href="%s"><img src="/i%d.jpg" alt=""></a><a href="%s"><span class="%s">%s</span></a></div>`, f.class("story-card"), path, i, path, f.class("title"), title)
		}) + f.foot(`<div class="`+f.class("footer-links")+`">`, "</div>")
	}},
	{"list", func(f *frontPage) string {
		return f.menu("<p>", "</p>", " | ") + "<ul>" + f.each(func(_ int, path, title string) string {
			return fmt.Sprintf(`<li><a href="%s">%s</a></li>`, path, title)
		}) + "</ul>" + f.foot("<hr>", "")
	}},
	{"table", func(f *frontPage) string {
		return f.menu("<table><tr><td>", "</td></tr></table>", "</td><td>") + "<table>" + f.each(func(_ int, path, title string) string {
			return fmt.Sprintf(`<tr><td><font size="4"><b><a href="%s">%s</a></b></font><br>%s</td></tr>`, path, title, f.words.Elsewhere[0][1])
		}) + "</table>" + f.foot("<center>", "</center>")
	}},
	{"with all around", func(f *frontPage) string {
		return f.menu(`<header><nav>`, `</nav></header>`, " ") + f.each(func(i int, path, title string) string {
			return fmt.Sprintf(`<section class="%s"><a class="%s" href="/town">%s</a><h3><a href="%s">%s</a></h3><p>%s <a href="%s">%s</a></p><a href="%s#comments">%s</a><a href="/author/a-writer-%d">A. Writer</a></section>`,
				f.class("teaser"), f.class("kicker"), f.sections[0], path, title, f.words.Elsewhere[i%6][1], path, f.words.ReadMore, path, fmt.Sprintf(f.words.CommentCount, i), i)
		}) + f.foot("<footer>", "</footer>")
	}},
}

func (f *frontPage) each(draw func(i int, path, title string) string) string {
	var b strings.Builder
	for i, title := range f.titles {
		b.WriteString(draw(i, f.paths[i], title))
		if !strings.HasSuffix(b.String(), "</tr>") && !strings.HasSuffix(b.String(), "</li>") {
			b.WriteString(f.between(i))
		}
	}
	return b.String()
}

// A score counts links told right and wrong.
type score struct{ right, wrong, missed int }

func (s *score) add(links []discover.Link, want map[string]bool, show func(string)) {
	got := map[string]bool{}
	for _, l := range links {
		path := strings.TrimPrefix(l.URL, site)
		got[path] = true
		if want[path] {
			s.right++
		} else {
			s.wrong++
			show("wrong  " + path)
		}
	}
	for path := range want {
		if !got[path] {
			s.missed++
			show("missed " + path)
		}
	}
}

func (s *score) precision() float64 { return 100 * float64(s.right) / float64(max(1, s.right+s.wrong)) }
func (s *score) recall() float64    { return 100 * float64(s.right) / float64(max(1, s.right+s.missed)) }

// TestFronts tells the links of generated fronts apart: of each layout, with
// telling and with hashed names, in each language and each way to address
// articles; first with nothing known of the outlet, then with a third of its
// articles known.
func TestFronts(t *testing.T) {
	var alone, taught, told score
	byWay := map[string]*score{}
	for _, lang := range languages() {
		for _, way := range addressings {
			for _, layout := range layouts {
				for _, class := range []func(string) string{func(s string) string { return s }, hashedName} {
					f := &frontPage{language: lang, class: class}
					want := map[string]bool{}
					var known []string
					for i, title := range lang.titles {
						f.paths = append(f.paths, way.of(i, title))
						want[f.paths[i]] = true
						if i%3 == 0 {
							known = append(known, site+f.paths[i])
						}
					}
					page := "<!doctype html><html><head><title>Front</title></head><body>" + layout.draw(f) + "</body></html>"
					for _, in := range []struct {
						known, others []string
						score         *score
					}{{nil, nil, &alone}, {known, nil, &taught}, {known, []string{site + "/collection/the-harbour-plan-in-full"}, &told}} {
						r, err := discover.Read(discover.Input{Body: []byte(page), URL: site + "/town", Articles: in.known, Others: in.others})
						if err != nil {
							t.Fatal(err)
						}
						one := score{}
						one.add(r.Links, want, func(said string) {
							if testing.Verbose() {
								t.Logf("%s, %s, %s, known %d: %s", lang.name, way.name, layout.name, len(in.known), said)
							}
						})
						in.score.right += one.right
						in.score.wrong += one.wrong
						in.score.missed += one.missed
						key := fmt.Sprintf("%s, known %t, others %t", way.name, in.known != nil, in.others != nil)
						if byWay[key] == nil {
							byWay[key] = &score{}
						}
						byWay[key].right += one.right
						byWay[key].wrong += one.wrong
						byWay[key].missed += one.missed
					}
				}
			}
		}
	}
	for key, s := range byWay {
		t.Logf("%-45s precision %.1f %%, recall %.1f %%", key, s.precision(), s.recall())
	}
	for _, s := range []struct {
		name              string
		score             score
		precision, recall float64 // least
	}{{"nothing known", alone, 94, 95}, {"a third known", taught, 94, 98}, {"a third known, and what is none", told, 98, 98}} {
		t.Logf("%s: %d links, precision %.1f %%, recall %.1f %%", s.name, s.score.right+s.score.missed, s.score.precision(), s.score.recall())
		if s.score.precision() < s.precision || s.score.recall() < s.recall {
			t.Errorf("%s: precision %.1f %% and recall %.1f %%, want at least %v and %v", s.name, s.score.precision(), s.score.recall(), s.precision, s.recall)
		}
	}
}

// TestDesigns does the same with the article pages of the extractor's trial, whose
// furniture is what fronts are made of: addresses there say nothing, but for those
// of newsletters and the like.
func TestDesigns(t *testing.T) {
	href := regexp.MustCompile(`<a [^>]*href="([^"]*)"`)
	teaser := regexp.MustCompile(`^/[scklmb]\d[\d-]*$`)
	words := map[string]*trial.Words{"de": trial.German(), "fr": trial.French(), "zh": trial.Chinese(), "ar": trial.Arabic()}
	var all score
	for _, d := range trial.Designs() {
		if d.Shell {
			continue
		}
		for view := range 4 {
			n := d.Story()
			w := words[n.Lang[:2]]
			if w == nil {
				w = trial.English()
			}
			page := d.Page(n, trial.Furnished(view, view%2 == 1, w, trial.Furnishings()...))
			want := map[string]bool{}
			for _, m := range href.FindAllStringSubmatch(page, -1) {
				if teaser.MatchString(m[1]) {
					want[m[1]] = true
				}
			}
			r, err := discover.Read(discover.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: site + "/ferry"})
			if err != nil {
				t.Fatal(err)
			}
			r.Links = slices.DeleteFunc(r.Links, func(l discover.Link) bool { // a video and the ticker's story: either will do
				return strings.HasSuffix(l.URL, "/v") || strings.HasSuffix(l.URL, "/t")
			})
			all.add(r.Links, want, func(said string) {
				if testing.Verbose() {
					t.Logf("%s: %s", d.Name, said)
				}
			})
		}
	}
	t.Logf("%d links, precision %.1f %%, recall %.1f %%", all.right+all.missed, all.precision(), all.recall())
	if all.precision() < 95 || all.recall() < 90 {
		t.Errorf("precision %.1f %% and recall %.1f %%, want at least 95 and 90", all.precision(), all.recall())
	}
}

// A link of the menu or the foot is none to an article although it reads like one,
// unless it stands among the news as well.
func TestBesides(t *testing.T) {
	const headline = `<h3><a href="/guide/the-harbour-for-visitors-this-summer">The harbour for visitors: a guide for this summer</a></h3>`
	for _, tt := range []struct {
		html string
		want int
	}{
		{headline, 1},
		{`<nav>` + headline + `</nav>`, 0},
		{`<header>` + headline + `</header>`, 0},
		{`<article><header>` + headline + `</header></article>`, 1},
		{`<footer>` + headline + `</footer>`, 0},
		{`<div role="navigation">` + headline + `</div>`, 0},
		{`<div class="x main-menu">` + headline + `</div>`, 0},
		{`<div id="site_footer">` + headline + `</div>`, 0},
		{`<div class="headline-advice">` + headline + `</div>`, 1},
		{`<form>` + headline + `</form>`, 0},
		{`<nav>` + headline + `</nav><main>` + headline + `</main>`, 1},
	} {
		r, err := discover.Read(discover.Input{Body: []byte("<html><body>" + tt.html), URL: site + "/town"})
		if err != nil || len(r.Links) != tt.want {
			t.Errorf("%s: %v, %v, want %d links", tt.html, r.Links, err, tt.want)
		}
	}
}
