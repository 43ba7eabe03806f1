package worddiff

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// A scanner finds the tokens of a text. Each goes to emit: where its body stands
// and its key. White space and what is invisible lies between the bodies.
//
// Chunks between white space are folded and then cut by the word boundaries of
// UAX #29, so that neither depends on where white space is or how much.
type scanner struct {
	emit  func(start, end int, key string)
	fold  folder
	words *words.Iterator[[]byte]
}

// scan finds the tokens of text[from:to].
func (s *scanner) scan(text string, from, to int) {
	for i := from; i < to; {
		if w := spaceAt(text[i:to]); w > 0 {
			i += w
			continue
		}
		if end := s.plain(text, i, to); end > i {
			i = end
			continue
		}
		i = s.chunk(text, i, to)
	}
}

// spaceAt returns the width of the white space that s begins with; 0 where it
// begins with none.
func spaceAt(s string) int {
	if c := s[0]; c < utf8.RuneSelf {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return 1
		}
		return 0
	}
	if r, w := utf8.DecodeRuneInString(s); unicode.IsSpace(r) {
		return w
	}
	return 0
}

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// chunk finds the tokens of the chunk that begins at i and returns its end. A
// byte that is no UTF-8 is a token by itself.
func (s *scanner) chunk(text string, i, to int) int {
	flag := false
	for i < to && spaceAt(text[i:to]) == 0 {
		r, w := utf8.DecodeRuneInString(text[i:to])
		switch tag := r >= 0xe0020 && r <= 0xe007f; {
		case r == utf8.RuneError && w == 1:
			s.flush(text)
			s.emit(i, i+1, text[i:i+1])
			flag = false
		case tag && flag || !invisible(r):
			s.fold.add(text, i, i+w)
			flag = tag || r == wavingFlag
		}
		i += w
	}
	s.flush(text)
	return i
}

// flush cuts what the folder holds.
func (s *scanner) flush(text string) {
	if len(s.fold.pieces) == 0 {
		return
	}
	s.fold.fold()
	if s.words == nil {
		s.words = words.FromBytes(nil)
	}
	s.words.SetText(s.fold.seen)
	first := 0 // piece
	for s.words.Next() {
		first = s.cut(text, first, s.words.End())
	}
	if first < len(s.fold.pieces) {
		s.token(text, first, len(s.fold.pieces))
	}
	s.fold.reset()
}

// cut emits the tokens from piece first up to the folded offset end, if it is a
// place to cut at, and returns the piece that follows.
func (s *scanner) cut(text string, first, end int) int {
	if clock(s.fold.seen, end) || clock(s.fold.seen, end-1) {
		return first
	}
	pieces, last := s.fold.pieces, first
	for last < len(pieces) && pieces[last].at < end {
		last++
	}
	if last < len(pieces) && pieces[last].at != end {
		return first // inside a piece
	}
	for i := first + 1; i < last; i++ {
		if r, _ := utf8.DecodeRune(s.fold.seen[pieces[i].at:]); kana(r) {
			s.token(text, first, i)
			first = i
		}
	}
	if first < last {
		s.token(text, first, last)
	}
	return last
}

// clock reports whether b[i] is the colon of a time of day or a score, as in
// 12:30, which is one number to a reader.
func clock(b []byte, i int) bool {
	return i > 0 && i+1 < len(b) && b[i] == ':' && asciiDigit(b[i-1]) && asciiDigit(b[i+1])
}

func asciiDigit(c byte) bool { return c >= '0' && c <= '9' }

// kana reports whether r is katakana or a mark of it: UAX #29 keeps runs of
// them whole.
func kana(r rune) bool {
	return r >= 0x30a0 && r <= 0x30ff || r >= 0x31f0 && r <= 0x31ff || r >= 0xff66 && r <= 0xff9d || r >= 0x1b000 && r <= 0x1b16f
}

// token emits the pieces from first up to last as one token.
func (s *scanner) token(text string, first, last int) {
	pieces, end := s.fold.pieces, len(s.fold.seen)
	if last < len(pieces) {
		end = pieces[last].at
	}
	key := s.fold.seen[pieces[first].at:end]
	body := text[pieces[first].start:pieces[last-1].end]
	if string(key) == body { // no memory of its own
		s.emit(pieces[first].start, pieces[last-1].end, body)
		return
	}
	s.emit(pieces[first].start, pieces[last-1].end, string(key))
}
