package storagetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/search"
)

// found returns what a question finds, as "article:1-3,5-" with where it
// stood, over all pages.
func (f *fixture) found(text string, narrow func(*tracker.SearchQuery)) string {
	f.Helper()
	words, err := search.Parse(text)
	f.ok(err)
	q := tracker.SearchQuery{Words: words}
	if narrow != nil {
		narrow(&q)
	}
	var out []string
	for {
		r, err := f.Search(f.Context(), q)
		f.ok(err)
		for _, h := range r.Hits {
			out = append(out, fmt.Sprintf("%d:%s", h.ArticleID, standsText(h)))
		}
		if q.Before, q.Skip = r.Next, r.Skip; q.Before == 0 {
			return strings.Join(out, " ")
		}
	}
}

func standsText(h tracker.SearchHit) string {
	var out []string
	for _, s := range h.Stands {
		text := fmt.Sprint(s.First, "-")
		if !s.Open {
			text += fmt.Sprint(s.Last)
		}
		out = append(out, text)
	}
	return strings.Join(out, ",")
}

// wantFound holds a question against the articles it is to find.
func (f *fixture) wantFound(text, want string) {
	f.Helper()
	f.same(fmt.Sprintf("found by %s", text), f.found(text, nil), want)
}

// life publishes stories one after the other, an hour apart.
func (f *fixture) life(id int64, stories ...extract.Story) {
	f.Helper()
	for _, s := range stories {
		f.now = f.now.Add(time.Hour)
		c := change(f.now, 10, revision.Wording)
		c.SeenAfter = f.now.Add(-20 * time.Minute)
		f.publish(id, s, c)
	}
}

// Words are found in whatever part and version they stood.
func searchFinds(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	s := story("Council approves bridge", "It cost 12 million crowns.", "“Nobody will lose,” said the mayor.", "The old ferry sails on.")
	s.Standfirst, s.Byline = "After six years of dispute", "By Zoë Grün"
	s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Caption, Text: "Photograph: Ida Moor"}, extract.Block{Kind: extract.Note, Text: "Correction: an earlier figure was wrong."})
	f.life(a.ID, s)
	f.life(b.ID, story("新大桥将于五月开放", "委员会周二投票决定建造新大桥。", "สภาลงมติสร้างสะพานใหม่", "المجلس يوافق على الجسرِ الجديد", "다리는 서울에서 개통된다"))
	for text, want := range map[string]string{
		"council":                   "1:1-", // a headline
		"dispute":                   "1:1-", // a standfirst
		"zoe grun":                  "1:1-", // a byline, without its accents
		"ZOË":                       "1:1-",
		"photograph":                "1:1-",
		"correction":                "1:1-",
		"bridge ferry":              "1:1-", // in two paragraphs
		`"12 million"`:              "1:1-",
		`"million 12"`:              "",
		`"old ferry sails"`:         "1:1-",
		"“nobody will lose”":        "1:1-", // as newspapers quote
		"mill*":                     "1:1-",
		`"12 mill*"`:                "", // within quotation marks a star is none
		`"12 mill"*`:                "1:1-",
		"mill":                      "",
		"bridge -ferry":             "",
		"bridge -boat":              "1:1-",
		"bridge boat":               "",
		"bridge -zzz*":              "1:1-",
		"zzz*":                      "",
		"大桥":                        "2:1-",
		"大桥将于":                      "2:1-",
		"桥大":                        "",
		"五":                         "2:1-", // one character
		"放":                         "2:1-", // the last of a line
		"委员会 大桥":                    "2:1-",
		"สะพาน":                     "2:1-",
		"الجسر":                     "2:1-", // without its vowel
		"서울":                        "2:1-", // with a particle behind it
		"million OR bridge":         "",     // a word like any other
		"NEAR(bridge million)":      "",
		"bridge, million; (crowns)": "1:1-",
	} {
		f.wantFound(text, want)
	}
}

// What stood in which versions is said, and by which change it came and went.
func searchStands(f *fixture) {
	a := f.add("/a")
	one, two := "It cost 12 million.", "It cost 14 million."
	f.life(a.ID, story("One", one, "The bridge."), story("One", two, "The bridge."), story("Two", two, "The bridge."), story("Two", one, "The bridge."),
		story("Two", one, "The bridge.", "A ferry."), story("Two", two, "The bridge.", "A ferry."), story("Two", two, "A ferry.", "The bridge, at last."))
	for text, want := range map[string]string{
		"12":                 "1:1-1,4-5",
		"14":                 "1:2-3,6-",
		"cost":               "1:1-",
		"one":                "1:1-2",
		"two":                "1:3-",
		"ferry":              "1:5-",
		"12 two":             "1:4-5", // both in one version
		"12 ferry":           "1:5-5",
		"one ferry":          "",
		"12 14":              "",
		"bridge":             "1:1-", // in another passage in the end
		`"bridge at"`:        "1:7-",
		`"the bridge" -last`: "",
	} {
		f.wantFound(text, want)
	}
	words, err := search.Parse(`"12 million"`)
	f.ok(err)
	r, err := f.Search(f.Context(), tracker.SearchQuery{Words: words})
	f.ok(err)
	at := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	f.same("the hit", r, tracker.SearchResult{Hits: []tracker.SearchHit{{
		ArticleID: a.ID, URL: a.URL, Outlet: "example.com", Title: "Two", Lang: "en-GB", Versions: 7,
		Stands: []tracker.Stand{
			{First: 1, Last: 1, Came: tracker.Turn{To: 1, By: at(1).Add(120 * time.Millisecond)}, Went: tracker.Turn{From: 1, To: 2, After: at(2).Add(-20 * time.Minute), By: at(2)}},
			{First: 4, Last: 5, Came: tracker.Turn{From: 3, To: 4, After: at(4).Add(-20 * time.Minute), By: at(4)}, Went: tracker.Turn{From: 5, To: 6, After: at(6).Add(-20 * time.Minute), By: at(6)}},
		},
		Version: 5, Part: "paragraph", Excerpt: []search.Piece{{Text: "It cost "}, {Text: "12 million", Found: true}, {Text: "."}},
	}}})
}

// Pages show each article once, and filters leave out what they say.
func searchPages(f *fixture) {
	want := ""
	for i := range 30 {
		outlet := []string{"a.example", "b.example", "c-d.example"}[i%3]
		a := f.addOn(outlet, fmt.Sprint("/", i))
		one, two := story("Common words", "A rare12 figure."), story("Common words", "Another figure.")
		if i%5 > 0 {
			f.life(a.ID, one, two)
			want = fmt.Sprintf("%d:1-1 %s", a.ID, want)
		} else {
			f.life(a.ID, one)
			want = fmt.Sprintf("%d:1- %s", a.ID, want)
		}
	}
	want = strings.TrimSpace(want)
	for _, limit := range []int{1, 7, 30, 100} {
		f.same(fmt.Sprintf("pages of %d", limit), f.found("rare12", func(q *tracker.SearchQuery) { q.Limit = limit }), want)
	}
	ids := func(text string, narrow func(*tracker.SearchQuery)) (out []string) {
		for _, hit := range strings.Fields(f.found(text, narrow)) {
			id, _, _ := strings.Cut(hit, ":")
			out = append(out, id)
		}
		return out
	}
	all, err := f.Changes(f.Context(), tracker.ChangeFilter{})
	f.ok(err)
	since, until := all[10].SeenBy, all[5].SeenBy // newest first
	for _, tt := range []struct {
		name   string
		narrow func(*tracker.SearchQuery)
		want   int
	}{
		{"all", nil, 30},
		{"outlet", func(q *tracker.SearchQuery) { q.Outlet = "b.example" }, 10},
		{"outlet with a sign in it", func(q *tracker.SearchQuery) { q.Outlet = "c-d.example" }, 10},
		{"outlet that is none", func(q *tracker.SearchQuery) { q.Outlet = "example" }, 0},
		{"removed", func(q *tracker.SearchQuery) { q.Removed = true }, 24},
		{"removed of an outlet", func(q *tracker.SearchQuery) { q.Removed, q.Outlet = true, "a.example" }, 8},
		{"removed since", func(q *tracker.SearchQuery) { q.Removed, q.Since = true, since }, 11},
		{"removed since, just after", func(q *tracker.SearchQuery) { q.Removed, q.Since = true, since.Add(time.Millisecond) }, 10},
		{"removed within", func(q *tracker.SearchQuery) { q.Removed, q.Since, q.Until = true, since, until }, 5},
		{"removed within, to the end", func(q *tracker.SearchQuery) { q.Removed, q.Since, q.Until = true, since, until.Add(time.Millisecond) }, 6},
		{"until before anything", func(q *tracker.SearchQuery) { q.Until = start }, 0},
		{"before", func(q *tracker.SearchQuery) { q.Before = 11 }, 10},
	} {
		f.Run(tt.name, func(t *testing.T) {
			g := &fixture{f.Store, t, f.now}
			g.same("articles", len(ids("rare12", tt.narrow)), tt.want)
			g.same("articles by two words", len(ids("rare12 common", tt.narrow)), tt.want)
		})
	}
}

// Of what is found the best comes first: a headline before a phrase, that before a
// paragraph, and of those that are alike the one that was taken up last. Page by page
// each is there once.
func searchBest(f *fixture) {
	far := "The river rose. "
	for i, s := range []extract.Story{
		story("One", "The bridge is shut.", far, "The ferry sails."),            // 1: anywhere
		story("Two", "The ferry waits below the bridge."),                       // 2: in one paragraph
		story("Bridge or ferry", far),                                           // 3: in the headline
		story("Four", "The bridge ferry sails."),                                // 4: as a phrase
		story("Five", "The bridge is shut.", "The ferry sails."),                // 5: anywhere
		story("Bridge ferry sold", far),                                         // 6: in the headline, as a phrase
		story("Seven", "The ferry waits below the bridge."),                     // 7: in one paragraph
		story("Eight", "The bridge ferry is gone.", "A bridge.", "And a ferry"), // 8: anywhere, as a phrase at first
	} {
		a := f.addOn([]string{"a.example", "b.example"}[i%2], fmt.Sprint("/", i))
		f.life(a.ID, s)
		if i == 7 {
			f.life(a.ID, story("Eight", "A bridge.", "And a ferry"))
		}
	}
	f.same("the newest first", f.found("bridge ferry", nil), "8:1- 7:1- 6:1- 5:1- 4:1- 3:1- 2:1- 1:1-")
	best := func(q *tracker.SearchQuery) { q.Best = true }
	for _, limit := range []int{0, 1, 3, 7, 8} {
		got := f.found("bridge ferry", func(q *tracker.SearchQuery) { q.Best, q.Limit = true, limit })
		f.same(fmt.Sprintf("the best first by %d", limit), got, "6:1- 3:1- 4:1- 7:1- 2:1- 8:1- 5:1- 1:1-")
	}
	for text, want := range map[string]string{
		"ferry bridge":         "6:1- 3:1- 7:1- 4:1- 2:1- 8:1- 5:1- 1:1-", // nowhere as a phrase
		`"bridge ferry"`:       "6:1- 8:1-1 4:1-",
		"bridge fer*":          "6:1- 3:1- 4:1- 7:1- 2:1- 8:1- 5:1- 1:1-",
		"bri* ferry":           "6:1- 3:1- 7:1- 4:1- 2:1- 8:1- 5:1- 1:1-",
		"bridge ferry -sails":  "6:1- 3:1- 7:1- 2:1- 8:1-",
		"bridge ferry nowhere": "",
	} {
		f.same("best of "+text, f.found(text, best), want)
	}
	f.same("best of an outlet", f.found("bridge ferry", func(q *tracker.SearchQuery) { q.Best, q.Outlet = true, "b.example" }), "6:1- 4:1- 2:1- 8:1-")
	f.same("best that stand no more", f.found(`"bridge ferry"`, func(q *tracker.SearchQuery) { q.Best, q.Removed = true, true }), "8:1-1")
	words, err := search.Parse("bridge ferry")
	f.ok(err)
	r, err := f.Search(f.Context(), tracker.SearchQuery{Words: words, Best: true, Limit: 3})
	f.ok(err)
	f.same("how many were weighed", []int{r.Ranked, int(r.Next), r.Skip}, []int{8, 9, 3})
	f.same("why", []tracker.Match{r.Hits[0].Match, r.Hits[1].Match, r.Hits[2].Match},
		[]tracker.Match{{Headline: true, Phrase: true, Paragraph: true}, {Headline: true, Paragraph: true}, {Phrase: true, Paragraph: true}})
}

// What later looks showed to be furniture is not found, and was not in other
// versions for that.
func searchConfirmed(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	f.life(a.ID, story("One", "It cost 12.", "Boots, half price."), story("Two", "It cost 12.", "Boots, half price.", "Socks."))
	f.wantFound("boots", "1:1-")
	f.wantFound("socks", "1:2-")
	confirm := func(v *tracker.Version, loose ...int) {
		f.now = f.now.Add(time.Hour)
		capture := f.keep(a.ID, f.now.String())
		r := &tracker.Record{Article: f.claim(a.ID), Confirm: &tracker.Confirmation{N: 2, Loose: loose}, Version: v,
			Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged, CaptureID: capture.ID}}
		if v != nil {
			r.Check.Outcome, r.Change = tracker.OutcomeChanged, change(f.now, 3)
		}
		f.ok(f.Record(f.Context(), owner, r))
	}
	confirm(nil, 1, 2)
	f.wantFound("boots", "1:1-1")
	f.wantFound("socks", "")
	f.wantFound("12", "1:1-")
	f.life(b.ID, story("One", "Hats."), story("One"), story("One", "Hats."))
	f.wantFound("hats", "2:1-1,3-")
	f.now = f.now.Add(time.Hour)
	f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: f.claim(b.ID), Confirm: &tracker.Confirmation{N: 3, Loose: []int{0}},
		Check: tracker.Check{At: f.now, Outcome: tracker.OutcomeUnchanged, CaptureID: f.keep(b.ID, "hats").ID}}))
	f.wantFound("hats", "2:1-1")
	f.life(b.ID, story("One", "Hats, half price."))
	f.life(b.ID, story("One", "Hats."))
	f.wantFound("hats", "2:1-1,4-")
	third := story("Three", "Boots, half price.", "Socks.")
	confirm(version(f.keep(a.ID, "x"), third), 1)
	f.wantFound("boots", "1:1-1,3-")
	f.wantFound("socks", "1:2-")
	f.wantFound("two", "1:2-2")
	f.wantFound("12", "1:1-2")
}

// The index goes with what is read anew, purged, removed and merged.
func searchKeptTrue(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	f.life(a.ID, story("One", "It cost 12."), story("Two", "It cost 14."), story("Three", "It cost 12."))
	f.life(b.ID, story("Other", "It cost 12."))
	f.wantFound("12", "2:1- 1:1-1,3-")
	versions, err := f.Versions(f.Context(), a.ID)
	f.ok(err)
	for i := range versions {
		versions[i].Story.Blocks[0].Text = "It cost 13."
		if i == 1 {
			versions[i].Story.Blocks[0].Text = "It cost 12."
		}
		versions[i].SHA256, versions[i].Extractor = versions[i].Story.SHA256(), 8
	}
	f.claim(a.ID)
	f.ok(f.Reshelve(f.Context(), owner, f.now, versions, nil))
	f.ok(f.Release(f.Context(), a.ID, owner))
	f.wantFound("12", "2:1- 1:2-2")
	f.wantFound("13", "1:1-1,3-")
	f.wantFound("14", "")
	f.wantFound("two", "1:2-2")

	f.life(a.ID, story("Four", "It cost 14."))
	f.wantFound("13", "1:1-1,3-3")
	f.merge(b.ID, b.ID, a.ID)
	f.wantFound("12", "2:1- 1:2-2")
	f.ok(f.Remove(f.Context(), a.ID, false))
	f.wantFound("12", "2:1- 1:2-2")
	f.ok(f.Remove(f.Context(), a.ID, true))
	f.wantFound("12", "2:1-")
	f.wantFound("four", "")
	n, err := f.Unsearched(f.Context())
	f.ok(err)
	f.same("articles not indexed", n, 0)
}

// Whatever is asked for, there is an answer or a sentence.
func hostileSearches(f *fixture) {
	a := f.add("/a")
	f.life(a.ID, story("One", `He said "OR NEAR(" and * and -- and '; DROP TABLE article; -- and words : ^ + {x}`, strings.Repeat("長い文 ", 50)))
	for text, want := range map[string]string{
		`" OR NEAR(`:                        "1:1-",
		`"OR NEAR("`:                        "1:1-",
		`or NEAR( and`:                      "1:1-",
		`'; DROP TABLE article; --`:         "1:1-",
		`words:one`:                         "",
		`words : x`:                         "1:1-",
		`^he`:                               "1:1-",
		`{x}`:                               "1:1-",
		`he + said`:                         "1:1-",
		`rowid:1`:                           "",
		`"`:                                 "refused",
		`*`:                                 "refused",
		`"*"`:                               "refused",
		`-`:                                 "refused",
		`--`:                                "refused",
		`-he`:                               "refused",
		`( ) AND`:                           "1:1-",
		``:                                  "refused",
		"\x00":                              "refused",
		"he\x00said":                        "1:1-",
		"\xff":                              "refused",
		"\ue000example\ue001com":            "", // the mark of an outlet
		"example.com":                       "",
		strings.Repeat("a", 10<<10):         "refused",
		strings.Repeat(`"`, 200):            "refused",
		strings.Repeat(`"a" b* `, 40):       "1:1-", // it is by A. Writer
		"a b c d e f g h i j k l m n":       "refused",
		strings.Repeat("長い", 40):            "",
		"h* he s* said d* drop table t* o*": "1:1-",
	} {
		words, err := search.Parse(text)
		if _, ok := errors.AsType[search.Refusal](err); ok {
			if want != "refused" || !strings.HasSuffix(err.Error(), ".") {
				f.Errorf("%.40q is refused: %v", text, err)
			}
			continue
		}
		f.ok(err)
		if want == "refused" {
			f.Errorf("%.40q is not refused but %+v", text, words)
			continue
		}
		f.wantFound(text, want)
	}
	for i := range 30 {
		f.life(a.ID, story(fmt.Sprint("Two ", i), fmt.Sprintf("bx%da bx%db bx%dc bx%dd bx%de bx%df bx%dg", i, i, i, i, i, i, i)))
	}
	words, err := search.Parse("bx*")
	f.ok(err)
	_, err = f.Search(f.Context(), tracker.SearchQuery{Words: words})
	if _, ok := errors.AsType[search.Refusal](err); !ok {
		f.Errorf("a beginning of too many words: %v", err)
	}
	f.wantFound("bx29*", "1:31-")
}

// Changes are found by the words of the passages that came or went by them.
func changesByWords(f *fixture) {
	a, b := f.addOn("a.example", "/a", "x"), f.addOn("b.example", "/b")
	one, two := "It cost 12 million.", "It cost 14 million."
	f.life(a.ID, story("One", one, "The bridge."), story("One", two, "The bridge."), story("Two", two, "The bridge."), story("Two", one, "The bridge."))
	f.life(b.ID, story("One", "The bridge.", "The boats."), story("One", "The bridge."))
	for text, want := range map[string][]int64{
		"12":                {3, 1},
		"14 cost":           {3, 1},
		`"12 million"`:      {3, 1},
		"mill*":             {3, 1},
		"one":               {2},
		"two":               {2},
		"bridge":            nil, // it stood all the time
		"boats":             {4},
		"12 bridge":         nil, // in no one passage
		"the -boats":        nil,
		"million -12":       {3, 1}, // the other passage
		"the":               {4},
		"xyzzy":             nil,
		"xyzzy*":            nil,
		"million -xyzzy*":   {3, 1},
		`" OR NEAR(`:        nil,
		"boats -bridge -ve": {4},
	} {
		words, err := search.Parse(text)
		f.ok(err)
		f.wantChanges(tracker.ChangeFilter{Words: &words}, want...)
		f.wantChanges(tracker.ChangeFilter{Words: &words, Outlet: "c.example"})
		if len(want) > 1 {
			f.wantChanges(tracker.ChangeFilter{Words: &words, Outlet: "a.example", Tag: "x", Kind: "wording", Before: want[0], Limit: 1}, want[1])
		}
	}
	f.wantChanges(tracker.ChangeFilter{Words: &search.Query{}}, 4, 3, 2, 1)
	at := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	f.wantChanges(tracker.ChangeFilter{Until: at(4)}, 2, 1)
	f.wantChanges(tracker.ChangeFilter{Until: at(4).Add(time.Millisecond)}, 3, 2, 1)
	f.wantChanges(tracker.ChangeFilter{Since: at(3), Until: at(4)}, 2)
}
