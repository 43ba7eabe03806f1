package report

import (
	"fmt"
	"image"
	"image/color"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A ramp is sixteen colours from a ground to an ink on it, so that the edges of
// letters are smooth while a card has less than 256 colours: as a picture of
// indices it is drawn and packed several times faster than in true colour.
type ramp uint8

// The ramps.
const (
	ink ramp = iota
	soft
	red
	brown
	green
	struck  // what went, on its ground
	added   // what came, on its
	inverse // paper on ink
	rule
)

// empty and full are the ends of a ramp.
const (
	empty = 0
	full  = 15
)

// inks are the colours of all ramps, those of the style sheet's light pages.
func inks() color.Palette {
	rgb := func(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }
	const paper = 0xfffdf9
	var p color.Palette
	for _, pair := range [][2]uint32{
		ink: {paper, 0x1d1b18}, soft: {paper, 0x615b52}, red: {paper, 0x98211c}, brown: {paper, 0x7a4b00}, green: {paper, 0x0b5a2b},
		struck: {0xfbe8e4, 0x98211c}, added: {0xe2f2e4, 0x0b5a2b}, inverse: {0x1d1b18, paper}, rule: {paper, 0xded8cc},
	} {
		from, to := rgb(pair[0]), rgb(pair[1])
		for i := range full + 1 {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(full-i) + int(b)*i) / full) }
			p = append(p, color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255})
		}
	}
	return p
}

// fonts are parsed when the first card is drawn. Both hold the letters of the
// languages of Europe that are written in Latin, Greek and Cyrillic (WGL4).
var fonts = sync.OnceValues(func() (f [2]*sfnt.Font, err error) {
	if f[0], err = opentype.Parse(goregular.TTF); err != nil {
		return f, fmt.Errorf("reading the regular font of cards: %w", err)
	}
	if f[1], err = opentype.Parse(gobold.TTF); err != nil {
		return f, fmt.Errorf("reading the bold font of cards: %w", err)
	}
	return f, nil
})

// hasGlyph reports whether the font of cards can write r.
func hasGlyph(r rune) bool {
	f, err := fonts()
	if err != nil || unicode.Is(unicode.Mn, r) { // marks that stand on others are not placed
		return false
	}
	var b sfnt.Buffer
	index, err := f[0].GlyphIndex(&b, r)
	return err == nil && index != 0
}

// isLetter reports whether a text without r is another text.
func isLetter(r rune) bool { return unicode.In(r, unicode.L, unicode.M, unicode.N) }

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// A face is a font in one size.
type face struct {
	font.Face
	size  int // pixels
	space int // width of a space, in pixels
}

func (f *face) width(text string) int { return font.MeasureString(f, text).Ceil() }

// A pen draws on one card. It is no one else's: faces keep what they drew last.
type pen struct {
	img                               *image.Paletted
	title, text, strong, label, small *face
	large, largeStrong, score         *face
}

func newPen() (*pen, error) {
	p := &pen{img: blank()}
	f, err := fonts()
	if err != nil {
		return nil, err
	}
	for _, want := range []struct {
		into **face
		font *sfnt.Font
		size int
	}{
		{&p.title, f[1], 44}, {&p.text, f[0], 33}, {&p.strong, f[1], 33}, {&p.label, f[1], 27}, {&p.small, f[0], 25}, {&p.score, f[1], 60}, {&p.large, f[0], 43}, {&p.largeStrong, f[1], 43},
	} {
		one, err := opentype.NewFace(want.font, &opentype.FaceOptions{Size: float64(want.size), DPI: 72})
		if err != nil {
			return nil, fmt.Errorf("scaling the font of cards: %w", err)
		}
		*want.into = &face{Face: one, size: want.size}
		(*want.into).space = (*want.into).width(" ")
	}
	return p, nil
}

// fill fills a rectangle with one shade of a ramp.
func (p *pen) fill(x0, y0, x1, y1 int, r ramp, shade uint8) {
	box := image.Rect(x0, y0, x1, y1).Intersect(p.img.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := p.img.Pix[y*p.img.Stride+box.Min.X : y*p.img.Stride+box.Max.X]
		for i := range row {
			row[i] = uint8(r)<<4 | shade
		}
	}
}

// write writes text with its baseline at y and returns where it ends.
func (p *pen) write(x, y int, f *face, r ramp, text string) int {
	dot := fixed.P(x, y)
	before := rune(-1)
	for _, c := range text {
		if before >= 0 {
			dot.X += f.Kern(before, c)
		}
		box, mask, at, advance, ok := f.Glyph(dot, c)
		if ok {
			p.stamp(box, mask, at, r)
		}
		dot.X += advance
		before = c
	}
	return dot.X.Ceil()
}

// stamp colours where a letter covers the card.
func (p *pen) stamp(box image.Rectangle, mask image.Image, at image.Point, r ramp) {
	cover, ok := mask.(*image.Alpha)
	if !ok {
		return
	}
	seen := box.Intersect(p.img.Rect)
	at = at.Add(seen.Min.Sub(box.Min))
	for y := range seen.Dy() {
		for x := range seen.Dx() {
			shade := cover.Pix[cover.PixOffset(at.X+x, at.Y+y)] >> 4
			if shade == empty {
				continue
			}
			pixel := &p.img.Pix[p.img.PixOffset(seen.Min.X+x, seen.Min.Y+y)]
			if *pixel>>4 != uint8(r) || *pixel&full < shade {
				*pixel = uint8(r)<<4 | shade
			}
		}
	}
}
