package diffview

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A part is a stretch of a paragraph as it is shown.
type part struct {
	Kind  partKind
	Text  string // what to show; empty for a gap
	Title string // a few words on it, for a page; may be empty
	Lines int    // line breaks in a gap
}

type partKind uint8

const (
	plain partKind = iota
	code           // the name of a character that would not be seen
	mark           // a sign of ours: a paragraph split or joined
	quiet          // words whose typography alone differs
	shy            // a soft hyphen in a word, as dictionaries write it
	gap            // a line break, or several
)

// IsCode and IsGap ask for the kind, as templates do.
func (p part) IsCode() bool { return p.Kind == code }
func (p part) IsGap() bool  { return p.Kind == gap }

// Breaks returns a slice as long as a gap has lines, at most two: one breaks a
// line, two part paragraphs.
func (p part) Breaks() []struct{} { return make([]struct{}, min(p.Lines, 2)) }

// reveal cuts text into what is plain, what must be named, and line breaks.
//
// Named are: control characters but tab and line break; what overrides, embeds
// or isolates a direction; what is invisible without being of use to any
// script; bytes that are no UTF-8. Joiners, direction marks and zero-width
// spaces, which Arabic, Hebrew and the scripts of South and Southeast Asia are
// written with, are named only in a text without a letter of those (joined is
// false). Variation selectors and tags are left alone behind the symbols that
// they belong to. A soft hyphen between letters becomes a hyphenation point:
// newspapers write long words with it, and it also hides a word from a search.
func reveal(text string, joined bool) []part {
	if isPlain(text) {
		return plainParts(text)
	}
	var parts []part
	text = strings.ReplaceAll(text, "\r\n", "\n")
	begin, before := 0, rune(0)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		name, kind := "", code
		switch {
		case r == utf8.RuneError && n == 1:
			name = fmt.Sprintf("⟨%#02x⟩", text[i])
		case r == softHyphen && unicode.IsLetter(before) && startsLetter(text[i+n:]):
			name, kind = "\u2027", shy
		case r == '\n':
			n = len(text[i:]) - len(strings.TrimLeft(text[i:], "\n"))
		default:
			name = nameOf(r, before, text[i+n:], joined)
		}
		if name != "" || r == '\n' {
			if begin < i {
				parts = append(parts, part{Text: text[begin:i]})
			}
			begin = i + n
		}
		if name != "" {
			parts = append(parts, part{Kind: kind, Text: name, Title: titleOf(r)})
		} else if r == '\n' {
			parts = append(parts, part{Kind: gap, Lines: n})
		}
		i += n
		if r != zwj && !isTag(r) { // so that what follows an emoji sequence sees the emoji
			before = r
		}
	}
	if begin < len(text) {
		parts = append(parts, part{Text: text[begin:]})
	}
	return parts
}

// isPlain reports whether all of a text is shown as it is, and needs no look at each
// of its characters: as that of most newspapers, it is of Latin letters, and of their
// quotation marks and dashes.
func isPlain(text string) bool {
	for _, r := range text {
		switch {
		case r >= 0x20 && r < 0x7f:
		case r >= 0xa0 && r < 0x250 && r != softHyphen:
		case r >= 0x2010 && r < 0x2027:
		default:
			return false
		}
	}
	return true
}

func plainParts(text string) []part {
	if text == "" {
		return nil
	}
	return []part{{Text: text}}
}

func startsLetter(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}

const (
	softHyphen = 0xad
	zwj        = 0x200d
	blackFlag  = 0x1f3f4  // begins the flags that are written with tags
	keycap     = "\u20e3" // encloses a digit, behind a selector
)

func isTag(r rune) bool { return r >= 0xe0000 && r <= 0xe007f }

func isSelector(r rune) bool {
	return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}

// nameOf returns how r is shown, or nothing where it is plain. before is the
// character it follows, after the text behind it. Code points are shown, and
// not the control pictures of Unicode, for which many machines have no font.
func nameOf(r, before rune, after string, joined bool) string {
	switch {
	case r == '\t' || r >= 0x20 && r < 0x7f:
		return ""
	case r < 0xa0, hidden(r):
	case serves(r):
		if joined || r == zwj && symbol(before) {
			return ""
		}
	case isSelector(r):
		if selects(r, before, after) {
			return ""
		}
	case isTag(r):
		if before == blackFlag {
			return ""
		}
	default:
		return ""
	}
	return fmt.Sprintf("⟨U+%04X⟩", r)
}

// selects reports whether a variation selector stands behind what it can
// select a form of. Others may carry bytes that nobody sees.
func selects(r, before rune, after string) bool {
	switch {
	case isSelector(before):
		return false
	case r > 0xffff:
		return unicode.Is(unicode.Han, before)
	case before < 0x80:
		return r == 0xfe0f && strings.ContainsRune("0123456789#*", before) && strings.HasPrefix(after, keycap)
	}
	return symbol(before) || before > 0x2ff && unicode.IsLetter(before)
}

// hidden reports whether r is of no use to a reader in any script, or is apt to
// turn text around.
func hidden(r rune) bool {
	switch r {
	case softHyphen, 0x180e, 0x2028, 0x2029, 0x3164, 0xfeff, 0xffa0:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r >= 0xfff9 && r <= 0xfffb
}

// serves reports whether r is invisible and some scripts need it.
func serves(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r == 0x061c || r == 0x034f
}

// symbol reports whether r may begin or continue an emoji.
func symbol(r rune) bool {
	return r > 0x7f && unicode.In(r, unicode.So, unicode.Sk, unicode.Sm, unicode.Me) || r == 0xfe0f ||
		r == 0x203c || r == 0x2049 || r == 0x2139 || r == 0x3030 || r == 0x303d
}

// joins reports whether text holds a letter of a script that is written with
// joiners, direction marks or zero-width spaces.
func joins(text string) bool {
	for _, r := range text {
		if r > 0x58f && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam,
			unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
			unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Thai, unicode.Lao, unicode.Tibetan,
			unicode.Myanmar, unicode.Khmer) {
			return true
		}
	}
	return false
}

// titleOf says in words what the commonest of the named characters are.
func titleOf(r rune) string {
	switch {
	case r == 0x1b:
		return "escape character"
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return "control character"
	case r == softHyphen:
		return "soft hyphen: where the word may be broken"
	case r == 0x202d || r == 0x202e:
		return "direction override"
	case r == 0x202a || r == 0x202b || r == 0x202c:
		return "direction embedding"
	case r >= 0x2066 && r <= 0x2069:
		return "direction isolate"
	case r == 0x200e || r == 0x200f || r == 0x061c:
		return "direction mark"
	case r == utf8.RuneError:
		return "byte that is no UTF-8"
	}
	return "invisible character"
}

// Line returns a piece of a line as a terminal may show it, the spaces at its ends
// kept.
func Line(text string) string { return line(text) }

// flat returns text on one line, with what would not be seen named.
func flat(text string) string { return strings.TrimSpace(line(text)) }

func line(text string) string {
	var b strings.Builder
	for _, p := range reveal(text, joins(text)) {
		if p.Kind == gap {
			b.WriteByte(' ')
			continue
		}
		b.WriteString(strings.ReplaceAll(p.Text, "\t", " "))
	}
	return b.String()
}
