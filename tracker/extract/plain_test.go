package extract_test

import (
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

func TestPlain(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"one line", "one", "[one|]"},
		{"two lines", "one\ntwo\n", `[one|\n][two|\n]`},
		{"blank lines follow", "one\n\n \ntwo", `[one|\n\n \n][two|]`},
		{"blank lines lead", "\n\none", `[|\n\n][one|]`},
		{"indented", "  one\n\ttwo", `[  one|\n][\ttwo|]`},
		{"windows", "one\r\n\r\ntwo\r\n", `[one|\r\n\r\n][two|\r\n]`},
		{"lone carriage return", "one\rtwo", `[one\rtwo|]`},
		{"white space alone", " \t", `[| \t]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, b := range extract.Plain(tt.text).Blocks {
				got += "[" + b.Text + "|" + b.End + "]"
			}
			got = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(got)
			if got != tt.want {
				t.Errorf("Plain(%q) = %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

// A byte that is no UTF-8 stays what it is, and does not make another charset of
// the rest; a charset is that of both files.
func TestPlainTexts(t *testing.T) {
	const cafés = "caf\xe9s, caf\xe9 and caf\xe9"
	for _, tt := range []struct{ name, a, b, wantA, wantB string }{
		{"UTF-8", "née", "né", "née", "né"},
		{"one byte", "née \xff", "née", "née \xff", "née"},
		{"one byte among ASCII", "nee \xff", "nee", "nee \xff", "nee"},
		{"many bytes, one character", "née \xff\xfe\xfd\xfc", "né", "née \xff\xfe\xfd\xfc", "né"},
		{"a character cut off", "née, caf\xc3", "né", "née, caf\xc3", "né"},
		{"Windows-1252", cafés, cafés + ".", "cafés, café and café", "cafés, café and café."},
		{"Windows-1252 beside UTF-8", cafés, "café \xff", "cafés, café and café", "café \xff"},
		{"Windows-1252 with little to tell it by", "a caf\xe9", cafés, "a café", "cafés, café and café"},
		{"mark", "\ufeffnée \xff", "", "\ufeffnée \xff", ""},
		{"UTF-16", "\xff\xfen\x00\xe9\x00", "\xfe\xff\x00n\x00\xe9", "né", "né"},
		{"zero", "a\x00b", "", "a\x00b", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := extract.PlainTexts(tt.a, tt.b)
			if got[0] != tt.wantA || got[1] != tt.wantB {
				t.Errorf("PlainTexts(%q, %q) = %q, want %q and %q", tt.a, tt.b, got, tt.wantA, tt.wantB)
			}
		})
	}
}

// A text comes back to the byte, and only the first block may have no words.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "a\n\n\nb\r\n", "\n \n x", "\r\r\n\n", " \u2028\n\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		story := extract.Plain(text)
		if got := story.Body(); got != text {
			t.Errorf("Plain(%q) gives %q back", text, got)
		}
		for i, b := range story.Blocks {
			if strings.Contains(b.Text, "\n") || i > 0 && strings.TrimSpace(b.Text) == "" {
				t.Errorf("Plain(%q): block %d is %q", text, i, b.Text)
			}
		}
	})
}
