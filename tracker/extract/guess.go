package extract

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// guessSample is how many bytes outside ASCII a guess of the charset rests on.
const guessSample = 16 << 10

// Characters that make up a good part of any text in their language.
const (
	commonRussian     = "оеаинтсрвлкмдпуяыьгзбчйхжшю"
	commonSimplified  = "的一是不了在人有我他这个们中来上大为和国说时要就出会可也你对生能而子那得于着下自之年"
	commonTraditional = "的一是不了在人有我他這個們中來上大為和國說時要就出會可也你對生能而子那得於著下自之年"
)

// guessed returns the encoding that the bytes of a page without a credible claim
// look like: of those that read them without a fault, the one that gives the
// most characters usual in its language; windows-1252 where none stands out; nil
// where most of the bytes are UTF-8.
func guessed(body []byte) encoding.Encoding {
	if !mostlyInvalid(body) {
		return nil
	}
	sample := highBytes(body)
	var best encoding.Encoding = charmap.Windows1252
	most := 0.3
	for _, c := range []struct {
		enc   encoding.Encoding
		usual func(rune) bool
	}{
		{japanese.ShiftJIS, isKana},
		{japanese.EUCJP, isKana},
		{korean.EUCKR, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }},
		{simplifiedchinese.GB18030, oneOf(commonSimplified)},
		{traditionalchinese.Big5, oneOf(commonTraditional)},
		{charmap.Windows1251, oneOf(commonRussian)},
		{charmap.KOI8R, oneOf(commonRussian)},
	} {
		if share := usualShare(sample, c.enc, c.usual); share > most {
			best, most = c.enc, share
		}
	}
	return best
}

// highBytes returns the lines of body that hold bytes outside ASCII, up to
// guessSample bytes: markup says nothing about the charset.
func highBytes(body []byte) []byte {
	var sample []byte
	for line := range bytes.Lines(body) {
		if len(sample) > guessSample {
			break
		}
		if !isASCII(line) {
			sample = append(sample, line[:min(len(line), guessSample)]...)
		}
	}
	return sample
}

// usualShare returns which share of the characters outside ASCII are usual in
// the language of an encoding, weighed so that a third of a Chinese text, most
// of a Russian and a good half of a Japanese one come to about the same; 0 where
// the encoding cannot read the sample.
func usualShare(sample []byte, enc encoding.Encoding, usual func(rune) bool) float64 {
	text := transcoded(sample, enc)
	outside, hits, bad, han, before := 0, 0, 0, 0, 'a'
	for _, r := range text {
		alone := before < 0x80 // as accents stand among the letters of a Latin text
		before = r
		switch {
		case r < 0x80:
			continue
		case r == unicode.ReplacementChar || r >= 0xE000 && r < 0xF900:
			bad++
		case unicode.Is(unicode.Han, r):
			han++
		}
		outside++
		if usual(r) && !alone {
			hits++
		}
	}
	if outside == 0 || bad*50 > outside {
		return 0
	}
	share := float64(hits) / float64(outside)
	if han*2 > outside {
		share *= 3
	}
	return share
}

func isKana(r rune) bool {
	return r < 0xFF00 && unicode.In(r, unicode.Hiragana, unicode.Katakana)
}

func oneOf(set string) func(rune) bool {
	return func(r rune) bool { return strings.ContainsRune(set, r) }
}
