package paper

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Town returns a paper with n generated articles, spread evenly over the
// designs. No two of up to a thousand share a headline, a paragraph or a caption. The same n and seed
// give the same paper, and a greater n more of the same. Each article has 8 to
// 20 paragraphs, and holds what the edits of [Edits] look for.
//
// The paper has no script: its stories change by [Paper.Edit] alone.
func Town(n int, seed uint64) *Paper {
	p := newPaper(Options{Log: slog.New(slog.DiscardHandler)})
	seen := map[string]bool{}
	for i := range n {
		a := townArticle(i, 0, seed)
		// Dice fall alike now and then, and less often than not.
		for try := uint64(1); try < 100 && repeats(&a.story, seen); try++ {
			a = townArticle(i, try, seed)
		}
		for _, words := range a.story.Words() {
			seen[words] = true
		}
		p.articles = append(p.articles, a)
	}
	return p
}

// repeats reports whether a story says what was seen in another one.
func repeats(s *Story, seen map[string]bool) bool {
	if seen[s.Headline] || seen[s.Standfirst] {
		return true
	}
	return slices.ContainsFunc(s.Blocks, func(b Block) bool { return seen[b.Text] })
}

// townArticle returns the i-th article of a town as one throw of the dice makes
// it.
func townArticle(i int, try, seed uint64) *article {
	w := newWriter(i, try, seed)
	s := Story{
		Design:     1 + i%Designs,
		Headline:   w.say(headlines()[i%len(headlines())]),
		Standfirst: w.say("The ${thing} in ${place} will cost ${num} and take ${small} months, ${body} says"),
		Byline:     w.slots["writer"],
		Published:  time.Date(2026, 3, 1+i%20, 6+i%12, i*7%60, 0, 0, time.UTC),
		Status:     http.StatusOK,
	}
	if i%3 == 0 {
		s.Modified = s.Published.Add(time.Duration(20+i) * time.Minute)
	}
	s.Blocks = w.blocks()
	slug := strings.NewReplacer(" ", "-", ",", "", "’", "", "'", "").Replace(strings.ToLower(s.Headline))
	return &article{path: fmt.Sprintf("/town/%03d-%s", i+1, slug), story: s}
}

// A writer fills the sentences of one article. The names of its people, places
// and things stay the same throughout, its numbers differ from use to use.
type writer struct {
	rng   *rand.Rand
	slots map[string]string
}

func newWriter(i int, try, seed uint64) *writer {
	w := &writer{rand.New(rand.NewPCG(seed, uint64(i)+try<<32)), map[string]string{}}
	names, surnames := shuffled(w.rng, firstNames()), shuffled(w.rng, surnames())
	for k, who := range []string{"writer", "chair", "critic", "witness"} {
		w.slots[who] = names[k] + " " + surnames[k]
		w.slots[who+"'s"] = surnames[k] // the surname alone
	}
	streets := shuffled(w.rng, places())
	w.slots["place"], w.slots["other"] = streets[0], streets[1]
	// Every body meets every thing once before a pair comes back.
	bodies, things := bodies(), things()
	w.slots["body"] = bodies[i%len(bodies)]
	w.slots["thing"] = things[(i/len(bodies)+i)%len(things)]
	w.slots["strong"] = w.one(strongWords())
	w.slots["typo"] = misspelt()[w.rng.IntN(len(misspelt()))][0]
	return w
}

// say fills a sentence in.
func (w *writer) say(sentence string) string {
	text := os.Expand(sentence, func(slot string) string {
		switch slot {
		case "num":
			return fmt.Sprintf("%d,%d00", 11+w.rng.IntN(880), 1+w.rng.IntN(9))
		case "small":
			return fmt.Sprint(3 + w.rng.IntN(94))
		case "day":
			return w.one([]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"})
		case "Body":
			return upper(w.slots["body"])
		}
		return w.slots[slot]
	})
	return upper(text)
}

// blocks returns the text of the article: the paragraphs that every article
// has, some of those that some have, a picture, a subheading, now and then a
// list and a quotation.
func (w *writer) blocks() []Block {
	var blocks []Block
	for _, sentences := range needed() {
		blocks = append(blocks, Block{Kind: Paragraph, Text: w.say(sentences)})
	}
	more := shuffled(w.rng, optional())
	for _, sentences := range more[:2+w.rng.IntN(len(more)-2)] {
		blocks = append(blocks, Block{Kind: Paragraph, Text: w.say(sentences)})
	}
	picture := Block{
		Kind:   Caption,
		Text:   w.say("${place} on ${day}, where the ${thing} is to stand, seen from ${other}"),
		Credit: w.say("Picture: ${witness}"),
	}
	blocks = append(blocks[:2], append([]Block{picture}, blocks[2:]...)...)
	blocks = append(blocks[:6], append([]Block{{Kind: Subheading, Text: w.say("${small} letters from ${other} about the ${thing}")}}, blocks[6:]...)...)
	if w.rng.IntN(2) == 0 {
		blocks = append(blocks, w.list()...)
	}
	if w.rng.IntN(3) == 0 {
		blocks = append(blocks, Block{Kind: Quote, Text: w.say("“We counted ${small} gulls and not one plan.” ${critic}, ${place}")})
	}
	return append(blocks, Block{Kind: Paragraph, Text: w.say("${Body} meets again on ${day} at ${small} ${place}. The papers on the ${thing} can be read there from ten.")})
}

func (w *writer) list() []Block {
	return []Block{
		{Kind: Item, Text: w.say("${place}: ${small} berths, ${small} lamps")},
		{Kind: Item, Text: w.say("${other}: ${small} metres of railing for the ${thing}")},
		{Kind: Item, Text: w.say("Letters to ${chair} by ${day}, ${small} words at most")},
	}
}

// one returns one of a list.
func (w *writer) one(list []string) string { return list[w.rng.IntN(len(list))] }

// shuffled returns list in another order.
func shuffled(rng *rand.Rand, list []string) []string {
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// upper returns text with a capital first letter.
func upper(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
