package diffview_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"storydiff/diffview"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`{{.}} {{template "page"}} ${7*7}`,
	`<a href="javascript:alert(1)">javascript:alert(1)</a>`,
	`[x](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>`,
	"</style></title></ins></p><!-- <![CDATA[ ]]> -->",
	"\x1b[2J\x1b]0;title\x07\x9b31m\u009b31m\b\b\x00\x7f",
	"admin\u202enimda\u202c \u2066x\u2069 in\u200bvis\u2060ible \ufeff \u2028\u2029 \U000e0041",
	"- # 1. > ` ** ~~ __ | \\ --- +++ @@",
	"`code` **bold** ~~gone~~ &lt;script&gt; &#60;b>",
	"[-not gone-]{+not here+}",
	strings.Repeat("\u0301", 500),
	"\xff\xfe\xc3",
}

// hostileDiff has text in every place that a stranger's text can stand.
func hostileDiff(text string) *diffview.Diff {
	spans := []worddiff.Span{
		{Op: worddiff.Equal, Text: text},
		{Op: worddiff.Delete, Text: text},
		{Op: worddiff.Insert, Text: text},
		{Op: worddiff.Equal, Text: text, Was: text + text, Quiet: true},
		{Op: worddiff.Insert, Text: text, Moved: 1},
		{Op: worddiff.Equal, Text: text},
		{Op: worddiff.Delete, Text: text, Moved: 1},
	}
	r := &revision.Revision{
		Kinds:      []revision.Kind{revision.Wording},
		Disclosure: revision.Noted,
		Proof:      text,
		Summary:    text,
		Reasons:    []revision.Reason{{Code: "x", Points: 1, Text: text}},
		Fields:     []revision.Field{{Field: "headline", Spans: spans}},
	}
	for i, kind := range []extract.BlockKind{extract.Paragraph, extract.Heading, extract.List, extract.Quote, extract.Caption, extract.Table, extract.Note} {
		r.Blocks = append(r.Blocks, revision.Block{Op: worddiff.RowChanged, Old: i + 1, New: i + 1, Kind: kind, Spans: slices.Clone(spans)})
	}
	side := diffview.Side{Source: text, Headline: text, Text: text}
	return &diffview.Diff{Old: side, New: side, Revision: r}
}

func TestHostile(t *testing.T) {
	for _, text := range hostile {
		for _, format := range []string{"text", "color", "narrow", "markdown", "page", "inline", "side-by-side"} {
			var b bytes.Buffer
			if err := drawAs(&b, format, hostileDiff(text)); err != nil {
				t.Fatalf("%s of %q: %v", format, text, err)
			}
			got := b.String()
			if format == "color" {
				got = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(got, "")
			}
			checkVisible(t, format, text, got)
			switch format {
			case "markdown":
				if strings.ContainsAny(got, "<") {
					t.Errorf("markdown of %q holds a tag:\n%s", text, got)
				}
			case "page", "inline", "side-by-side":
				checkInert(t, text, got)
			}
		}
		checkInert(t, text, string(diffview.Inline(hostileDiff(text).Revision.Fields[0].Spans)))
	}
}

// checkVisible reports what steers a terminal or cannot be seen.
func checkVisible(t *testing.T, format, text, got string) {
	t.Helper()
	if !utf8.ValidString(got) {
		t.Errorf("%s of %q is no UTF-8", format, text)
	}
	for _, r := range got {
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || strings.ContainsRune("\u200b\u2028\u2029\u202a\u202c\u202e\u2060\u2066\u2069\ufeff\U000e0041", r) {
			t.Errorf("%s of %q holds %U", format, text, r)
			return
		}
	}
}

// checkInert reads got as a browser does, and reports any element or attribute
// that the templates do not write, and any ID that stands twice.
func checkInert(t *testing.T, text, got string) {
	t.Helper()
	elements := strings.Fields("html head meta title style body header main footer h1 h3 p dl dt dd div ul li strong code q section span details summary ins del br hr a time blockquote")
	attributes := strings.Fields("class id href title lang dir charset name content http-equiv datetime aria-label")
	ours := regexp.MustCompile(`^#(moved-[0-9]+-(from|to)|left-[0-9]+|[bf][0-9]+)$`)
	ids := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(got))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			if tok.Type == html.CommentToken {
				t.Errorf("HTML of %q holds a comment: %s", text, tok)
			}
			continue
		}
		if !slices.Contains(elements, tok.Data) {
			t.Errorf("HTML of %q holds %s", text, tok)
		}
		for _, a := range tok.Attr {
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("HTML of %q holds the ID %s twice", text, a.Val)
			}
			ids[a.Val] = ids[a.Val] || a.Key == "id"
			if !slices.Contains(attributes, a.Key) || a.Key == "href" && !ours.MatchString(a.Val) {
				t.Errorf("HTML of %q holds %s", text, tok)
			}
		}
	}
}

// FuzzHTML holds that whatever the text is, the page has the elements of the
// templates alone, and shows every letter of it.
func FuzzHTML(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range []string{"page", "side-by-side", "text", "markdown", "narrow"} {
			var b bytes.Buffer
			if err := drawAs(&b, format, hostileDiff(text)); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if strings.Contains(strings.ToLower(b.String()), "<script") && format != "text" && format != "narrow" {
				t.Errorf("%s of %q holds a script", format, text)
			}
			if format == "page" || format == "side-by-side" {
				checkInert(t, text, b.String())
			}
		}
	})
}

// TestNamed says which characters are named, and where they are left alone.
func TestNamed(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"escape", "a\x1b[31mb", "a⟨U+001B⟩[31mb"},
		{"null and delete", "a\x00b\x7f", "a⟨U+0000⟩b⟨U+007F⟩"},
		{"C1", "a\u009bb", "a⟨U+009B⟩b"},
		{"lone carriage return", "a\rb", "a⟨U+000D⟩b"},
		{"no UTF-8", "a\xffb", "a⟨0xff⟩b"},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"override", "a\u202eb\u202c", "a⟨U+202E⟩b⟨U+202C⟩"},
		{"isolate in Arabic", "قال \u2067نعم\u2069", "قال ⟨U+2067⟩نعم⟨U+2069⟩"},
		{"mark in Latin", "a\u200fb", "a⟨U+200F⟩b"},
		{"mark in Hebrew", "שלום\u200f", "שלום\u200f"},
		{"joiner in Latin", "pass\u200dword", "pass⟨U+200D⟩word"},
		{"joiner in Persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiner in Hindi", "क्\u200dष", "क्\u200dष"},
		{"zero-width space in Latin", "a\u200bb", "a⟨U+200B⟩b"},
		{"zero-width space in Thai", "ไทย\u200bไทย", "ไทย\u200bไทย"},
		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"heart on fire", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"skin tone and joiner", "🧑🏽\u200d🚀", "🧑🏽\u200d🚀"},
		{"keycap", "1\ufe0f\u20e3", "1\ufe0f\u20e3"},
		{"selector in Latin", "a\ufe0fb", "a⟨U+FE0F⟩b"},
		{"selectors that carry bytes", "🙂\ufe0f\U000e0101\U000e0102", "🙂\ufe0f⟨U+E0101⟩⟨U+E0102⟩"},
		{"selector of a Chinese letter", "葛\U000e0100", "葛\U000e0100"},
		{"flag of Scotland", "🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"},
		{"tags without a flag", "a\U000e0067", "a⟨U+E0067⟩"},
		{"soft hyphen", "a\u00adb", "a‧b"},
		{"soft hyphens that part nothing", "a\u00ad\u00ad b\u00ad", "a⟨U+00AD⟩⟨U+00AD⟩ b⟨U+00AD⟩"},
		{"no-break space", "a\u00a0b", "a\u00a0b"},
		{"line separator", "a\u2028b", "a⟨U+2028⟩b"},
		{"letters", "Ελλάδα Київ 東京 é", "Ελλάδα Київ 東京 é"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bare(t, 0, worddiff.Span{Op: worddiff.Insert, Text: tt.text}); got != "{+"+tt.want+"+}\n" {
				t.Errorf("Text of %+q = %+q, want %+q", tt.text, got, tt.want)
			}
		})
	}
}

// bare draws one changed paragraph as text.
func bare(t *testing.T, width int, spans ...worddiff.Span) string {
	t.Helper()
	var b bytes.Buffer
	if err := diffview.Text(&b, oneBlock(spans...), diffview.Options{Bare: true, Width: width}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func oneBlock(spans ...worddiff.Span) *diffview.Diff {
	return &diffview.Diff{Revision: &revision.Revision{
		Kinds:  []revision.Kind{revision.Wording},
		Blocks: []revision.Block{{Op: worddiff.RowChanged, Old: 1, New: 1, Kind: extract.Paragraph, Spans: spans}},
	}}
}

// TestJSONSafe holds that a row on a terminal steers nothing and still gives
// the text back.
func TestJSONSafe(t *testing.T) {
	for _, text := range hostile {
		if !utf8.ValidString(text) {
			continue // JSON has no other bytes
		}
		var b bytes.Buffer
		if err := diffview.JSON(&b, oneBlock(worddiff.Span{Op: worddiff.Equal, Text: text})); err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.TrimSuffix(b.String(), "\n") {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x2066 {
				t.Errorf("JSON of %q holds %U", text, r)
			}
		}
		var row diffview.DiffJSON
		if err := json.Unmarshal(b.Bytes(), &row); err != nil || row.Blocks[0].Spans[0].Text != text {
			t.Errorf("JSON of %q gives back %q, %v", text, row.Blocks[0].Spans[0].Text, err)
		}
	}
}

// Abuse case 31: text that is printed as it stands steers no terminal and hides
// nothing, and a letter that only looks like another is drawn as a change.
func TestAbuse31Printable(t *testing.T) {
	for _, text := range hostile {
		checkVisible(t, "Printable", text, diffview.Printable(text))
		line := diffview.OneLine(text)
		checkVisible(t, "OneLine", text, line)
		if strings.Contains(line, "\n") {
			t.Errorf("OneLine of %q is %q", text, line)
		}
	}
	got := bare(t, 0, worddiff.Span{Op: worddiff.Delete, Text: "Saltgate"}, worddiff.Span{Op: worddiff.Insert, Text: "S\u0430ltgate"})
	if want := "[-Saltgate-]{+S\u0430ltgate+}\n"; got != want {
		t.Errorf("a Cyrillic letter in a Latin word is drawn as %q, want %q", got, want)
	}
}
