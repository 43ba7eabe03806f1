package worddiff

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Typography is folded before words are cut, so that two texts which differ in
// nothing else are cut alike.
const (
	foldedDash     = '-'
	foldedEllipsis = '…'
	wavingFlag     = 0x1F3F4 // its tag characters name the flag and are seen
)

// invisible reports whether r leaves no mark: soft hyphens, zero-width and
// bidirectional characters, variation selectors, controls that are no white
// space (Default_Ignorable_Code_Point of Unicode, and Cc). NUL is none of them,
// so that a caller may part fields by it.
func invisible(r rune) bool {
	switch {
	case r < 0x20:
		return r != 0 && !unicode.IsSpace(r)
	case r < 0x7f:
		return false
	case r < 0xa0:
		return r != 0x85
	case r == 0xad:
		return true
	case r < 0x300:
		return false
	case unicode.Is(unicode.Cf, r):
		return !seenFormat(r)
	}
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}

// seenFormat reports whether the format character r is seen: Arabic number
// signs, interlinear marks, joiners of hieroglyphs.
func seenFormat(r rune) bool {
	return unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		r >= 0xfff9 && r <= 0xfffb || r >= 0x13430 && r <= 0x1343f
}

// foldRune returns the one form of all marks that differ from r in typography
// alone: single quotes, double quotes, dashes, ellipses. Single and double
// quotes stay apart, because a single one is the apostrophe too.
func foldRune(r rune) rune {
	switch r {
	case '\'', '`', '´', '‘', '’', '‚', '‛', '′', '‵', '‹', '›', 'ʹ', 'ʻ', 'ʼ', 'ʽ', '＇', '׳':
		return '\''
	case '"', '“', '”', '„', '‟', '″', '‶', '«', '»', 'ʺ', '＂', '〝', '〞', '〟', '״', '「', '」', '『', '』', '｢', '｣':
		return '"'
	case '-', '‐', '‑', '‒', '–', '—', '―', '⸺', '⸻', '−', '﹘', '﹣', '－', '־', '֊':
		return foldedDash
	case '…', '⋯':
		return foldedEllipsis
	}
	return r
}

// A piece is a stretch of folded text that no cut may part, and where it stands
// in the text as it is.
type piece struct {
	at         int // offset in the folded text
	start, end int // offsets in the text
}

// A folder folds one chunk after another, in the same memory.
type folder struct {
	seen, other []byte
	pieces      []piece
	spare       []piece
}

// add takes up the rune at text[start:end].
func (f *folder) add(text string, start, end int) {
	f.pieces = append(f.pieces, piece{len(f.seen), start, end})
	f.seen = append(f.seen, text[start:end]...)
}

// fold brings what was added into one form: NFC first, then marks.
func (f *folder) fold() {
	if !norm.NFC.IsNormal(f.seen) {
		f.compose()
	}
	f.marks()
}

// reset forgets what was added.
func (f *folder) reset() { f.seen, f.pieces = f.seen[:0], f.pieces[:0] }

// compose puts NFC in place of what was seen.
func (f *folder) compose() {
	out, pieces := f.other[:0], f.spare[:0]
	var it norm.Iter
	it.Init(norm.NFC, f.seen)
	for first, last := 0, 0; !it.Done(); first = last {
		segment := it.Next()
		for last < len(f.pieces) && f.pieces[last].at < it.Pos() {
			last++
		}
		if last == first { // no rune of its own to stand for
			out = append(out, segment...)
			continue
		}
		pieces = append(pieces, piece{len(out), f.pieces[first].start, f.pieces[last-1].end})
		out = append(out, segment...)
	}
	f.swap(out, pieces)
}

// marks folds quotes, dashes and ellipses. A run of dashes is one dash, and a
// run of three dots or more is one ellipsis.
func (f *folder) marks() {
	out, pieces := f.other[:0], f.spare[:0]
	for i := 0; i < len(f.pieces); {
		p := f.pieces[i]
		body := f.body(i)
		r, w := utf8.DecodeRune(body)
		if w < len(body) { // a mark with a combining one is left alone
			pieces = append(pieces, piece{len(out), p.start, p.end})
			out = append(out, body...)
			i++
			continue
		}
		folded, n := f.run(i, foldRune(r))
		p.end = f.pieces[i+n-1].end
		pieces = append(pieces, piece{len(out), p.start, p.end})
		out = utf8.AppendRune(out, folded)
		i += n
	}
	f.swap(out, pieces)
}

// run returns the mark that the pieces from i on make together, whose first is
// r, and how many they are.
func (f *folder) run(i int, r rune) (rune, int) {
	n, dots := 1, 1
	switch r {
	case foldedDash:
		for i+n < len(f.pieces) && f.rune(i+n) == foldedDash {
			n++
		}
	case '.', foldedEllipsis:
		if r == foldedEllipsis {
			dots = 3
		}
		for i+n < len(f.pieces) {
			next := f.rune(i + n)
			if next != '.' && next != foldedEllipsis {
				break
			}
			if n++; next == '.' {
				dots++
			} else {
				dots += 3
			}
		}
		if dots < 3 {
			return r, 1
		}
		r = foldedEllipsis
	}
	return r, n
}

// rune returns the folded rune of piece i, or -1 where it is more than one.
func (f *folder) rune(i int) rune {
	body := f.body(i)
	r, w := utf8.DecodeRune(body)
	if w < len(body) {
		return -1
	}
	return foldRune(r)
}

func (f *folder) body(i int) []byte {
	end := len(f.seen)
	if i+1 < len(f.pieces) {
		end = f.pieces[i+1].at
	}
	return f.seen[f.pieces[i].at:end]
}

func (f *folder) swap(out []byte, pieces []piece) {
	f.seen, f.other = out, f.seen
	f.pieces, f.spare = pieces, f.pieces
}
