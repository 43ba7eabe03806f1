package extract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

func rules(t testing.TB, text string) *extract.Rules {
	t.Helper()
	r, err := extract.ParseRules("local.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A ruledPage is one in which every directive has something to do.
const ruledPage = `<!doctype html><html lang="en"><head><title>Ferry returns - Post</title></head><body>
<nav class="top"><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<h1>The Post</h1>
<main><div class="kicker">The ferry is back on the water</div><h1>Ferry returns</h1>
<div class="who">Lena Okafor, Eastbank</div><span class="when" data-x="1">3 March 2026</span><meta class="upd" content="2026-03-04T10:00:00Z">
<div class="story"><p>The ferry to Eastbank will sail again from June, the harbour board said on Tuesday evening after a long meeting.</p>
<p>It had been out of service since the pier was damaged in the storms of January, and commuters took the bridge.</p>
<div class="poll"><p>Should the ferry be free of charge for all? Tell us what you think of the board and of its plans.</p></div>
<p class="small">The fare stays at 3 crowns.</p></div>
<div class="promo facts"><p>Length: 31 metres.</p><p>Built in 1994.</p></div>
<div class="late" style="display:none"><p>The pier itself is mended.</p></div>
<div class="fixed"><p>The fare was given wrongly here.</p></div>
<div class="note2"><p>Correction: the fare is 3 crowns, not 4.</p></div>
</main></body></html>`

func readRuled(t testing.TB, r *extract.Rules) *extract.Story {
	t.Helper()
	story, err := extract.Read(extract.Input{Body: []byte(ruledPage), ContentType: "text/html; charset=utf-8", URL: "https://www.post.example/news/ferry", Rules: r})
	if err != nil {
		t.Fatal(err)
	}
	return story
}

// Each directive does what it says, and without it the page is read otherwise.
func TestDirectives(t *testing.T) {
	const outlet = "outlet post.example\n"
	holds := func(text string) func(*extract.Story) bool {
		return func(s *extract.Story) bool { return strings.Contains(s.Body(), text) }
	}
	not := func(is func(*extract.Story) bool) func(*extract.Story) bool {
		return func(s *extract.Story) bool { return !is(s) }
	}
	for _, tt := range []struct {
		name, rules string
		holds       func(*extract.Story) bool
	}{
		{"keep what is named as furniture", "keep .facts", holds("Length: 31 metres.\n\nBuilt in 1994.")},
		{"keep what is hidden", "keep .late", holds("The pier itself is mended.")},
		{"drop", "drop .poll", not(holds("free of charge"))},
		{"drop but keep within", "drop .story\nkeep .small", func(s *extract.Story) bool {
			return strings.Contains(s.Body(), "stays at 3 crowns") && !strings.Contains(s.Body(), "free of charge")
		}},
		{"note", "note .fixed", func(s *extract.Story) bool {
			return slices.ContainsFunc(s.Blocks, func(b extract.Block) bool {
				return b.Kind == extract.Note && b.Text == "The fare was given wrongly here."
			})
		}},
		{"body", "body .story", not(holds("given wrongly"))},
		{"headline", "headline body > h1", func(s *extract.Story) bool { return s.Headline == "The Post" }},
		{"standfirst", "standfirst .kicker", func(s *extract.Story) bool {
			return s.Standfirst == "The ferry is back on the water" && !strings.Contains(s.Body(), "back on the water")
		}},
		{"byline", "byline .who", func(s *extract.Story) bool { return s.Byline == "Lena Okafor, Eastbank" }},
		{"modified", "modified .upd", func(s *extract.Story) bool { return s.Modified.Format("2006-01-02 15:04") == "2026-03-04 10:00" }},
		{"the later rule counts", "drop .facts\nkeep .facts", holds("Length: 31 metres.")},
		{"a field that says nothing is passed over", "headline .missing\nheadline body > h1", func(s *extract.Story) bool { return s.Headline == "The Post" }},
		{"alternatives and combinators", "drop .x, main > .story ~ .fixed", not(holds("given wrongly"))},
		{"a sign that is there", "when main > .story\ndrop .poll", not(holds("free of charge"))},
		{"a path that fits", "path /sport/* /news/f*y\ndrop .poll", not(holds("free of charge"))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if plain := readRuled(t, nil); tt.holds(plain) {
				t.Errorf("without the rule the page is read as with it:\n%s", plain.Text())
			}
			if story := readRuled(t, rules(t, outlet+tt.rules)); !tt.holds(story) {
				t.Errorf("with %q the page is read as\n%s", tt.rules, story.Text())
			}
		})
	}
}

// The source of a field that a rule names is the rule, and published too.
func TestRuledSources(t *testing.T) {
	story := readRuled(t, rules(t, "# who\noutlet post.example\nbyline .who\npublished .when\n"))
	if got := story.Sources["byline"]; got != "rule local.rules:3" {
		t.Errorf("the byline's source is %q", got)
	}
	if got := story.Published.Format("2006-01-02") + " " + story.Sources["published"]; got != "2026-03-03 rule local.rules:4" {
		t.Errorf("published is %q", got)
	}
}

// What a rule does not speak of is read as without it.
func TestRulesElsewhere(t *testing.T) {
	want := readRuled(t, nil).Text()
	for _, text := range []string{
		"outlet other.example\ndrop .poll", "outlet ost.example\ndrop .poll", "outlet a.post.example\ndrop .poll",
		"outlet post.example\npath /sport/*\ndrop .poll", "outlet post.example\nwhen #missing\ndrop .poll", "outlet post.example\ndrop .missing > p",
	} {
		if got := readRuled(t, rules(t, text)).Text(); got != want {
			t.Errorf("with %q the page is read as\n%s\nwant\n%s", text, got, want)
		}
	}
}

// A rule makes no text of what never is one.
func TestKeepNoScript(t *testing.T) {
	page := strings.Replace(ruledPage, "</main>", `<script>var secret = "state"</script><style>.secret{}</style><template><p>A secret template of the page.</p></template></main>`, 1)
	in := extract.Input{Body: []byte(page), ContentType: "text/html", Rules: rules(t, "outlet *\nkeep script, style, template, main, div, p\n")}
	story, err := extract.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(story.Text(), "secret") {
		t.Errorf("the page is read as\n%s", story.Text())
	}
}

// A correction that the user's rule drops is dropped, and the story says so.
func TestDroppedCorrectionIsToldOf(t *testing.T) {
	const correction = "Correction: the fare is 3 crowns, not 4."
	plain := readRuled(t, nil)
	if !strings.Contains(plain.Body(), correction) || plain.Sources["dropped notes"] != "" {
		t.Fatalf("without rules: %v\n%s", plain.Sources, plain.Body())
	}
	story := readRuled(t, rules(t, "outlet post.example\ndrop .poll\ndrop .note2\n"))
	if strings.Contains(story.Body(), correction) || story.Sources["dropped notes"] != "local.rules:3" {
		t.Errorf("with a rule: %v\n%s", story.Sources, story.Body())
	}
	x, err := extract.Explain(extract.Input{Body: []byte(ruledPage), ContentType: "text/html", URL: "https://post.example/", Rules: rules(t, "outlet *\ndrop .note2\n")})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(x.Pieces, func(p extract.Piece) bool { return p.Text == correction })
	if at < 0 || x.Pieces[at].Why != "dropped by a rule, though it reads as a correction" || x.Pieces[at].Rule != "local.rules:2" {
		t.Errorf("Explain does not tell of it: %+v", x.Pieces)
	}
}

// A fingerprint changes with the rules for an address, and with nothing else.
func TestFingerprint(t *testing.T) {
	const page = "https://www.post.example/blog/1"
	base := rules(t, "outlet post.example\ndrop .poll\n")
	want := base.Fingerprint(page)
	if len(want) != 8 {
		t.Fatalf("the fingerprint is %q", want)
	}
	for text, same := range map[string]bool{
		"# why\n\noutlet other.example\ndrop p\noutlet post.example www.post.example\ndrop   .poll\n": true,
		"outlet post.example\npath /blog/*\ndrop .poll\n":                                             true,
		"outlet *\ndrop .poll\n":                  true,
		"outlet post.example\ndrop .polls\n":      false,
		"outlet post.example\nkeep .poll\n":       false,
		"outlet post.example\nwhen p\ndrop .poll": false,
		"outlet post.example\ndrop .poll\ndrop p": false,
	} {
		if got := rules(t, text).Fingerprint(page); (got == want) != same {
			t.Errorf("%q: fingerprint %s, that of the first is %s", text, got, want)
		}
	}
	for _, address := range []string{"", "https://other.example/", "https://xpost.example/"} {
		if got := base.Fingerprint(address); got != "" {
			t.Errorf("the fingerprint for %q is %q, want none", address, got)
		}
	}
	var none *extract.Rules
	if none.Fingerprint(page) != "" || none.For(page) != nil {
		t.Error("no rules have a fingerprint")
	}
	if got := readRuled(t, base).RulesFingerprint(); got != want {
		t.Errorf("the story was read by %q, want %q", got, want)
	}
	if got := readRuled(t, base).Sources["rules"]; got != want+" local.rules:1" {
		t.Errorf("the story's rules are %q", got)
	}
}

// What is wrong with a file is said in one sentence, with the line.
func TestWrongRules(t *testing.T) {
	many := strings.Repeat("drop p\n", 101)
	for _, tt := range []struct{ text, want string }{
		{"drop .x", `local.rules:1: say first whom the rules are for, in a line such as: outlet example.com`},
		{"outlet", `local.rules:1: an outlet line names from 1 to 500 hosts, such as example.com`},
		{"outlet https://post.example/", `local.rules:1: "https://post.example/" is no host: write it without scheme, port and path, such as example.com, or * for any`},
		{"outlet post.example:8080\ndrop p", `local.rules:1: "post.example:8080" is no host: write it without scheme, port and path, such as example.com, or * for any`},
		{"\n# x\noutlet a.example\n\noutlet b.example\ndrop p", `local.rules:3: outlet a.example has no rules: add some below it, or take the line out`},
		{"outlet a.example", `local.rules:1: outlet a.example has no rules: add some below it, or take the line out`},
		{"outlet a.example\ndorp p", `local.rules:2: "dorp" is no rule: write outlet, path, when, keep, drop, note, body, headline, standfirst, byline, published or modified`},
		{"outlet a.example\ndrop", `local.rules:2: drop: a CSS selector is missing, such as .story p`},
		{"outlet a.example\ndrop p\npath /x", `local.rules:3: path stands below a rule: put it right below its outlet line`},
		{"outlet a.example\npath x", `local.rules:2: the path "x" begins with neither / nor *: write it as in the address, such as /blog/*`},
		{"outlet a.example\ndrop p:nth-child(2)", `local.rules:2: drop: the selector has :nth-child, and only :not(…) is understood: name the element by its classes and those around it`},
		{"outlet a.example\ndrop p:has(b)", `local.rules:2: drop: the selector has :has, and only :not(…) is understood: name the element by its classes and those around it`},
		{"outlet a.example\ndrop :not(a b)", `local.rules:2: drop: the selector has :not(…) around more than one element: write one of them alone`},
		{"outlet a.example\ndrop p >", `local.rules:2: drop: the selector has nothing behind '>'`},
		{"outlet a.example\ndrop > p", `local.rules:2: drop: the selector has nothing before '>'`},
		{"outlet a.example\ndrop p,,a", `local.rules:2: drop: the selector has an empty alternative: take out the comma`},
		{"outlet a.example\ndrop " + strings.Repeat("x", 501), `local.rules:2: drop: the selector has 501 bytes, at most 500 are read: write a shorter one`},
		{"outlet a.example\ndrop " + strings.Repeat("a ", 33), `local.rules:2: drop: the selector names more than 32 elements: part it into several lines`},
		{"outlet a.example\n" + many, `local.rules:102: the section of a.example has more than 100 rules: begin another with a further outlet line`},
		{strings.Repeat("outlet a.example\ndrop p\n", 11), `local.rules:21: a.example has more than 10 sections: put rules together that go together`},
		{"outlet a.example\ndrop \xff", `local.rules:2: the line is no UTF-8 text: save the file as UTF-8`},
		{"outlet a.example\ndrop p\n" + strings.Repeat("#", 3000), `local.rules:3: the line is longer than 2000 bytes: write shorter selectors`},
		{strings.Repeat("\n", 20_001), `local.rules:20001: the file has more than 20000 lines: part it into several`},
		{strings.Repeat("#"+strings.Repeat("x", 100)+"\n", 12_000), `local.rules: the file is larger than 1048576 bytes: part it into several`},
	} {
		_, err := extract.ParseRules("local.rules", strings.NewReader(tt.text))
		if got := fmt.Sprint(err); got != tt.want {
			t.Errorf("%.60q: %s\nwant %s", tt.text, got, tt.want)
		}
	}
	_, err := extract.ParseRules("local.rules", strings.NewReader("outlet a.example\ndrop p[\n"))
	if got := fmt.Sprint(err); !strings.HasPrefix(got, `local.rules:2: drop: the selector "p[" cannot be read: `) || strings.Contains(got, "\n") {
		t.Errorf("a selector that is none: %s", got)
	}
}

// Selectors choose what a browser would choose.
func TestSelectors(t *testing.T) {
	const page = `<title>x</title><h1>Ferry returns to Eastbank</h1><div id="a" class="box big"><p data-k="One two">1</p><section><p>2</p></section><p>3</p><blockquote>4</blockquote><p lang="en-GB">5</p></div><p>6</p>`
	for selector, want := range map[string]string{
		"p": "12356", "*": "123456", "div p": "1235", "div > p": "135", "#a.box > p": "135", "div.box.big section p": "2", "section + p": "3",
		"section ~ p": "35", "p + blockquote": "4", "p[data-k]": "1", `p[data-k="One two"]`: "1", "p[data-k~=two]": "1", "p[data-k^=one i]": "1", "p[lang|=en]": "5",
		"p:not([data-k])": "2356", "p:not(.x, [lang])": "1236", "blockquote, section p": "24", "div  section>p": "2", "body > p": "6", `[data-k*="e t"]`: "1", "div p + p": "", "section > blockquote": "",
	} {
		r := rules(t, "outlet *\nbody body\nkeep "+selector+"\n")
		x, err := extract.Explain(extract.Input{Body: []byte(page), ContentType: "text/html", Rules: r})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range x.Pieces {
			if p.Rule == "local.rules:3" && len(p.Text) == 1 {
				got += p.Text
			}
		}
		if got != want {
			t.Errorf("%s chooses %q, want %q", selector, got, want)
		}
	}
}

// However deep a page and long a selector, it takes no time to speak of: cascadia
// by itself would try some 10^14 ways here.
func TestDeepSelectors(t *testing.T) {
	page := `<title>Ferry returns</title><h1>Ferry returns</h1>` + strings.Repeat("<div>", 450) + saltgate + strings.Repeat("<p>x</p>", 2000)
	r := rules(t, "outlet *\ndrop main "+strings.Repeat("div ", 30)+"p\nkeep div ~ div + div div div > div > div p\n")
	if _, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html", Rules: r}); err != nil && strings.Contains(err.Error(), "within") {
		t.Error(err)
	}
}

// Whatever a file holds, it is read or refused in one line, and no page hurts by it.
func FuzzParseRules(f *testing.F) {
	f.Add("outlet post.example *\npath /news/* \nwhen main, p:not(.x)\nkeep .facts\ndrop p[a=\"b\\\"]c\"] ~ a>b+c\nnote #x\nbody .story\nheadline h1\npublished time")
	f.Add("\ufeffoutlet [::1] 127.0.0.1 bücher.example\r\ndrop \\:x\r\n")
	f.Add("outlet *\ndrop *:not(:not(p))")
	f.Add("outlet 1\ndrop * *:not\x1c\r\x01:not(\x01ndt(p))")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := extract.ParseRules("f", strings.NewReader(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") || strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("ParseRules(%q) = %q", text, err)
			}
			return
		}
		const address = "https://post.example/news/ferry"
		if again := r.For(address).Fingerprint(address); again != r.Fingerprint(address) {
			t.Errorf("%q: fingerprints %s and %s", text, again, r.Fingerprint(address))
		}
		in := extract.Input{Body: []byte(ruledPage), ContentType: "text/html", URL: address, Rules: r}
		if _, err := extract.Explain(in); err != nil && strings.Contains(err.Error(), "could not be read") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
