package report

import (
	"strconv"

	"storydiff/diffview"
)

// The sizes of charts, in the units of their view boxes.
const (
	chartWidth, chartHeight = 720, 150
	sparkWidth, sparkHeight = 144, 28
)

// maxBars is how many bars a chart has at most: the newest. More would be thinner
// than their gaps.
const maxBars = 120

// A chart is bars along weeks, drawn as SVG; data of the template "chart". Parts
// of a bar are told apart by how they are filled: solid, hatched or open.
type chart struct {
	ID            string // of its parts in the page
	Title         string
	Desc          string // what it shows, for who cannot see it
	Width, Height int
	Base          int // where bars stand
	Bars          []bar
	Keys          []key
	Top           string // what the highest bar stands for: "34 changes"
	Room          int    // the height of a bar of a week without a look
	From, To      string // the first and the last week
	Path          string // a spark's bars, as one path
}

// A bar is a week.
type bar struct {
	X, Width int
	Label    string // all it says, for who points at it
	Parts    []barPart
	Unseen   bool // no look observed any article in the week
}

// A barPart is a stretch of a bar.
type barPart struct {
	Y, Height int
	Fill      string // "solid", "hatched", "open"
}

// A key says what a filling stands for.
type key struct{ Fill, Text string }

// A column is the numbers of one bar, from its foot up, and what they are.
type column struct {
	label  string
	counts []int
	unseen bool
}

// newBars lays out columns; most is the height of the highest one. A part that is
// not 0 is seen, however small.
func newBars(columns []column, width, height, base int, fillings []string) (bars []bar, most int) {
	for _, c := range columns {
		most = max(most, sum(c.counts))
	}
	slot := slotOf(width, len(columns))
	wide := max(1, min(slot-max(1, slot/5), width/14)) // a few weeks make no walls
	for i, c := range columns {
		b := bar{X: i*slot + (slot-wide)/2, Width: wide, Label: c.label, Unseen: c.unseen}
		y := base
		for k, n := range c.counts {
			if n == 0 {
				continue
			}
			h := max(2, n*(height-2)/max(most, 1))
			y -= h
			b.Parts = append(b.Parts, barPart{max(0, y), h, fillings[k]})
		}
		bars = append(bars, b)
	}
	return bars, most
}

// slotOf returns how wide the place of a bar is.
func slotOf(width, columns int) int { return width / max(columns, 1) }

func sum(counts []int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}

// newChart draws columns, of which counts are of the nouns; keys say what each
// count of a column is.
func newChart(id, title, desc, noun string, columns []column, keys []key) *chart {
	fillings := make([]string, len(keys))
	for i, k := range keys {
		fillings[i] = k.Fill
	}
	c := &chart{ID: id, Title: title, Desc: desc, Width: slotOf(chartWidth, len(columns)) * len(columns), Height: chartHeight, Base: chartHeight - 4, Room: chartHeight - 6, Keys: keys}
	var most int
	c.Bars, most = newBars(columns, chartWidth, chartHeight-8, c.Base, fillings)
	c.Top = "Top: " + diffview.Count(most, noun)
	return c
}

// newSpark draws columns small, without words.
func newSpark(title string, columns []column) *chart {
	c := &chart{Title: title, Width: slotOf(sparkWidth, len(columns)) * len(columns), Height: sparkHeight, Base: sparkHeight - 2}
	bars, _ := newBars(columns, sparkWidth, sparkHeight-3, c.Base, []string{""})
	var path []byte
	for _, b := range bars {
		for _, part := range b.Parts {
			for _, step := range [...]struct {
				by string
				n  int
			}{{"M", b.X}, {" ", c.Base}, {"h", b.Width}, {"v-", part.Height}, {"h-", b.Width}} {
				path = strconv.AppendInt(append(path, step.by...), int64(step.n), 10)
			}
			path = append(path, 'z')
		}
	}
	c.Path = string(path)
	return c
}
