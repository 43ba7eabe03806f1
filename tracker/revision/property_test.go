package revision_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

var alphabet = strings.Fields("the The ferry Brenner Lind said denied not never 12 13 31% $5 Monday may May March 4 2019 in principle “yes” " +
	"\"no\" 'so' old pier, closed. 市议会 三 五 周二 Correction: Update: allegedly voted votde 1,200 two seven — – café killed ago hours 8 ? ! Ärger")

func randomText(r *rand.Rand, n int) string {
	var words []string
	for range r.IntN(n + 1) {
		words = append(words, alphabet[r.IntN(len(alphabet))])
	}
	return strings.Join(words, " ")
}

// linked gives a block links on some of its words, in order.
func linked(r *rand.Rand, b extract.Block) extract.Block {
	b.Links = nil
	for _, word := range strings.Fields(b.Text) {
		if r.IntN(6) == 0 {
			b.Links = append(b.Links, extract.Link{Text: word, URL: []string{"https://a.example/1", "https://a.example/2?id=7", "https://b.example/3"}[r.IntN(3)]})
		}
	}
	return b
}

func randomStory(r *rand.Rand) *extract.Story {
	s := &extract.Story{Headline: randomText(r, 5), Standfirst: randomText(r, 3), Byline: randomText(r, 2)}
	kinds := []extract.BlockKind{extract.Paragraph, extract.Paragraph, extract.Caption, extract.Note, extract.Quote, extract.Heading, extract.List}
	for range r.IntN(6) {
		s.Blocks = append(s.Blocks, linked(r, extract.Block{Kind: kinds[r.IntN(len(kinds))], Text: randomText(r, 14), End: []string{"\n\n", "\n", ""}[r.IntN(3)]}))
	}
	if r.IntN(2) == 0 {
		s.Published = time.Unix(int64(1e9+r.IntN(3)), 0)
	}
	if r.IntN(2) == 0 {
		s.Modified = time.Unix(int64(1e9+r.IntN(5)), 0)
	}
	return s
}

// mutate returns a copy of s with a few edits, often of typography alone.
func mutate(r *rand.Rand, s *extract.Story) *extract.Story {
	out := *s
	out.Blocks = slices.Clone(s.Blocks)
	for range r.IntN(4) {
		if len(out.Blocks) == 0 {
			break
		}
		i := r.IntN(len(out.Blocks))
		words := strings.Fields(out.Blocks[i].Text)
		switch r.IntN(9) {
		case 0:
			out.Blocks[i].Text = strings.Join(words, "  ")
		case 1:
			out.Blocks[i].End = "\n\n\n"
		case 2:
			out.Blocks = slices.Delete(out.Blocks, i, i+1)
		case 3:
			out.Blocks = append(out.Blocks, out.Blocks[i])
			out.Blocks = slices.Delete(out.Blocks, i, i+1)
		case 7, 8:
			out.Blocks[i] = linked(r, out.Blocks[i])
		case 4:
			out.Headline = strings.ReplaceAll(out.Headline, " ", " ")
		default:
			if len(words) > 0 {
				words[r.IntN(len(words))] = alphabet[r.IntN(len(alphabet))]
				out.Blocks[i].Text = strings.Join(words, " ")
			}
		}
	}
	return &out
}

func TestPromises(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 700 {
		before := randomStory(r)
		after := mutate(r, before)
		if r.IntN(3) == 0 {
			after = randomStory(r)
		}
		checkPromises(t, before, after)
		if t.Failed() {
			return
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Council closes ferry", "Council opens ferry", "It ran 31 years.\nHe said “no”.", "It ran 13 years.\nCorrection: 13.", "en")
	f.Add("", "", "a\x00b\xff", "«»“”''\"", "de")
	f.Fuzz(func(t *testing.T, h1, h2, b1, b2, lang string) {
		checkPromises(t, plain(h1, b1, lang), plain(h2, b2, lang))
	})
}

func plain(headline, body, lang string) *extract.Story {
	s := &extract.Story{Headline: headline, Lang: lang}
	for i, line := range strings.SplitAfter(body, "\n") {
		kind := []extract.BlockKind{extract.Paragraph, extract.Caption, extract.Note, extract.Quote}[i%4]
		text := strings.TrimRight(line, "\n")
		s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Text: text, End: line[len(text):]})
	}
	return s
}

// checkPromises holds what Compare promises of any two stories.
func checkPromises(t *testing.T, before, after *extract.Story) {
	t.Helper()
	r := revision.Compare(before, after)
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s\nbefore: %q\nafter:  %q\nkinds %v, reasons %v", fmt.Sprintf(format, args...), before.Text(), after.Text(), r.Kinds, r.Reasons)
	}
	if same := revision.Key(before) == revision.Key(after); same != r.Same() {
		fail("Same is %v, keys equal: %v", r.Same(), same)
	}
	sum := 0
	for _, reason := range r.Reasons {
		sum += reason.Points
		if reason.Text == "" || reason.Code == "" {
			fail("reason %+v says nothing", reason)
		}
	}
	if sum < 0 || min(100, sum) != r.Significance {
		fail("points add up to %d, significance is %d", sum, r.Significance)
	}
	evidence := map[revision.Kind]bool{}
	for _, e := range r.Edits {
		evidence[e.Kind] = true
		if e.Field == "" && (e.Block < -1 || e.Block >= len(r.Blocks)) {
			fail("edit %+v stands nowhere", e)
		}
	}
	for i, b := range r.Blocks {
		old, now := sides(b.Spans)
		if b.Op != worddiff.RowEqual && len(b.Kinds) == 0 && !r.Same() && strings.TrimSpace(old+now) != "" {
			fail("block %d, %s, says nothing of what changed: %+v", i, b.Op, b.Spans)
		}
	}
	if shown := slices.ContainsFunc(r.Fields, func(f revision.Field) bool { return f.Field == "links" }); shown != evidence[revision.Link] {
		fail("links are shown: %v", shown)
	}
	for _, k := range r.Kinds {
		if !evidence[k] {
			fail("no evidence for %s", k)
		}
	}
	if len(evidence) != len(r.Kinds) {
		fail("kinds do not match the edits %+v", r.Edits)
	}
	if r.Same() != (r.Summary == "") || r.Same() != (r.Disclosure == "") {
		fail("summary %q, disclosure %q", r.Summary, r.Disclosure)
	}
	checkLossless(fail, r, before, after)
	if again := revision.Compare(before, after); !reflect.DeepEqual(r, again) {
		fail("a second comparison differs")
	}
}

func checkLossless(fail func(string, ...any), r *revision.Revision, before, after *extract.Story) {
	fields := map[string][2]string{"headline": {before.Headline, after.Headline}, "standfirst": {before.Standfirst, after.Standfirst}, "byline": {before.Byline, after.Byline},
		"links": {linkLines(before), linkLines(after)}}
	for _, f := range r.Fields {
		want, ok := fields[f.Field]
		if old, now := sides(f.Spans); ok && (old != want[0] || now != want[1]) {
			fail("%s gives %q and %q", f.Field, old, now)
		}
	}
	now := ""
	blocks := slices.Clone(r.Blocks)
	for _, b := range blocks {
		_, text := sides(b.Spans)
		now += text
	}
	slices.SortStableFunc(blocks, func(a, b revision.Block) int { return a.Old - b.Old })
	old := ""
	for _, b := range blocks {
		text, _ := sides(b.Spans)
		old += text
	}
	if old != before.Body() || now != after.Body() {
		fail("blocks give %q and %q", old, now)
	}
}

func linkLines(s *extract.Story) string {
	out := ""
	for _, link := range s.Links() {
		out += link.String() + "\n"
	}
	return out
}

func sides(spans []worddiff.Span) (old, now string) {
	for _, s := range spans {
		old += s.Old()
		now += s.New()
	}
	return old, now
}

// More edits never weigh less: each set of edits is compared with every larger
// one that holds it.
func TestMoreEditsWeighMore(t *testing.T) {
	paragraphs := []string{
		"At least 12 people died in the crash near the pier.",
		"The mayor did resign over the plan for the bridge.",
		"The ferry carried children in the morning and workers at night.",
		"She called it “a terrible mistake” in public on Tuesday.",
		"He posted a racist video to the board in the spring.",
		"The goverment wants to close the pier and sell it.",
		"They agreed to share the cost of the new harbour wall.",
	}
	edits := [][2]string{
		{"12 people", "21 people"}, {"did resign", "did not resign"}, {"in the morning", "at noon"}, {"a terrible", "a minor"}, {"Tuesday", "Friday"},
		{"racist", "short"}, {"goverment", "government"},
	}
	apply := func(set int) *extract.Story {
		texts := slices.Clone(paragraphs)
		for i, e := range edits {
			for j := range texts {
				if set&(1<<i) != 0 {
					texts[j] = strings.Replace(texts[j], e[0], e[1], 1)
				}
			}
		}
		return story(texts...)
	}
	base := apply(0)
	score := make([]int, 1<<len(edits))
	for set := 1; set < len(score); set++ {
		score[set] = revision.Compare(base, apply(set)).Significance
		for i := range edits {
			if less := set &^ (1 << i); less != set && score[less] > score[set] {
				t.Fatalf("edits %b weigh %d, with %q → %q %d", less, score[less], edits[i][0], edits[i][1], score[set])
			}
		}
	}
}

// Time grows about with the length of the texts.
func TestLongTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var a, b []string
	for range 60 {
		p := randomText(r, 200)
		a, b = append(a, p), append(b, strings.Replace(p, "12", "13", 1))
	}
	start := time.Now()
	revision.Compare(story(a...), story(b...))
	revision.Compare(plain("", strings.Repeat("“ ' \" 1 ", 2_000), "en"), plain("", strings.Repeat("‘ « 2, ", 2_000), "en"))
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
}

func BenchmarkCompare(b *testing.B) {
	text := strings.TrimSpace(strings.Repeat("The council voted on Tuesday to delay the new bridge, Brenner said. ", 8))
	var paragraphs []string
	for range 8 {
		paragraphs = append(paragraphs, text)
	}
	before := story(paragraphs...)
	for i, name := range []string{"same", "one_word", "every_paragraph"} {
		after := story(paragraphs...)
		for j := range after.Blocks {
			if i == 2 || i == 1 && j == 3 {
				after.Blocks[j].Text = strings.Replace(after.Blocks[j].Text, "Tuesday", "Friday", 1)
			}
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				revision.Compare(before, after)
			}
		})
	}
}
