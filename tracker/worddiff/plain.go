package worddiff

import "strings"

// plain finds the tokens of a chunk of ASCII and Latin-1 letters, digits and
// ASCII marks, curly quotes and dashes: nearly all chunks of a text in a Latin
// script, many times faster than chunk, which cuts them likewise. It returns the
// end of the chunk, or i where the chunk is another one.
func (s *scanner) plain(text string, i, to int) int {
	end := i
	for end < to && asciiLetter(text[end]) {
		end++
	}
	if end > i && (end == to || text[end] == ' ') {
		s.emit(i, end, text[i:end])
		return end
	}
	if end = plainEnd(text[:to], end); end < 0 {
		return i
	}
	for at := i; at < end; {
		at = s.plainToken(text[:end], at)
	}
	return end
}

// plainEnd returns where the chunk ends that text[i:] goes on with; -1 if one of
// its characters is not plain.
func plainEnd(text string, i int) int {
	for i < len(text) {
		if _, w := glyph(text, i); w > 0 {
			i += w
			continue
		}
		if spaceAt(text[i:]) == 0 {
			return -1
		}
		break
	}
	return i
}

// glyph returns the width of the plain character at text[i:] and what stands for
// it: itself in ASCII, 'a' for a letter of Latin-1, the straight form of a curly
// quote, a hyphen for a dash. The width of any other character is 0.
func glyph(text string, i int) (byte, int) {
	switch c := text[i]; {
	case c > ' ' && c < 0x7f && c != '`':
		return c, 1
	case c == 0xc3 && i+1 < len(text): // U+00C0 to U+00FF
		if next := text[i+1]; next >= 0x80 && next < 0xc0 && next != 0x97 && next != 0xb7 {
			return 'a', 2
		}
	case c == 0xe2 && i+2 < len(text) && text[i+1] == 0x80: // U+2000 to U+203F
		switch text[i+2] {
		case 0x93, 0x94:
			return foldedDash, 3
		case 0x98, 0x99:
			return '\'', 3
		case 0x9c, 0x9d:
			return '"', 3
		}
	}
	return 0, 0
}

// plainToken emits the token that text goes on with at i and returns its end; the
// text ends with the chunk.
func (s *scanner) plainToken(text string, i int) int {
	g, w := glyph(text, i)
	end := i + w
	switch {
	case plainWord(g):
		return s.plainRun(text, i)
	case g == foldedDash:
		for end < len(text) {
			next, n := glyph(text, end)
			if next != foldedDash {
				break
			}
			end += n
		}
		s.emit(i, end, "-")
		return end
	case g == '.' && strings.HasPrefix(text[i:], "..."):
		for end < len(text) && text[end] == '.' {
			end++
		}
		s.emit(i, end, string(foldedEllipsis))
		return end
	case g == '.' && strings.HasPrefix(text[i:], ".."): // a run of two is no ellipsis
		s.emit(i, end, ".")
		s.emit(end, end+1, ".")
		return end + 1
	case g == '"':
		s.emit(i, end, `"`)
	case g == '\'':
		s.emit(i, end, "'")
	default:
		s.emit(i, end, text[i:end])
	}
	return end
}

// plainRun emits the word or number that text goes on with at i and returns its
// end.
func (s *scanner) plainRun(text string, i int) int {
	end, curly := i, false
	for last := byte(0); end < len(text); {
		g, w := glyph(text, end)
		if !plainWord(g) {
			if end+w == len(text) {
				break
			}
			if next, _ := glyph(text, end+w); !holds(last, g, next) {
				break
			}
			curly = curly || w > 1
		}
		last, end = g, end+w
	}
	key := text[i:end]
	if curly {
		key = strings.ReplaceAll(strings.ReplaceAll(key, "’", "'"), "‘", "'")
	}
	s.emit(i, end, key)
	return end
}

// holds reports whether a mark between two characters makes one word or number
// of what stands around it: don't, U.S, 1,200, 12:30.
func holds(last, mark, next byte) bool {
	letters, digits := asciiLetter(last) && asciiLetter(next), asciiDigit(last) && asciiDigit(next)
	switch mark {
	case '\'', '.':
		return letters || digits
	case ':':
		return letters || digits
	case ',', ';':
		return digits
	}
	return false
}

// plainWord reports whether a glyph is of a word or number.
func plainWord(g byte) bool { return asciiLetter(g) || asciiDigit(g) || g == '_' }
