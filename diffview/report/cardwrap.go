package report

import (
	"strings"
	"unicode/utf8"

	"storydiff/tracker/worddiff"
)

// A piece is a word of a row, or a part of one where its fate turns inside it.
type piece struct {
	text  string
	op    worddiff.Op
	glued bool // no space parts it from the one before
	x     int  // from the left edge of the row, in pixels
	wide  int
}

// wrapCard breaks a marked sentence into at most limit rows no wider than room,
// in pixels. What does not fit is cut off behind an ellipsis, and whole is false.
func wrapCard(spans []worddiff.Span, plain, strong *face, room, limit int) (rows [][]piece, whole bool) {
	if limit < 1 {
		return nil, false
	}
	faceOf := func(op worddiff.Op) *face {
		if op == worddiff.Insert {
			return strong
		}
		return plain
	}
	var row []piece
	x := 0
	for _, w := range piecesOf(spans) {
		w = narrow(w, faceOf(w.op), room)
		gap := plain.space
		if w.glued {
			gap = 0
			if n := len(row); n > 0 && row[n-1].op != w.op && row[n-1].op != worddiff.Equal && w.op != worddiff.Equal {
				gap = plain.space // what went and what came in its place stand apart
			}
		}
		if len(row) > 0 && x+gap+w.wide > room {
			if len(rows)+1 == limit {
				return append(rows, ellipsis(row, faceOf, room)), false
			}
			rows, row, x = append(rows, row), nil, 0
		}
		if len(row) > 0 {
			x += gap
		}
		w.x = x
		x += w.wide
		row = append(row, w)
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	return rows, true
}

// piecesOf parts spans into words.
func piecesOf(spans []worddiff.Span) []piece {
	var out []piece
	spaced := true
	for _, s := range spans {
		for i, word := range strings.Split(s.Text, " ") {
			if i > 0 {
				spaced = true
			}
			if word == "" {
				continue
			}
			out = append(out, piece{text: word, op: s.Op, glued: !spaced})
			spaced = false
		}
	}
	return out
}

// narrow cuts a word that no row has room for.
func narrow(w piece, f *face, room int) piece {
	w.wide = f.width(w.text)
	for w.wide > room {
		w.text = cutLast(strings.TrimSuffix(w.text, "…")) + "…"
		w.wide = f.width(w.text)
	}
	return w
}

// ellipsis ends the last row, which is full, with a sign that there is more.
func ellipsis(row []piece, faceOf func(worddiff.Op) *face, room int) []piece {
	dots := piece{text: "…", op: worddiff.Equal, glued: true, wide: faceOf(worddiff.Equal).width("…")}
	for len(row) > 1 && row[len(row)-1].x+row[len(row)-1].wide+dots.wide > room {
		row = row[:len(row)-1]
	}
	last := row[len(row)-1]
	dots.x = last.x + last.wide
	return append(row, dots)
}

// cutLast returns text without its last rune.
func cutLast(text string) string {
	_, n := utf8.DecodeLastRuneInString(text)
	return text[:len(text)-n]
}
