package diffview

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/width"
)

// An ink is how a cell is written on a terminal.
type ink uint8

const (
	normal    ink = iota
	faint         // what we say beside the text
	strong        // names of fields, headings
	wentInk       // deleted
	cameInk       // inserted
	leftInk       // a moved sentence, where it was
	arrivedIn     // a moved sentence, where it is
)

// escape returns the codes that switch to an ink: the first eight colours, and
// a weight or line beside each so that it does not hang on colour alone.
func (k ink) escape() string {
	switch k {
	case faint:
		return "\x1b[2m"
	case strong:
		return "\x1b[1m"
	case wentInk:
		return "\x1b[31;9m"
	case cameInk:
		return "\x1b[1;32m"
	case leftInk:
		return "\x1b[36;9m"
	case arrivedIn:
		return "\x1b[4;36m"
	}
	return ""
}

// A cell is one character as a reader sees it: a letter with its accents, an
// emoji however many parts it has.
type cell struct {
	text string
	wide int // columns it takes
	ink  ink
	glue bool // no line breaks before it
	brk  bool // it is a line break; text is empty
}

// cellsOf appends the cells of text.
func cellsOf(cells []cell, text string, k ink) []cell {
	for it := graphemes.FromString(strings.ReplaceAll(text, "\t", "    ")); it.Next(); {
		s := it.Value()
		cells = append(cells, cell{text: s, wide: columns(s), ink: k, glue: noBreakBefore(s)})
	}
	return cells
}

// columns returns how many columns a character takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == 0xfe0f, unicode.Is(unicode.Regional_Indicator, r): // emoji form; flags
			n = 2
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case r < utf8.RuneSelf:
			n = max(n, 1)
		default:
			n = max(n, columnsOf(r))
		}
	}
	return n
}

func columnsOf(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// noBreakBefore reports whether a line may not begin with s: closing marks of
// Chinese and Japanese, which are wide and could be parted from their word.
func noBreakBefore(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r > 0x2fff && unicode.In(r, unicode.Pe, unicode.Pf, unicode.Po)
}

// mayBreak reports whether a line may end before cells[i].
func mayBreak(cells []cell, i int) bool {
	last, next := cells[i-1], cells[i]
	if next.glue || next.text == " " {
		return false
	}
	opening := false
	if r, _ := utf8.DecodeRuneInString(last.text); r > 0x2fff {
		opening = unicode.In(r, unicode.Ps, unicode.Pi)
	}
	return last.text == " " || !opening && (last.wide == 2 || next.wide == 2)
}

// wrap cuts cells into lines of at most limit columns, or at line breaks alone
// where limit is 0. A word longer than a line is cut.
func wrap(cells []cell, limit int) [][]cell {
	var lines [][]cell
	begin, chance, used := 0, 0, 0
	end := func(i int) {
		lines = append(lines, cells[begin:i])
		begin, chance = i, i
	}
	for i := 0; i < len(cells); i++ {
		if cells[i].brk {
			end(i)
			begin, chance, used = i+1, i+1, 0
			continue
		}
		if i > begin && mayBreak(cells, i) {
			chance = i
		}
		for limit > 0 && i > begin && used+cells[i].wide > limit && cells[i].text != " " {
			if chance == begin {
				chance = i
			}
			end(chance)
			used = 0
			for _, c := range cells[begin:i] {
				used += c.wide
			}
		}
		used += cells[i].wide
	}
	return append(lines, cells[begin:])
}

// writeLine appends a line without the spaces at its end. Each line switches
// its inks off, so that a pager may begin anywhere.
func writeLine(b *strings.Builder, line []cell, color bool) {
	for len(line) > 0 && line[len(line)-1].text == " " {
		line = line[:len(line)-1]
	}
	now := normal
	for _, c := range line {
		if color && c.ink != now {
			if now != normal {
				b.WriteString("\x1b[0m")
			}
			b.WriteString(c.ink.escape())
			now = c.ink
		}
		b.WriteString(c.text)
	}
	if now != normal {
		b.WriteString("\x1b[0m")
	}
	b.WriteByte('\n')
}
