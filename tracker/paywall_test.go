package tracker_test

import (
	"fmt"
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/extract"
)

// ferryStory is a text of ten paragraphs.
func ferryStory() extract.Story {
	s := extract.Story{Headline: "Council closes the ferry"}
	for _, text := range []string{
		"The council voted on Tuesday to close the ferry to Eastbank after 31 years of service to the town and its fishermen.",
		"Twelve people work on the boat, and Mayor Ida Brenner said that each of them would be offered a post elsewhere.",
		"A bridge was first proposed in 1988, drawn twice, paid for once, and never begun, as the papers in the town hall show.",
		"Nobody who spoke that evening wanted to say where the money for it had gone, though several were asked by this paper.",
		"Last winter a rope broke at noon and the boat drifted for two hours before a dredger took it in tow off the mole.",
		"Fares have risen four times since then, most recently in March, when a crossing came to cost more than a loaf of bread.",
		"Its pilot, Ewan Sorley, who has steered it for longer than anybody can remember, learned of the vote from his daughter.",
		"Those in favour were eleven, those against nine, and one councillor had gone home early to look after a sick horse.",
		"Lawyers for the company believe that the contract cannot be ended before next spring without a payment to its owners.",
		"On Sunday the last crossing leaves at six, weather permitting, with a brass band on deck and free soup for everyone.",
	} {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: text, End: "\n\n"})
	}
	return s
}

// first returns the first n paragraphs of a story, and what is added to them.
func first(s extract.Story, n int, signals extract.Signals, more ...string) *extract.Story {
	s.Blocks = append([]extract.Block(nil), s.Blocks[:n]...)
	for _, text := range more {
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Paragraph, Text: text, End: "\n\n"})
	}
	s.Signals = signals
	return &s
}

func TestPaywallCut(t *testing.T) {
	whole := ferryStory()
	const please = "Subscribe to read the rest of this story, from 2 a month."
	invited, paid := extract.Signals{Invitation: please}, extract.Signals{Paid: true}
	broken := extract.Signals{Invitation: please, BreaksOff: true}
	edited := ferryStory()
	edited.Blocks[0].Text = strings.Replace(edited.Blocks[0].Text, "Tuesday", "Wednesday", 1)
	other := ferryStory()
	for i := range other.Blocks {
		other.Blocks[i].Text = fmt.Sprintf("Paragraph %d speaks of the sprat, its friends and its enemies, and of nothing that was known before.", i)
	}
	half := whole.Blocks[6].Text[:60] + "…"
	chinese := extract.Story{Blocks: []extract.Block{{Kind: extract.Paragraph, Text: strings.Repeat("市议会周二投票决定关闭渡轮。镇长说工人会得到其他职位。", 1) + "桥梁预计要到十年后才会建成，港务局说，最后一班船将在星期日离开码头，票价不会再上涨。"}}}
	for _, tt := range []struct {
		name   string
		before extract.Story
		after  *extract.Story
		cut    bool
	}{
		{"two paragraphs and an invitation", whole, first(whole, 2, invited, please), true},
		{"an invitation within the last paragraph", whole, first(whole, 1, invited, whole.Blocks[1].Text+" "+please), true},
		{"two paragraphs of what is not free", whole, first(whole, 2, paid), true},
		{"breaks off after six paragraphs", whole, first(whole, 6, broken, half, please), true},
		{"cut and edited at once", whole, first(edited, 2, invited, please), true},
		{"nothing but the invitation", whole, first(whole, 0, invited, please), true},
		{"ends in the middle of a paragraph, with no mark", whole, first(whole, 6, invited, whole.Blocks[6].Text[:26], please), true},
		{"ends in the middle of a paragraph after five words, not free", whole, first(whole, 6, paid, "Its pilot, Ewan Sorley, who…"), true},
		{"a paragraph made shorter by a sentence, not free", *first(whole, 9, invited, "It is late. It is dark."), first(whole, 6, paid, "It is late."), false},
		{"whole, and asks to subscribe", whole, first(whole, 10, invited, please), false},
		{"whole, and not free", whole, first(whole, 10, paid), false},
		{"whole, ends without a stop, not free", whole, first(whole, 10, extract.Signals{Paid: true, BreaksOff: true}), false},
		{"a paragraph fewer, and not free", whole, first(whole, 9, extract.Signals{Paid: true, BreaksOff: true}), false},
		{"four paragraphs fewer, and asks to subscribe", whole, first(whole, 6, invited, please), false},
		{"cut by its publisher", whole, first(whole, 2, extract.Signals{}), false},
		{"cut by its publisher in the middle of a sentence", whole, first(whole, 2, extract.Signals{BreaksOff: true}, half), false},
		{"another text, short and not free", whole, first(other, 2, paid), false},
		{"the end alone is left", whole, &extract.Story{Blocks: whole.Blocks[8:], Signals: paid}, false},
		{"never more than a teaser", *first(whole, 2, invited, please), first(whole, 2, broken, please), false},
		{"no text before", extract.Story{}, first(whole, 0, paid), false},
		{"without spaces between words", chinese, &extract.Story{Blocks: []extract.Block{{Kind: extract.Paragraph, Text: "市议会周二投票决定关闭渡轮。镇长说工"}}, Signals: extract.Signals{Paid: true, BreaksOff: true}}, true},
	} {
		why, cut := tracker.PaywallCut(&tt.before, tt.after)
		if cut != tt.cut || cut == (why == "") {
			t.Errorf("%s: cut %v (%s), want %v", tt.name, cut, why, tt.cut)
		}
	}
	why, _ := tracker.PaywallCut(&whole, first(whole, 2, invited, please))
	if want := `only the first 43 of 218 words are shown, and the page asks to subscribe: "Subscribe to read the rest of this story, from 2 a month."`; why != want {
		t.Errorf("why = %q, want %q", why, want)
	}
}

// A text that ends with a paragraph is cut by a paywall where nothing but its end
// is missing, and the page asks for what it did not ask for before.
func TestCutAnew(t *testing.T) {
	const please = "Subscribe to read the rest of this story, from 2 a month."
	whole := ferryStory()
	invited, paid, both := extract.Signals{Invitation: please}, extract.Signals{Paid: true}, extract.Signals{Paid: true, Invitation: please}
	shown := func(s extract.Signals) extract.Story { w := whole; w.Signals = s; return w }
	edited := ferryStory()
	edited.Blocks[0].Text = strings.Replace(edited.Blocks[0].Text, "Tuesday", "Wednesday", 1)
	anew, exchanged := ferryStory(), ferryStory()
	for i := range 3 {
		anew.Blocks[i].Text = strings.Replace(anew.Blocks[i].Text, "the ", "their ", 1)
	}
	exchanged.Blocks[2].Text = "Nothing of this is what stood here an hour ago, and none of these words were in that place."
	for _, tt := range []struct {
		name  string
		shown extract.Story
		after *extract.Story
		cut   bool
	}{
		{"a new invitation", shown(extract.Signals{}), first(whole, 6, invited, please), true},
		{"a new invitation on a page that is not free", shown(paid), first(whole, 6, both, please), true},
		{"a new marker", shown(extract.Signals{}), first(whole, 7, paid), true},
		{"a new marker on a page that always invited", shown(invited), first(whole, 6, both, please), true},
		{"cut by its publisher", shown(extract.Signals{}), first(whole, 6, extract.Signals{}), false},
		{"cut by its publisher on a page that always asks", shown(both), first(whole, 6, both, please), false},
		{"cut by its publisher on a page that has become free", shown(both), first(whole, 6, extract.Signals{}), false},
		{"cut and edited", shown(extract.Signals{}), first(edited, 6, invited, please), true},
		{"cut and written anew", shown(extract.Signals{}), first(anew, 6, invited, please), false},
		{"cut, with a paragraph exchanged", shown(extract.Signals{}), first(exchanged, 6, invited, please), false},
		{"a paragraph of the middle is gone", shown(extract.Signals{}), &extract.Story{Blocks: append(append([]extract.Block(nil), whole.Blocks[:3]...), whole.Blocks[5:8]...), Signals: invited}, false},
		{"a last paragraph is gone", shown(extract.Signals{}), first(whole, 9, invited, please), false},
		{"whole", shown(extract.Signals{}), first(whole, 10, invited, please), false},
		{"longer", shown(extract.Signals{}), first(whole, 10, invited, "And more.", please), false},
		{"nothing at all", extract.Story{}, first(whole, 0, paid), false},
	} {
		if why, cut := tracker.CutAnew(&tt.shown, tt.after); cut != tt.cut || cut == (why == "") {
			t.Errorf("%s: cut %v (%s), want %v", tt.name, cut, why, tt.cut)
		}
	}
}

// ferryPage lays out the first n paragraphs of the story and what follows them.
func ferryPage(n int, head, after string) string {
	var b strings.Builder
	for _, block := range ferryStory().Blocks[:n] {
		b.WriteString("<p>" + block.Text + "</p>\n")
	}
	return `<!doctype html><html lang="en"><head><title>Council closes the ferry</title>` + head + `</head><body><article><h1>Council closes the ferry</h1>` + b.String() + `</article>` + after + `</body></html>`
}

// A wall that comes up in front of the last third of a story is no edit, and what
// its publisher cut off is one.
func TestPaywallComesUp(t *testing.T) {
	const (
		box    = `<div class="box"><p>Subscribe to continue reading this story.</p></div>`
		marker = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council closes the ferry","isAccessibleForFree":false}</script>`
	)
	for _, tt := range []struct {
		name          string
		before, after string
		outcome       tracker.Outcome
		reason        string
	}{
		{"an invitation", ferryPage(10, "", ""), ferryPage(6, "", box), tracker.OutcomeBlocked, "paywall"},
		{"a marker", ferryPage(10, "", ""), ferryPage(6, marker, ""), tracker.OutcomeBlocked, "paywall"},
		{"the invitation was there", ferryPage(10, "", box), ferryPage(6, "", box), tracker.OutcomeChanged, ""},
		{"the marker was there", ferryPage(10, marker, ""), ferryPage(6, marker, ""), tracker.OutcomeChanged, ""},
		{"neither", ferryPage(10, "", ""), ferryPage(6, "", ""), tracker.OutcomeChanged, ""},
	} {
		hours(t, func(s *clockwork) {
			s.town.at("/a", shows(tt.before))
			id := s.add("/a")
			s.look(id, tracker.OutcomeNew, "")
			s.town.at("/a", shows(tt.before))
			s.look(id, tracker.OutcomeUnchanged, "")
			s.town.at("/a", shows(tt.after))
			s.Log(tt.name)
			s.look(id, tt.outcome, tt.reason)
			if tt.reason != "" {
				s.town.at("/a", shows(tt.before))
				s.look(id, tracker.OutcomeUnchanged, "")
			}
		})
	}
}

// Long texts take no more than their length.
func TestPaywallCutOfALongText(t *testing.T) {
	long := extract.Story{Blocks: []extract.Block{{Kind: extract.Paragraph, Text: strings.Repeat("one two three four five ", 200_000)}}}
	after := extract.Story{Blocks: long.Blocks, Signals: extract.Signals{Paid: true, BreaksOff: true}}
	if why, cut := tracker.PaywallCut(&long, &after); cut {
		t.Errorf("a whole text counts as cut: %s", why)
	}
}
