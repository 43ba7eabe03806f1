package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker"
)

var changeLink = regexp.MustCompile(`<h3 dir="\w+"(?: lang="[\w-]+")?><a href="/articles/(\d+)/changes/(\d+)\.\.`)

// listed returns the changes on a page, as "article/from".
func listed(body string) []string {
	var out []string
	for _, m := range changeLink.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1]+"/"+m[2])
	}
	return out
}

func TestFilters(t *testing.T) {
	h := handler(t, sample())
	tests := []struct {
		query string
		want  string
		says  string
	}{
		{"outlet=kanal.example", "5/1", "by kanal.example"},
		{"outlet=KANAL.example+", "5/1", "by kanal.example"},
		{"kind=hedge", "2/1", "of kind hedge"},
		{"kind=paragraph-added", "6/1", "of kind paragraph added"},
		{"disclosure=noted", "5/1 1/3", "noted"},
		{"min_significance=60", "5/1 1/4 1/2 1/1", "of significance 60 or more"},
		{"level=major", "5/1 1/4 1/2 1/1", "of significance 60 or more"},
		{"min_significance=79", "5/1", `<option value="79" selected>79 and above</option>`},
		{"tag=council&disclosure=silent", "1/4 1/1", "silent, tagged council"},
		{"since=24h&kind=headline", "7/1 5/1 3/1", "last 24 hours"},
		{"since=2026-03-03&outlet=harnherald.example", "1/4", `<option value="2026-03-03" selected>since 2026-03-03</option>`},
		{"since=2026-03-01T14:00:00Z&outlet=harnherald.example", "1/4 1/3 1/2", "14:00 UTC, 1 March 2026"},
		{"since=1w&outlet=harnherald.example&kind=quote", "1/2", ""},
		{"utm_source=x&kind=hedge", "2/1", ""},
		{"until=2026-03-01&outlet=harnherald.example", "1/2 1/1", "seen before 00:00 UTC, 2 March 2026"},
		{"since=2026-03-01T14:00:00Z&until=2026-03-02&outlet=harnherald.example", "1/3 1/2", `value="2026-03-02"`},
		{"until=24h&outlet=harnherald.example", "1/4 1/3 1/2 1/1", ""},
		{"q=million", "1/4 1/3 1/1", "in passages with million"},
		{"q=%22most+of+harn%22", "1/2", `value="&#34;most of harn&#34;"`},
		{"q=bjorn", "3/1", ""}, // the accent came
		{"q=xyzzy", "", `or <a href="/search?q=xyzzy">search the text of all versions</a>`},
		{"q=%22+OR+NEAR%28", "", "No change matches"},
		{"kind=byline", "", "No change matches"},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			status, body := get(t, h, "/?"+tt.query)
			if got := strings.Join(listed(body), " "); status != 200 || got != tt.want {
				t.Errorf("GET /?%s = %d with %q, want %q", tt.query, status, got, tt.want)
			}
			if !strings.Contains(body, tt.says) {
				t.Errorf("GET /?%s does not say %q", tt.query, tt.says)
			}
		})
	}
}

func TestFilterErrors(t *testing.T) {
	h := handler(t, sample())
	for query, says := range map[string]string{
		"kind=colour":                       "kind must be one of headline, standfirst",
		"disclosure=loud":                   "disclosure must be one of silent, stamped, noted",
		"min_significance=101":              "from 0 to 100",
		"min_significance=x":                "from 0 to 100",
		"min_significance=-1":               "from 0 to 100",
		"level=huge":                        "level must be one of major",
		"level=major&min_significance=1":    "not both",
		"since=yesterday":                   "since must be a span",
		"since=-1h":                         "since must be a span",
		"since=999999999d":                  "since must be a span",
		"since=99999999999999999999w":       "since must be a span",
		"since=2026-13-45":                  "since must be a span",
		"until=soon":                        "until must be a span",
		"since=2026-03-02&until=2026-03-01": "until lies before since",
		"before=0":                          "before must be",
		"before=99999999999999999999":       "before must be",
		"kind=date&kind=name":               "kind is given more than once",
		"outlet=%zz":                        "not well-formed",
		"tag=%00":                           "no plain text",
		"outlet=%ff":                        "no plain text",
		"a;b=1":                             "not well-formed",
		"tag=" + strings.Repeat("x", 5000):  "longer than 300 bytes",
	} {
		status, body := get(t, h, "/?"+query)
		if status != 400 || !strings.Contains(body, says) {
			t.Errorf("GET /?%.60s = %d, want 400 and %q", query, status, says)
		}
	}
}

// TestPaging walks from page to page: every change is listed once, the newest first.
func TestPaging(t *testing.T) {
	src := newFake()
	id := src.add("https://news.example/a", "news.example")
	src.see(id, clock(0, 0, 0), story("Take 0", "Text."))
	var want []string
	for i := 1; i <= 120; i++ {
		src.see(id, clock(0, 0, i), story(fmt.Sprint("Take ", i), "Text."))
		src.changed(id, tracker.Change{Disclosure: "silent"})
		want = append(want, fmt.Sprintf("1/%d", i))
	}
	slices.Reverse(want)
	h := handler(t, src)
	next := regexp.MustCompile(`href="([^"]*)" rel="next"`)
	var got []string
	target, counts := "/?disclosure=silent", []string{}
	for target != "" && len(got) <= len(want) {
		_, body := get(t, h, target)
		page := listed(body)
		counts = append(counts, fmt.Sprint(len(page)))
		got = append(got, page...)
		target = ""
		if m := next.FindStringSubmatch(body); m != nil {
			target = strings.ReplaceAll(m[1], "&amp;", "&")
			if !strings.Contains(target, "disclosure=silent") {
				t.Errorf("the next page, %s, forgets the filter", target)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages of %v list %d changes, want 120, each once", counts, len(got))
	}
	if _, body := get(t, h, "/"); !strings.Contains(body, "The newest 50 changes in 1 article") {
		t.Error("the first page does not say that there are more")
	}
}

func TestArticlesArePaged(t *testing.T) {
	src := newFake()
	for i := range 250 {
		src.add(fmt.Sprintf("https://news.example/%d", i), "news.example")
	}
	h := handler(t, src)
	for target, want := range map[string]string{"/articles": "100 of 250 articles", "/articles?after=0.51": "50 further of 250 articles"} {
		if _, body := get(t, h, target); !strings.Contains(body, want) {
			t.Errorf("GET %s does not say %q", target, want)
		}
	}
}
