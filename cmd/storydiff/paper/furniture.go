package paper

import (
	"fmt"
	"math/rand/v2"
)

// A furniture is what surrounds a story in one view of its page. No two views
// that follow each other have any of it the same.
type furniture struct {
	Nonce     string
	Readers   int    // "… people are reading this"
	Comments  int    // how many were written
	Ago       string // how long ago the page says the story was published
	Metered   string // how many free articles are left
	Related   []teaser
	MostRead  []teaser
	UpNext    teaser
	Ad        ad // beside the text
	Sponsored ad // among the teasers
	Letters   []letter
	Ticker    string
}

// An ad is an advertisement.
type ad struct{ Head, Text, Who string }

// A letter is a reader's comment.
type letter struct{ Who, Ago, Text string }

// newFurniture returns the furniture of the view-th view of a page.
func newFurniture(rng *rand.Rand, view int, others []teaser) furniture {
	f := furniture{
		Nonce:     fmt.Sprintf("%016x", rng.Uint64()),
		Readers:   11 + view*3 + rng.IntN(3),
		Comments:  4 + view,
		Ago:       ago(3 + view),
		Metered:   fmt.Sprintf("You have read %d of your 40 free stories this month.", 1+view%39),
		Related:   turned(others, view, 4),
		MostRead:  turned(others, view*2+3, 5),
		Ad:        pick(advertisements(), view),
		Sponsored: pick(advertisements(), view+3),
		Ticker:    fmt.Sprintf("Tide at the bar: %d.%d m, wind %d knots", 1+view%4, rng.IntN(10), 4+view%20),
	}
	if len(others) > 0 {
		f.UpNext = pick(others, view+5)
	}
	for i := range 3 {
		l := pick(comments(), view+i)
		l.Ago = ago(view*2 + i)
		f.Letters = append(f.Letters, l)
	}
	return f
}

// scatter puts an advertisement, a list of links and now and then a newsletter
// box behind some of the blocks, at each view behind others.
func (f *furniture) scatter(rng *rand.Rand, view int, blocks []blockView, others []teaser) {
	n := len(blocks)
	if n < 4 {
		return
	}
	advert := pick(advertisements(), view+5)
	blocks[1+view%(n-2)].Ad = &advert
	blocks[1+(view+n/2)%(n-2)].Links = turned(others, view+1, 3)
	if view%3 != 0 {
		blocks[1+rng.IntN(n-2)].Letter = pick(newsletters(), view)
	}
}

// turned returns n of the teasers, from another place on at each turn.
func turned(ts []teaser, turn, n int) []teaser {
	var out []teaser
	for i := range min(n, len(ts)) {
		t := pick(ts, turn+i)
		t.Ago = ago(turn*7 + i*11 + 2)
		out = append(out, t)
	}
	return out
}

// pick returns an item of a list that never ends.
func pick[T any](list []T, i int) T { return list[i%len(list)] }

// ago says how long ago something was.
func ago(minutes int) string {
	if minutes < 60 {
		return fmt.Sprintf("%d minutes ago", minutes+1)
	}
	return fmt.Sprintf("%d hours ago", 1+minutes/60)
}

func advertisements() []ad {
	return []ad{
		{"Boots that like puddles", "Half price until Sunday, children’s sizes too.", "Tolliver’s Shoes"},
		{"A roof over your boat", "Winter berths from 14 a week, tea included.", "Saltby Boatyard"},
		{"Learn the accordion", "Eleven lessons and you can stop whenever the neighbours ask.", "Marsh End Music"},
		{"Windows cleaned from inside and out", "We come by ladder. We leave by ladder.", "Brightside & Daughter"},
		{"Fresh bread at five", "For those who are up. For the rest, there is toast.", "Candle Street Bakery"},
		{"Sell your caravan", "Cash on the day. No question about the smell.", "Dunlin Caravans"},
		{"Hearing tests", "Free of charge, and we will say so twice.", "Gull & Partners"},
		{"The Quay Players present a comedy", "Three acts, one goat, nightly at eight.", "Quay Theatre"},
	}
}

func newsletters() []string {
	return []string{
		"Get the Post in your inbox. One letter each morning, before the tide.",
		"Sign up for our weekend letter: long reads, tide tables and the crossword.",
		"Never miss a story. Join the readers who have us with their coffee.",
		"The Evening Boat: the day in five minutes, sent at six. Sign up here.",
	}
}

func comments() []letter {
	return []letter{
		{Who: "Harbourmouse", Text: "I have lived here for forty years and never saw the like."},
		{Who: "T. Plover", Text: "Could somebody please mend the bench by the slip while they are at it?"},
		{Who: "Not that Edwin", Text: "As usual, nobody asked those of us on the east side."},
		{Who: "reedcutter", Text: "Well said. My aunt was there and she tells it the same way."},
		{Who: "Mrs Oats", Text: "A good piece, though the picture is of the wrong jetty."},
		{Who: "sixpence", Text: "Who pays for all this? We do, that’s who."},
		{Who: "ebb_and_flo", Text: "It was better when the market was on Thursdays."},
	}
}
