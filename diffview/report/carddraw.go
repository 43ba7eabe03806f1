package report

import (
	"bytes"
	"image"
	"image/png"
	"strconv"
	"strings"

	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

// The size of a card in pixels, as Open Graph asks for, and its margin.
const (
	cardWide   = 1200
	cardHigh   = 630
	cardMargin = 64
)

// drawCard draws a card as PNG.
func drawCard(c card) ([]byte, error) {
	p, err := newPen()
	if err != nil {
		return nil, err
	}
	p.fill(0, 0, 14, cardHigh, levelRamp(c.Level), full)
	const right = cardWide - cardMargin
	p.write(right-p.small.width("storydiff"), 84, p.small, soft, "storydiff")
	p.line(cardMargin, 84, p.label, ink, c.Outlet, right-cardMargin-180)
	p.fill(cardMargin, 108, right, 110, rule, full)
	y := 166
	headline, _ := wrapCard([]worddiff.Span{{Op: worddiff.Equal, Text: c.Headline}}, p.title, p.title, right-cardMargin, 2)
	for _, row := range headline {
		p.row(cardMargin, y, row, p.title, p.title)
		y += 54
	}
	p.line(cardMargin, y, p.small, soft, "Changed "+c.When, right-cardMargin)
	const foot = 520
	bottom := foot - 20
	if c.Missing {
		bottom -= 36
	}
	p.sentence(c.Sentence, y+26, bottom)
	if c.Missing {
		p.line(cardMargin, foot-20, p.small, soft, "Words in letters that this picture has no font for are left out; the page has them.", right-cardMargin)
	}
	p.foot(c, foot)
	return p.png()
}

// sentence writes a marked sentence between top and bottom, large where that has
// room for all of it.
func (p *pen) sentence(spans []worddiff.Span, top, bottom int) {
	const room = cardWide - 2*cardMargin
	for _, size := range []struct{ plain, strong *face }{{p.large, p.largeStrong}, {p.text, p.strong}} {
		high := size.plain.size * 10 / 7
		rows, whole := wrapCard(spans, size.plain, size.strong, room, (bottom-top)/high)
		if !whole && size.plain != p.text {
			continue
		}
		for i, row := range rows {
			p.row(cardMargin, top+(i+1)*high-size.plain.size/5, row, size.plain, size.strong)
		}
		return
	}
}

// foot writes the verdict below everything else.
func (p *pen) foot(c card, y int) {
	const right = cardWide - cardMargin
	p.fill(cardMargin, y, right, y+2, rule, full)
	x := p.write(cardMargin, y+74, p.score, levelRamp(c.Level), strconv.Itoa(c.Score)) + 14
	x = p.write(x, y+74, p.small, soft, "of 100, "+string(c.Level)) + 36
	x = p.chip(x, y+74, c.Disclosure) + 24
	p.line(x, y+74, p.small, soft, c.Kinds, right-x)
}

// chip writes the disclosure as the pages do: silent filled, noted in the colour
// of what was added, and returns where it ends.
func (p *pen) chip(x, y int, d revision.Disclosure) int {
	text, ok := writable(string(d))
	if !ok || text == "" {
		return x
	}
	const pad, high, low, line = 14, 31, 13, 2
	end := x + p.label.width(text) + 2*pad
	frame, letters := ink, ink
	switch d {
	case revision.Silent:
		p.fill(x, y-high, end, y+low, inverse, empty)
		p.write(x+pad, y, p.label, inverse, text)
		return end
	case revision.Noted:
		frame, letters = green, green
	}
	p.fill(x, y-high, end, y+low, frame, full)
	p.fill(x+line, y-high+line, end-line, y+low-line, ink, empty)
	p.write(x+pad, y, p.label, letters, text)
	return end
}

// line writes text on one line, with an ellipsis where it is wider than there is room.
func (p *pen) line(x, y int, f *face, r ramp, text string, room int) int {
	if f.width(text) <= room {
		return p.write(x, y, f, r, text)
	}
	for text != "" && f.width(text+"…") > room {
		text = strings.TrimRight(cutLast(text), " ")
	}
	if text == "" {
		return x
	}
	return p.write(x, y, f, r, text+"…")
}

func levelRamp(l revision.Level) ramp {
	switch l {
	case revision.Major:
		return red
	case revision.Notable:
		return brown
	}
	return soft
}

// row writes one row of a marked sentence: what went struck through in a lighter
// weight, what came underlined in a heavier one.
func (p *pen) row(x, y int, row []piece, plain, strong *face) {
	for i, w := range row {
		left := x + w.x
		f, r := plain, ink
		switch w.op {
		case worddiff.Delete:
			r = struck
		case worddiff.Insert:
			f, r = strong, added
		}
		right := left + w.wide
		if i+1 < len(row) && row[i+1].op == w.op { // the space between two marked words is marked too
			right = x + row[i+1].x
		}
		if w.op == worddiff.Equal {
			p.write(left, y, f, r, w.text)
			continue
		}
		p.fill(left-2, y-f.size, right+2, y+f.size*3/10, r, empty)
		p.write(left, y, f, r, w.text)
		if w.op == worddiff.Delete {
			p.fill(left-2, y-f.size*3/10-1, right+2, y-f.size*3/10+2, r, full)
		} else {
			p.fill(left-2, y+f.size/8, right+2, y+f.size/8+3, r, full)
		}
	}
}

// png encodes what was drawn.
func (p *pen) png() ([]byte, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, p.img); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// blank is a card without anything on it.
func blank() *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, cardWide, cardHigh), inks())
}
