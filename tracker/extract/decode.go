package extract

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// charsetSearch is how far into a page a declaration of its charset is looked
// for, in bytes. Browsers look at 1,024 first and start anew for a later one.
const charsetSearch = 8 << 10

var (
	metaCharset = lazily(`(?i)<meta[^>]{1,300}?charset\s*=\s*["']?\s*([a-z0-9_:.\-]{2,30})`)
	xmlEncoding = lazily(`(?i)^\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([a-z0-9_:.\-]{2,30})["']`)
)

// Decode returns body as valid UTF-8 without NULs and without a byte order mark.
//
// The charset is that of the byte order mark, of contentType, or of the page's
// own declaration, in this order, as the WHATWG Encoding Standard names them
// (latin-1 is windows-1252). The bytes have the last word: what is UTF-8 is read
// as such whatever it claims to be, and a claim of UTF-8 that most of the bytes
// belie is dropped for what they look like. What cannot be decoded becomes
// U+FFFD.
func Decode(body []byte, contentType string) string {
	text := decoded(body, contentType)
	text = strings.TrimPrefix(text, "\uFEFF")
	text = strings.ToValidUTF8(text, "\uFFFD")
	return strings.ReplaceAll(text, "\x00", "")
}

func decoded(body []byte, contentType string) string {
	if enc := wideEncoding(body, contentType); enc != nil {
		return transcoded(body, enc)
	}
	if asUTF8(body) {
		// ISO-2022-JP and its kin are ASCII bytes throughout: only a claim tells.
		if isASCII(body) && (mayEscape(body[:min(len(body), charsetSearch)]) || mayEscape([]byte(contentType)) || strings.ContainsAny(contentType, `%\\`)) {
			if enc, name := claimed(body, contentType); enc != nil && escapes(name) {
				return transcoded(body, enc)
			}
		}
		return string(body)
	}
	enc, name := claimed(body, contentType)
	if enc == nil || name == "utf-8" && mostlyInvalid(body) {
		enc = guessed(body)
	}
	if enc == nil {
		return string(body) // UTF-8 with a few broken characters
	}
	return transcoded(body, enc)
}

// transcoded never fails: the decoders of x/text replace what they cannot read.
func transcoded(body []byte, enc encoding.Encoding) string {
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return string(body)
	}
	return string(text)
}

// markedEncoding returns the encoding of a byte order mark, or UTF-16 where
// every other byte of a text without one is zero.
func markedEncoding(body []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		return unicode.UTF8BOM
	case bytes.HasPrefix(body, []byte("\xFF\xFE")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(body, []byte("\xFE\xFF")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	var zeros [2]int
	sample := body[:min(len(body), 1024)]
	for i, c := range sample {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(sample) / 3; {
	case most > 2 && zeros[1] > most && zeros[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case most > 2 && zeros[0] > most && zeros[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// wideEncoding returns the encoding that a text is marked with, or UTF-16 where
// contentType claims it and there are zeros: in a text of few ASCII characters they
// are too few to tell without the claim. Most of them stand behind the characters
// in little endian, and before them in big, whichever was claimed.
func wideEncoding(body []byte, contentType string) encoding.Encoding {
	if enc := markedEncoding(body); enc != nil {
		return enc
	}
	if !strings.Contains(contentType, ";") {
		return nil
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(strings.ToLower(params["charset"]), "utf-16") {
		return nil
	}
	var zeros [2]int
	for i, c := range body[:min(len(body), charsetSearch)] {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[1] > zeros[0]:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros[0] > zeros[1]:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// claimed returns the encoding that contentType or else the page names, and its
// name. A label that browsers do not know, such as utf-7, claims nothing.
func claimed(body []byte, contentType string) (encoding.Encoding, string) {
	head := body[:min(len(body), charsetSearch)]
	labels := []string{}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		labels = append(labels, params["charset"])
	}
	for _, pattern := range []pattern{xmlEncoding, metaCharset} {
		if m := pattern.FindSubmatch(head); m != nil {
			labels = append(labels, string(m[1]))
		}
	}
	for _, label := range labels {
		enc, name := charset.Lookup(label)
		switch {
		case enc == nil:
		case strings.HasPrefix(name, "utf-16"):
			// The bytes have no mark and no zeros: a page that could be read far
			// enough to find this is not UTF-16.
		case name == "utf-8" && mostlyInvalid(body):
		default:
			return enc, name
		}
	}
	return nil, ""
}

// escapes reports whether the charset is switched by escape sequences in ASCII.
func escapes(name string) bool { return name == "iso-2022-jp" || name == "replacement" }

// mayEscape reports whether the label of such a charset may stand in a text: all have
// 2022 or 2312 in it, but for "replacement".
func mayEscape(text []byte) bool {
	if bytes.Contains(text, []byte("2022")) || bytes.Contains(text, []byte("2312")) {
		return true
	}
	const label = "replacement"
	for i := range len(text) - len(label) + 1 {
		if lower(text[i]) == label[0] && lower(text[i+1]) == label[1] && strings.EqualFold(string(text[i:i+len(label)]), label) {
			return true
		}
	}
	return false
}

func isASCII(body []byte) bool {
	for ; len(body) >= 8; body = body[8:] {
		if (body[0] | body[1] | body[2] | body[3] | body[4] | body[5] | body[6] | body[7]) >= utf8.RuneSelf {
			return false
		}
	}
	for _, c := range body {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// asUTF8 reports whether body is UTF-8, but for a character cut off at its end.
func asUTF8(body []byte) bool {
	for i := 0; i < utf8.UTFMax && i <= len(body); i++ {
		if utf8.Valid(body[:len(body)-i]) {
			return true
		}
		if i < len(body) && body[len(body)-1-i] < utf8.RuneSelf {
			return false
		}
	}
	return false
}

// mostlyInvalid reports whether more than a tenth of the characters outside
// ASCII are no UTF-8: another charset, not a UTF-8 page with a broken corner.
func mostlyInvalid(body []byte) bool {
	good, bad := outsideASCII(body)
	return bad*10 > good+bad
}

// outsideASCII counts the characters of UTF-8 outside ASCII, and the bytes that
// are none.
func outsideASCII(body []byte) (good, bad int) {
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good, bad
}
