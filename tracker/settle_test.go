package tracker_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// page makes a story of lines, each with its kind and path in front of it as in
// "note@div.end: …"; those without are paragraphs of the prose. The first line of
// a field's name is that field.
func page(lines ...string) *extract.Story {
	s := &extract.Story{Headline: "Council closes the ferry"}
	for _, line := range lines {
		b := extract.Block{Kind: extract.Paragraph, Path: "div.story > p", Text: line, End: "\n\n"}
		mark, text, ok := strings.Cut(line, ": ")
		if mark == "headline" {
			s.Headline = text
			continue
		}
		if kind, path, at := strings.Cut(mark, "@"); ok && at {
			b = extract.Block{Kind: extract.BlockKind(kind), Path: path, Text: text, End: "\n\n"}
		}
		s.Blocks = append(s.Blocks, b)
	}
	return s
}

func texts(s *extract.Story) []string {
	var list []string
	for _, b := range s.Blocks {
		list = append(list, b.Text)
	}
	return list
}

// The text of the story that the tables are about.
const (
	vote   = "The council voted on Tuesday to close the ferry to Eastbank after 31 years of service."
	vote2  = "The council voted on Tuesday to close the ferry to Eastbank after 13 years of service."
	posts  = "Mayor Ida Brenner said that the twelve people who work on it would be offered other posts."
	bridge = "A bridge, first proposed in 1988, is not expected before the end of the decade."
	board  = "The harbour board meets again on Friday."
	quay   = "Nobody at the quay had heard of it on Wednesday morning."
)

func TestSettle(t *testing.T) {
	list := func(lines ...string) []string { return lines }
	for _, tt := range []struct {
		name                  string
		before, first, second []string
		steady                bool
		want                  []string // of the settled story
		wantBefore            []string // nil: all of before
	}{
		{name: "nothing differs", before: list(vote, posts), first: list(vote, posts), second: list(vote, posts), want: list(vote, posts)},
		{name: "an edit that both looks show", before: list(vote, posts), first: list(vote2, posts), second: list(vote2, posts), want: list(vote2, posts)},
		{name: "a paragraph added in both", before: list(vote, posts), first: list(vote, quay, posts), second: list(vote, quay, posts), want: list(vote, quay, posts)},
		{name: "a paragraph removed in both", before: list(vote, quay, posts), first: list(vote, posts), second: list(vote, posts), want: list(vote, posts)},
		{name: "a paragraph moved in both", before: list(vote, quay, posts), first: list(quay, vote, posts), second: list(quay, vote, posts), want: list(quay, vote, posts)},
		{name: "lines that rotate", before: list(vote, posts), first: list(vote, "p@x > p: Boots, half price.", posts), second: list(vote, "p@x > p: Learn the accordion.", posts), want: list(vote, posts)},
		{name: "an edit between the looks waits", before: list(vote, posts), first: list(vote, posts), second: list(vote2, posts), want: list(vote, posts)},
		{name: "a paragraph added between the looks waits", before: list(vote, posts), first: list(vote, posts), second: list(vote, quay, posts), want: list(vote, posts)},
		{name: "a paragraph taken back between the looks", before: list(vote, posts), first: list(vote, quay, posts), second: list(vote, posts), want: list(vote, posts)},
		{name: "a paragraph that only the first look lacks", before: list(vote, quay, posts), first: list(vote, posts), second: list(vote, quay, posts), want: list(vote, quay, posts)},
		{name: "an edit taken back between the looks", before: list(vote, posts), first: list(vote2, posts), second: list(vote, posts), want: list(vote, posts)},
		{name: "a shuffle that the second look contradicts", before: list(vote, quay, board, posts), first: list(vote, board, quay, posts), second: list(vote, quay, board, posts), want: list(vote, quay, board, posts)},
		{name: "an advert that moves about", before: list("Boots, half price.", vote, posts), first: list(vote, posts, "Boots, half price."), second: list(vote, posts), want: list("Boots, half price.", vote, posts)},
		{name: "a line in another box", before: list(vote, posts), first: list(vote, posts, "p@x > p: Boots, half price."), second: list(vote, posts, "p@y > p: Boots, half price."), want: list(vote, posts)},
		{name: "boxes whose names are new at every view", before: list("p@a > p: "+vote, "p@a > p: "+posts), first: list("p@b > p: "+vote, "p@b > p: "+quay), second: list("p@c > p: "+vote, "p@c > p: "+quay), want: list(vote, quay)},
		{
			name: "a counter in a paragraph", before: list(vote, "Some 120 people have signed against it since Tuesday."),
			first: list(vote, "Some 131 people have signed against it since Tuesday."), second: list(vote, "Some 144 people have signed against it since Tuesday."),
			want: list(vote, "Some 120 people have signed against it since Tuesday."),
		},
		{
			name: "an edit beside a counter", before: list(vote, "Some 120 people have signed for it since Tuesday."),
			first: list(vote, "Some 131 people have signed against it since Tuesday."), second: list(vote, "Some 144 people have signed against it since Tuesday."),
			want: list(vote, "Some 131 people have signed against it since Tuesday."),
		},
		{
			name: "a not taken out beside a counter", before: list(vote, "Some 120 people have not signed the letter to the board."),
			first: list(vote, "Some 131 people have signed the letter to the board."), second: list(vote, "Some 144 people have signed the letter to the board."),
			want: list(vote, "Some 131 people have signed the letter to the board."),
		},
		{
			name: "a new line that ticks", before: list(vote, posts), first: list(vote, "You have 3 free articles left.", posts), second: list(vote, "You have 4 free articles left.", posts),
			want: list(vote, posts),
		},
		{
			name: "a new paragraph with a counter in it", before: list(vote),
			first:  list(vote, "A letter to the board, which asks it to keep the ferry until the bridge is open and was written by the porter, has 131 names under it."),
			second: list(vote, "A letter to the board, which asks it to keep the ferry until the bridge is open and was written by the porter, has 144 names under it."),
			want:   list(vote, "A letter to the board, which asks it to keep the ferry until the bridge is open and was written by the porter, has 131 names under it."),
		},
		{
			name: "furniture of a version seen once", before: list(vote, "p@x > p: Windows cleaned.", posts), first: list(vote, "p@x > p: Boots, half price.", posts), second: list(vote, "p@x > p: Learn the accordion.", posts),
			want: list(vote, posts), wantBefore: list(vote, posts),
		},
		{
			name: "the same of a steady version is gone", before: list(vote, "p@x > p: Windows cleaned.", posts), first: list(vote, "p@x > p: Boots, half price.", posts), second: list(vote, "p@x > p: Learn the accordion.", posts),
			steady: true, want: list(vote, posts),
		},
		{
			name: "furniture among the prose, one paragraph removed beside it", before: list(vote, quay, "Windows cleaned.", posts), first: list(vote, "Boots, half price.", posts), second: list(vote, "Learn the accordion.", posts),
			want: list(vote, posts), wantBefore: list(vote, quay, posts),
		},
		{
			name: "a paragraph removed elsewhere than furniture rotates", before: list(vote, quay, posts, bridge), first: list(vote, posts, "Boots, half price.", bridge), second: list(vote, posts, "Learn the accordion.", bridge),
			want: list(vote, posts, bridge),
		},
		{
			name: "notes are those of the first look", before: list(vote, "note@x > p: Correction: it is a gander."), first: list("note@y > p: Update: the ferry sails.", vote), second: list(vote),
			want: list("Update: the ferry sails.", vote),
		},
		{name: "fields are those of the first look", before: list("headline: A", vote), first: list("headline: B", vote), second: list("headline: C", vote), want: list(vote)},
		{name: "a paragraph that stands twice", before: list(vote, board, posts, board), first: list(vote, board, posts), second: list(vote, board, posts), want: list(vote, board, posts)},
		{name: "everything is another", before: list(vote, posts), first: list(quay, board), second: list(quay, board), want: list(quay, board)},
		{name: "nothing is left", before: list(vote, posts), first: nil, second: nil, want: nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, first, second := page(tt.before...), page(tt.first...), page(tt.second...)
			story, compared, _, _ := tracker.Settle(before, first, second, tt.steady)
			if got := texts(story); !slices.Equal(got, tt.want) {
				t.Errorf("settled on\n%q, want\n%q", got, tt.want)
			}
			want := tt.wantBefore
			if want == nil {
				want = texts(before)
			}
			if got := texts(compared); !slices.Equal(got, want) {
				t.Errorf("compared with\n%q, want\n%q", got, want)
			}
			if story.Headline != first.Headline {
				t.Errorf("headline %q, want that of the first look", story.Headline)
			}
		})
	}
}

// What was unsteady is told by its line and its place; a place where both looks
// agree on a text is said to be steady.
func TestSettleTellsWhatWasUnsteady(t *testing.T) {
	before := page(vote, "Some 120 people have signed against it since Tuesday.")
	first := page(vote, "Boots, half price.", "p@x > p: Sell your caravan.", "Some 131 people have signed against it since Tuesday.", "note@x > p: Correction: one.")
	second := page(vote, "p@x > p: Hearing tests.", "Some 144 people have signed against it since Tuesday.")
	var got []string
	_, _, _, unsteady := tracker.Settle(before, first, second, true)
	for _, s := range unsteady {
		got = append(got, fmt.Sprintf("%s %s %q %v", s.Kind, s.Path, s.Text, s.Steady))
	}
	want := []string{
		`rotates div.story > p "Boots, half price." false`, `place div.story > p "Boots, half price." true`,
		`rotates x > p "Sell your caravan." false`, `place x > p "Sell your caravan." false`,
		`ticks div.story > p "Some 131 people have signed against it since Tuesday." false`,
		`rotates x > p "Hearing tests." false`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("unsteady\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Stories of thousands of paragraphs take their share of time and no more, also
// where one paragraph becomes thousands of pieces that no two looks agree on.
func TestSettleIsNotQuadratic(t *testing.T) {
	long := func(turn int) *extract.Story {
		var lines []string
		for i := range 4000 {
			lines = append(lines, fmt.Sprintf("Paragraph %d of a long live story says %d things.", i, i*(1+turn*(i%2))))
		}
		return page(lines...)
	}
	pieces := func(turn int) *extract.Story {
		var lines []string
		for i := range 4000 {
			lines = append(lines, fmt.Sprintf("Piece%d of it says%d.", i, turn*(i%3)))
		}
		return page(lines...)
	}
	whole := page(strings.Join(texts(pieces(0)), " "))
	for name, of := range map[string][3]*extract.Story{"paragraphs": {long(0), long(1), long(2)}, "pieces": {whole, pieces(1), pieces(2)}} {
		began := time.Now()
		tracker.Settle(of[0], of[1], of[2], false)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: settled after %v", name, took)
		} else {
			t.Logf("%s: settled after %v", name, took)
		}
	}
}

func FuzzSettle(f *testing.F) {
	f.Add("abcd", "abXcd", "abYcd", false)
	f.Add("abcd", "abcd", "dcba", true)
	f.Add("aZb", "aXb", "aYb", false)
	f.Add("", "nab", "ab", false)
	f.Add("aabb", "abab", "bbaa", true)
	f.Add("a1b", "a2b", "a3b", true)
	f.Add("", "\x11\x10", "\x10", false)
	f.Fuzz(holdSettled)
}

// Stories of a few letters, edited at random.
func TestSettleRandomStories(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	letters := func() string {
		b := make([]byte, rng.IntN(8))
		for i := range b {
			b[i] = "abcdnXY12"[rng.IntN(9)]
		}
		return string(b)
	}
	for range 1500 {
		x, y := letters(), letters()
		z := y
		if rng.IntN(2) == 0 {
			z = letters()
		}
		holdSettled(t, x, y, z, rng.IntN(2) == 0)
		if t.Failed() {
			t.Fatalf("of %q, %q and %q", x, y, z)
		}
	}
}

// lettered makes a story of a line for each of up to 40 letters: a digit is a
// counter's line, an n a note, a capital a line of a box. What is no letter of a to
// z stands for one: lines that differ in unseen characters alone are one line to
// settle, and two to a test.
func lettered(letters string) *extract.Story {
	var lines []string
	for _, r := range letters[:min(len(letters), 40)] {
		switch {
		case '0' <= r && r <= '9':
			lines = append(lines, fmt.Sprintf("Some %c00 people of the town have signed it.", r))
		case r == 'n':
			lines = append(lines, "note@div.end > p: Correction: it is a gander.")
		case 'A' <= r && r <= 'Z':
			lines = append(lines, fmt.Sprintf("paragraph@div.box > p: Advert%c says buy%c now%c.", r, r, r))
		default:
			r = 'a' + r%26
			lines = append(lines, fmt.Sprintf("Word%c and term%c were said%c.", r, r, r))
		}
	}
	return page(lines...)
}

// holdSettled holds what settle makes of three stories of letters against what it
// promises.
func holdSettled(t *testing.T, x, y, z string, steady bool) {
	before, first, second := lettered(x), lettered(y), lettered(z)
	story, compared, loose, unsteady := tracker.Settle(before, first, second, steady)
	story2, compared2, loose2, unsteady2 := tracker.Settle(before, first, second, steady)
	if !reflect.DeepEqual([]any{story, compared, loose, unsteady}, []any{story2, compared2, loose2, unsteady2}) {
		t.Errorf("settling twice gives\n%q and\n%q", texts(story), texts(story2))
	}
	a, b, c, got := counted(before), counted(first), counted(second), counted(story)
	for text, n := range got {
		if n > a[text]+b[text] {
			t.Errorf("%q stands %d times, but %d times in the version and %d in the first look", text, n, a[text], b[text])
		}
	}
	for _, block := range first.Blocks {
		if block.Kind == extract.Note && got[block.Text] < b[block.Text] {
			t.Errorf("a note of the first look is lost: %q", block.Text)
		}
	}
	if slices.Equal(texts(first), texts(second)) && (!slices.Equal(texts(story), texts(first)) || len(loose) > 0) {
		t.Errorf("both looks show\n%q, settled on\n%q without %v", texts(first), texts(story), loose)
	}
	for text, n := range b {
		if a[text] == 0 && n == 1 && c[text] == 1 && sameOrder(texts(first), texts(second)) && got[text] == 0 {
			t.Errorf("%q, new in both looks, is lost", text)
		}
	}
	if steady && len(loose) > 0 {
		t.Errorf("blocks %v of a steady version are loose", loose)
	}
}

func counted(s *extract.Story) map[string]int {
	n := map[string]int{}
	for _, text := range texts(s) {
		n[text]++
	}
	return n
}

// sameOrder reports whether no line stands twice, and those that both lists have
// keep their order.
func sameOrder(x, y []string) bool {
	at, last := map[string]int{}, -1
	for i, line := range y {
		if _, twice := at[line]; twice {
			return false
		}
		at[line] = i
	}
	seen := map[string]bool{}
	for _, line := range x {
		i, ok := at[line]
		if seen[line] || ok && i < last {
			return false
		}
		if seen[line] = true; ok {
			last = i
		}
	}
	return true
}
