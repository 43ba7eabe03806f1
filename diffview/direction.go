package diffview

import (
	"strings"
	"unicode"

	"storydiff/tracker/worddiff"
)

// Direction returns which way a paragraph runs: that of its page's language,
// by which a Hebrew paragraph that begins with a Latin name still runs from the
// right. A paragraph without a letter of that direction, or of a page that
// states no language, is left to the browser ("auto").
func Direction(spans []worddiff.Span, lang string) string {
	if lang == "" {
		return "auto"
	}
	want := "ltr"
	if fromTheRight(lang) {
		want = "rtl"
	}
	for _, s := range spans {
		for _, r := range s.Text {
			if unicode.IsLetter(r) && unicode.In(r, rightToLeft...) == (want == "rtl") {
				return want
			}
		}
	}
	return "auto"
}

// rightToLeft are the scripts in daily use that run from the right.
var rightToLeft = []*unicode.RangeTable{unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam}

// fromTheRight reports whether a language is written from the right, by the
// script in its tag where there is one (BCP 47).
func fromTheRight(lang string) bool {
	tags := strings.Split(strings.ToLower(strings.ReplaceAll(lang, "_", "-")), "-")
	for _, tag := range tags[1:] {
		switch tag {
		case "arab", "hebr", "syrc", "thaa", "nkoo", "adlm":
			return true
		case "latn", "cyrl", "deva":
			return false
		}
	}
	switch tags[0] {
	case "ar", "fa", "he", "iw", "ur", "ps", "sd", "ug", "ckb", "yi", "dv", "nqo", "syr", "arc", "azb", "pnb", "ks", "ary", "arz", "apc":
		return true
	}
	return false
}
