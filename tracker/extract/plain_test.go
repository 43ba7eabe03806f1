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
