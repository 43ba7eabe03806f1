package press

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"storydiff/tracker/extract"
)

// A pen writes the sentences of one article: its people and places stay the
// same, its numbers and odd words differ.
type pen struct {
	dice  *rand.Rand
	slots map[string]string
}

func newPen(seed uint64) *pen {
	p := &pen{rand.New(rand.NewPCG(5, seed)), map[string]string{}}
	for _, slot := range []string{"place", "other", "river", "who", "critic", "writer"} {
		p.slots[slot] = p.name()
	}
	p.slots["who"] += " " + p.name()
	p.slots["critic"] += " " + p.name()
	p.slots["writer"] += " " + p.name()
	p.slots["thing"] = p.one("bridge", "school", "ferry", "hospital", "library", "harbour", "tram line", "reservoir", "market hall", "theatre")
	p.slots["body"] = p.one("council", "ministry", "province", "health board", "port authority", "school board")
	p.slots["role"] = p.one("mayor", "minister", "harbour master", "head teacher", "engineer", "spokeswoman")
	return p
}

func (p *pen) one(list ...string) string { return list[p.dice.IntN(len(list))] }

// word is a made-up word: no two articles share many, so that searching one is
// finding few.
func (p *pen) word() string {
	var b strings.Builder
	for range 2 + p.dice.IntN(2) {
		b.WriteString(p.one("ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "wu", "gar", "hen", "lin", "mor", "nes", "pol", "ster", "tan", "ver", "wick"))
	}
	return b.String()
}

func (p *pen) name() string {
	w := p.word()
	return strings.ToUpper(w[:1]) + w[1:]
}

// headlines and sentences are what stories are put together from.
func headlines() []string {
	return []string{
		"{body} approves new {thing} in {place}", "{place} waits for its {thing}", "{who} warns of delay to {thing}",
		"Cost of {thing} rises to {num} million", "{small} letters against the {thing} at {place}", "Why {place} and {other} quarrel over a {thing}",
	}
}

func sentences() []string {
	return []string{
		"The {body} of {place} voted on {day} to build the {thing} beside the {river}, after {small} months of dispute with {other}.",
		"It will cost {num} million and is to open in {month}, according to papers that were read out at the {word} meeting.",
		"“We looked at {small} plans and none was {word},” said {who}, the {role}, on {day}.",
		"“Nobody in {other} will lose work over the {thing},” {critic} told the {body}, which heard {small} speakers.",
		"The {river} rose by {small} centimetres on {day} and flooded {small} cellars in the {word} quarter, the {body} said.",
		"{who} was asked three times about the {word} report and said that it was complete.",
		"Traders of {place} had wanted the {thing} moved to {other}, where {num} people live and few {word} boats land.",
		"A first survey found that {small} of the {num} piles were rotten, and that the {word} beams could not be saved.",
		"{critic}, who has lived by the {river} for {small} years, called the decision {word} and too late.",
		"The works begin in {month} and will close the road to {other} for {small} weeks, the {role} confirmed.",
		"Letters about the {thing} can be read at the {word} office until {day}; {small} had come by noon.",
		"Neither the {body} nor the builders would say who pays for the {word} foundations.",
	}
}

// say fills in the slots of a sentence.
func (p *pen) say(sentence string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !found {
			break
		}
		slot, after, _ := strings.Cut(rest, "}")
		b.WriteString(p.fill(slot))
		sentence = after
	}
	text := b.String()
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:]
}

func (p *pen) fill(slot string) string {
	switch slot {
	case "num":
		return fmt.Sprint(10 + p.dice.IntN(900))
	case "small":
		return fmt.Sprint(3 + p.dice.IntN(60))
	case "day":
		return p.one("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
	case "month":
		return p.one("March", "April", "May", "June", "September", "October")
	case "word":
		return p.word()
	}
	return p.slots[slot]
}

// paragraph is two or three sentences.
func (p *pen) paragraph() extract.Block {
	var said []string
	for range 2 + p.dice.IntN(2) {
		said = append(said, p.say(p.one(sentences()...)))
	}
	return extract.Block{Kind: extract.Paragraph, Text: strings.Join(said, " "), End: "\n\n", Path: "main > article > div.text > p"}
}

// first is a story of some 600 words as it is published.
func (p *pen) first(at time.Time) extract.Story {
	s := extract.Story{
		Headline: p.say(p.one(headlines()...)), Standfirst: p.say(p.one(sentences()...)), Byline: "By " + p.slots["writer"],
		Published: at.Add(-20 * time.Minute).Truncate(time.Minute), Lang: "en", Site: "The " + p.slots["place"] + " Post",
		Sources: map[string]string{"headline": "h1", "body": "html", "byline": "json-ld", "published": "json-ld"},
	}
	for range 9 + p.dice.IntN(10) {
		s.Blocks = append(s.Blocks, p.paragraph())
	}
	s.Blocks = slices.Insert(s.Blocks, 4, extract.Block{Kind: extract.Heading, Text: p.say("A {word} {thing}"), End: "\n\n", Path: "main > article > div.text > h2"})
	s.Blocks = slices.Insert(s.Blocks, 1, extract.Block{Kind: extract.Caption, Text: p.say("The {thing} at {place}, seen from the {river}. Picture: {critic}"), End: "\n\n", Path: "main > article > figure > figcaption"})
	return s
}

var digits = regexp.MustCompile(`\d+`)

// edit returns a story as its outlet left it after an edit.
func (p *pen) edit(s extract.Story, at time.Time) extract.Story {
	s.Blocks = slices.Clone(s.Blocks)
	i := 2 + p.dice.IntN(len(s.Blocks)-2)
	b := &s.Blocks[i]
	switch p.dice.IntN(12) {
	case 0, 1:
		b.Text = digits.ReplaceAllStringFunc(b.Text, func(string) string { return p.fill("small") })
	case 2:
		s.Headline = p.say(p.one(headlines()...))
	case 3:
		b.Text = strings.Replace(strings.Replace(b.Text, " was ", " may have been ", 1), " found ", " suggests ", 1)
	case 4:
		b.Text = strings.Replace(b.Text, "“", "“"+p.name()+" or not, ", 1)
	case 5:
		s.Standfirst = p.say(p.one(sentences()...))
	case 6:
		if len(s.Blocks) > 10 {
			s.Blocks = slices.Delete(s.Blocks, i, i+1)
		}
	case 7:
		note := p.say("Correction, {day}: An earlier version of this article said that {small} letters had come. It was {small}.")
		s.Blocks = append(s.Blocks, extract.Block{Kind: extract.Note, Text: note, End: "\n\n", Place: extract.BelowText, Path: "main > article > p.note"})
	case 8:
		s.Blocks = slices.Insert(s.Blocks, i, p.paragraph())
	default:
		said := strings.SplitAfter(b.Text, ". ")
		said[p.dice.IntN(len(said))] = p.say(p.one(sentences()...)) + " "
		b.Text = strings.TrimSpace(strings.Join(said, ""))
	}
	if len(s.Blocks) > 40 {
		s.Blocks = slices.Delete(s.Blocks, 6, 16)
	}
	if p.dice.IntN(5) < 2 {
		s.Modified = at.Add(-5 * time.Minute).Truncate(time.Minute)
	}
	return s
}

// page is a page around a story, as it came.
func page(s *extract.Story) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><html lang=%q><head><title>%s</title></head><body><main><article><h1>%[2]s</h1><p class=\"standfirst\">%s</p><p class=\"byline\">%s</p><div class=\"text\">\n", s.Lang, s.Headline, s.Standfirst, s.Byline)
	for _, block := range s.Blocks {
		fmt.Fprintf(&b, "<p>%s</p>\n", block.Text)
	}
	b.WriteString("</div></article></main></body></html>\n")
	return []byte(b.String())
}
