package diffview_test

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/width"

	"storydiff/diffview"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

func TestTextWraps(t *testing.T) {
	eq := func(text string) worddiff.Span { return worddiff.Span{Op: worddiff.Equal, Text: text} }
	tests := []struct {
		name  string
		spans []worddiff.Span
		width int
		want  string
	}{
		{"words", []worddiff.Span{eq("one two three four five six")}, 20, "one two three four\nfive six\n"},
		{"exactly as wide", []worddiff.Span{eq("twenty columns wide. yes")}, 20, "twenty columns wide.\nyes\n"},
		{"not wrapped", []worddiff.Span{eq(strings.Repeat("word ", 40) + "end")}, 0, strings.Repeat("word ", 40) + "end\n"},
		{"a long word", []worddiff.Span{eq("see https://post.example/a/very/long/address ok")}, 20, "see\nhttps://post.example\n/a/very/long/address\nok\n"},
		{"a mark keeps to its word", []worddiff.Span{eq("it cost about some "), {Op: worddiff.Insert, Text: "14"}, eq(" million")}, 20, "it cost about some\n{+14+} million\n"},
		{"wide", []worddiff.Span{eq("市议会周二投票决定关闭渡轮。")}, 20, "市议会周二投票决定关\n闭渡轮。\n"},
		{"no closing mark at a line's start", []worddiff.Span{eq("市议会周二投票决定关。闭渡轮")}, 20, "市议会周二投票决定\n关。闭渡轮\n"},
		{"accents take no room", []worddiff.Span{eq(strings.Repeat("e\u0301", 20) + " x")}, 20, strings.Repeat("e\u0301", 20) + "\nx\n"},
		{"an accent that came alone takes none", []worddiff.Span{eq("nineteen letters: e"), {Op: worddiff.Equal, Text: "\u0301e", Quiet: true, Was: "e"}}, 20, "nineteen letters: e\u0301e\n"},
		{"line breaks at both ends", []worddiff.Span{eq("\r\n\nWords.\n\n")}, 20, "Words.\n"},
		{"an emoji of three is two wide", []worddiff.Span{eq(strings.Repeat("👨\u200d👩\u200d👧", 11))}, 20, strings.Repeat("👨\u200d👩\u200d👧", 10) + "\n👨\u200d👩\u200d👧\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bare(t, tt.width, tt.spans...); got != tt.want {
				t.Errorf("Text at %d columns:\n%swant:\n%s", tt.width, got, tt.want)
			}
		})
	}
}

// The marks of a moved sentence stand beside its words, not at the beginning of
// the paragraph that follows it.
func TestMovedMarksKeepToTheirWords(t *testing.T) {
	for _, tt := range []struct {
		name           string
		spans          []worddiff.Span
		text, markdown string
	}{
		{"at the end", []worddiff.Span{{Op: worddiff.Insert, Text: "It moved.\n\n", Moved: 1}, {Op: worddiff.Equal, Text: "It stayed."}},
			"{~1 It moved.~}\n\nIt stayed.\n", "\\[moved 1: It moved.\\]\n\nIt stayed.\n"},
		{"at the beginning", []worddiff.Span{{Op: worddiff.Equal, Text: "It stayed."}, {Op: worddiff.Insert, Text: "\n\nIt moved.", Moved: 1}},
			"It stayed.\n\n{~1 It moved.~}\n", "It stayed.\n\n\\[moved 1: It moved.\\]\n"},
		{"in pieces", []worddiff.Span{{Op: worddiff.Insert, Text: "It ", Moved: 1}, {Op: worddiff.Insert, Text: "all "}, {Op: worddiff.Insert, Text: "moved.\n\n", Moved: 1}, {Op: worddiff.Equal, Text: "It stayed."}},
			"{~1 It {+all+} moved.~}\n\nIt stayed.\n", "\\[moved 1: It **all** moved.\\]\n\nIt stayed.\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := bare(t, 0, tt.spans...); !strings.HasSuffix(got, tt.text) {
				t.Errorf("text: %q, want %q", got, tt.text)
			}
			var b bytes.Buffer
			if err := diffview.Markdown(&b, oneBlock(tt.spans...), diffview.Options{Bare: true}); err != nil || !strings.HasSuffix(b.String(), tt.markdown) {
				t.Errorf("markdown: %q, %v, want %q", b.String(), err, tt.markdown)
			}
		})
	}
}

// FuzzTextWidth holds that no line is wider than asked for, and that wrapping
// loses nothing but spaces.
func FuzzTextWidth(f *testing.F) {
	f.Add("one two three four five six seven", "市议会周二投票决定关闭渡轮。", 20)
	f.Add("a\tb \u3000 c", "e\u0301\u0301 🇬🇧", 31)
	f.Fuzz(func(t *testing.T, a, b string, columns int) {
		if columns < 20 || columns > 200 || strings.ContainsAny(a+b, "\r\n") {
			return
		}
		spans := []worddiff.Span{{Op: worddiff.Equal, Text: a}, {Op: worddiff.Insert, Text: b}, {Op: worddiff.Delete, Text: a}}
		got := bare(t, columns, spans...)
		for line := range strings.Lines(got) {
			if n := floorWidth(strings.TrimRight(line, "\n")); n > columns {
				t.Errorf("a line of %d columns, want at most %d: %q", n, columns, line)
			}
		}
		spaces := strings.NewReplacer(" ", "", "\n", "")
		if whole := bare(t, 0, spans...); spaces.Replace(got) != spaces.Replace(whole) {
			t.Errorf("wrapped %q, whole %q", got, whole)
		}
	})
}

// floorWidth is the least that a line can take: each wide letter two columns,
// each plain one one; marks and emoji, which join, are not counted.
func floorWidth(line string) int {
	n := 0
	for _, r := range line {
		switch {
		case r >= 0x20 && r < 0x7f:
			n++
		case r >= 0x4e00 && r < 0x9fff && width.LookupRune(r).Kind() == width.EastAsianWide:
			n += 2
		}
	}
	return n
}

func TestTextColor(t *testing.T) {
	var b bytes.Buffer
	d := oneBlock(worddiff.Span{Op: worddiff.Delete, Text: strings.Repeat("gone ", 10)}, worddiff.Span{Op: worddiff.Insert, Text: "here"})
	if err := diffview.Text(&b, d, diffview.Options{Bare: true, Color: true, Width: 20}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if codes := regexp.MustCompile(`\x1b\[[0-9;]*m`).FindAllString(line, -1); len(codes) == 0 || codes[len(codes)-1] != "\x1b[0m" {
			t.Errorf("a line that does not switch its colour off: %q", line)
		}
	}
	if strings.Contains(b.String(), "[-") || !strings.Contains(b.String(), "\x1b[31;9mgone") || !strings.Contains(b.String(), "\x1b[1;32mhere") {
		t.Errorf("Text in colour = %q", b.String())
	}
}

// TestContext draws nine paragraphs of which the fifth changed.
func TestContext(t *testing.T) {
	d := &diffview.Diff{Revision: &revision.Revision{Kinds: []revision.Kind{revision.Wording}}}
	for i := range 9 {
		b := revision.Block{Op: worddiff.RowEqual, Old: i + 1, New: i + 1, Kind: extract.Paragraph, Spans: []worddiff.Span{{Op: worddiff.Equal, Text: strconv.Itoa(i+1) + "\n"}}}
		if i == 4 {
			b.Op, b.Spans[0].Op = worddiff.RowChanged, worddiff.Insert
		}
		d.Revision.Blocks = append(d.Revision.Blocks, b)
	}
	for context, want := range map[int]string{
		0:           "… 4 unchanged paragraphs …\n\n{+5+}\n\n… 4 unchanged paragraphs …\n",
		1:           "… 3 unchanged paragraphs …\n\n4\n{+5+}\n6\n\n… 3 unchanged paragraphs …\n",
		3:           "… 1 unchanged paragraph …\n\n2\n3\n4\n{+5+}\n6\n7\n8\n\n… 1 unchanged paragraph …\n",
		4:           "1\n2\n3\n4\n{+5+}\n6\n7\n8\n9\n",
		-1:          "1\n2\n3\n4\n{+5+}\n6\n7\n8\n9\n",
		math.MaxInt: "1\n2\n3\n4\n{+5+}\n6\n7\n8\n9\n",
	} {
		var b bytes.Buffer
		if err := diffview.Text(&b, d, diffview.Options{Bare: true, Context: context}); err != nil || b.String() != want {
			t.Errorf("context %d: %v\n%swant\n%s", context, err, b.String(), want)
		}
	}
}

// TestMarkdownMarks holds that the signs stand where CommonMark takes them for
// emphasis: against a word, and parted from the words around punctuation.
func TestMarkdownMarks(t *testing.T) {
	eq := func(text string) worddiff.Span { return worddiff.Span{Op: worddiff.Equal, Text: text} }
	del := func(text string) worddiff.Span { return worddiff.Span{Op: worddiff.Delete, Text: text} }
	ins := func(text string) worddiff.Span { return worddiff.Span{Op: worddiff.Insert, Text: text} }
	tests := []struct {
		name  string
		spans []worddiff.Span
		want  string
	}{
		{"a word for a word", []worddiff.Span{eq("cost "), del("12"), ins("14"), eq(" million")}, "cost ~~12~~ **14** million"},
		{"spaces stay outside", []worddiff.Span{eq("a"), del(" b "), ins(" c "), eq("d")}, "a ~~b~~  **c** d"},
		{"a comma for a semicolon", []worddiff.Span{eq("spoke"), del(","), ins(";"), eq(" then")}, "spoke ~~,~~ **;** then"},
		{"a quotation before a letter", []worddiff.Span{ins("“Yes”"), eq("said")}, "**“Yes”** said"},
		{"within a word", []worddiff.Span{eq("un"), ins("der"), eq("way")}, "un**der**way"},
		{"signs in the text", []worddiff.Span{eq("**a** "), ins("*b* ~~c~~")}, `\*\*a\*\* **\*b\* \~\~c\~\~**`},
		{"a number at the start", []worddiff.Span{eq("12. May")}, `12\. May`},
		{"a dash at the start", []worddiff.Span{eq("- no list")}, `\- no list`},
		{"several lines", []worddiff.Span{ins("a\n\nb\n")}, "**a**\n\n**b**"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := diffview.Markdown(&b, oneBlock(tt.spans...), diffview.Options{Bare: true}); err != nil || b.String() != tt.want+"\n" {
				t.Errorf("Markdown = %q, %v; want %q", b.String(), err, tt.want)
			}
		})
	}
}

// TestStyle reads the colours of the style sheet, light and dark, and holds
// each pair that stands together to WCAG's 4.5 to 1.
func TestStyle(t *testing.T) {
	style := diffview.Style()
	for _, s := range []string{"url(", "@import", "http:", "https:", "</", "expression("} {
		if strings.Contains(style, s) {
			t.Errorf("Style holds %q", s)
		}
	}
	light, dark, ok := strings.Cut(style, "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("Style has no dark colours")
	}
	for name, css := range map[string]string{"light": light, "dark": dark} {
		for _, pair := range [][2]string{
			{"ink", "paper"}, {"soft", "paper"}, {"ins", "paper"}, {"del", "paper"}, {"moved", "paper"},
			{"ins", "ins-paper"}, {"del", "del-paper"}, {"moved", "moved-paper"}, {"soft", "ins-paper"}, {"soft", "del-paper"},
		} {
			a, b := luminance(t, css, pair[0]), luminance(t, css, pair[1])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s: %.2f to 1", name, pair[0], pair[1], ratio)
			}
		}
	}
}

// luminance is the relative luminance of a custom property, as WCAG 2 has it.
func luminance(t *testing.T, css, property string) float64 {
	t.Helper()
	m := regexp.MustCompile(`--` + property + `: #([0-9a-f]{6});`).FindStringSubmatch(css)
	if m == nil {
		t.Fatalf("no colour --%s", property)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(m[1][2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
