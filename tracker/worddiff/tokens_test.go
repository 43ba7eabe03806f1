package worddiff_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/sentences"

	"storydiff/tracker/worddiff"
)

func TestTokens(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"words and marks", "He said: “No.”", `He|said|:|"|No|.|"`},
		{"apostrophe", "don’t won't ‘tis", "don't|won't|'|tis"},
		{"numbers stay whole", "1,200.50 at 12:30, 3.5% of 2–1", "1,200.50|at|12:30|,|3.5|%|of|2|-|1"},
		{"abbreviation", "U.S. e.g.", "U.S|.|e.g|."},
		{"hyphen", "well-known well‑known", "well|-|known|well|-|known"},
		{"double hyphen", "yes -- no — so---on", "yes|-|no|-|so|-|on"},
		{"ellipsis", "wait... what… so..", "wait|…|what|…|so|.|."},
		{"soft hyphen", "news\u00adpaper", "newspaper"},
		{"zero width", "\u200bnews\u200bpaper\ufeff", "newspaper"},
		{"nfd", "cafe\u0301s", "caf\u00e9s"},
		{"han", "市议会2026年", "市|议|会|2026|年"},
		{"hiragana and katakana", "にコンピュータ", "に|コ|ン|ピ|ュ|ー|タ"},
		{"thai", "เรือ", "เ|รื|อ"},
		{"korean", "시의회는 화요일에", "시의회는|화요일에"},
		{"hebrew", "צה״ל", "צה\"ל"},
		{"hindi", "फैसला किया।", "फैसला|किया|।"},
		{"flags are seen", "🏴\U000E0067\U000E0062 🏴\U000E0066\U000E0072", "🏴\U000E0067\U000E0062|🏴\U000E0066\U000E0072"},
		{"nul parts fields", "a\x00b", "a|\x00|b"},
		{"controls are not seen", "a\x01b", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var keys []string
			var joined strings.Builder
			for _, tok := range worddiff.Tokens(tt.text) {
				joined.WriteString(tok.Text + tok.Space)
				if tok.Text != "" {
					keys = append(keys, tok.Key)
				}
			}
			if got := strings.Join(keys, "|"); got != tt.want {
				t.Errorf("Tokens(%q) have keys %s, want %s", tt.text, got, tt.want)
			}
			if joined.String() != tt.text {
				t.Errorf("Tokens(%q) join to %q", tt.text, joined.String())
			}
		})
	}
}

// Plain chunks take a short way; beside a character that sends them the long way
// they must come out alike. All chunks of up to four characters are tried that
// can be made of one character of each sort.
func TestPlainChunksAreCutAlike(t *testing.T) {
	sorts := []string{"a", "é", "1", "_", ".", ",", ":", "'", "’", "“", "-", "–", "%"}
	var try func(text string, n int)
	try = func(text string, n int) {
		if text != "" {
			checkCutAlike(t, text)
		}
		if n == 0 {
			return
		}
		for _, s := range sorts {
			try(text+s, n-1)
		}
	}
	try("", 4)
	for c := rune('!'); c < 0x100; c++ {
		for _, text := range []string{"a%ca", "1%c1", "a%c1", "%c%c%c", "a%c", "%ca", "é%cé"} {
			checkCutAlike(t, strings.ReplaceAll(text, "%c", string(c)))
		}
	}
	for _, text := range []string{"rock'n'roll", "word.\"", "ok.).", "12:30:45", "1,200.50", "e.g.", "3.5%,", "a_1:b", "x....", "..5", "--–-"} {
		checkCutAlike(t, text)
	}
}

// checkCutAlike holds the tokens of a chunk against those behind a soft hyphen.
func checkCutAlike(t *testing.T, text string) {
	t.Helper()
	const shy = "\u00ad"
	short, long := bodies(text), bodies(shy+text)
	if !slices.Equal(short, long) {
		t.Errorf("%q is cut into %q, behind a soft hyphen into %q", text, short, long)
	}
}

// bodies returns the tokens of a chunk less what is not seen before the first.
func bodies(text string) []worddiff.Token {
	tokens := worddiff.Tokens(text)
	if len(tokens) > 0 && tokens[0].Text == "" {
		return tokens[1:]
	}
	return tokens
}

func TestFingerprint(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"quotes", "\"It's\"", "“It’s”", true},
		{"guillemets", "«Ja»", "„Ja“", true},
		{"kinds of space", "a b", "a\u00a0 \tb", true},
		{"dashes", "1–2", "1-2", true},
		{"double hyphen", "so -- it", "so—it", true},
		{"ellipsis", "so...", "so…", true},
		{"normal form", "é", "e\u0301", true},
		{"soft hyphen", "paper", "pa\u00adper", true},
		{"bidi mark", "12 \u200fx", "12 x", true},
		{"paragraphs broken elsewhere", "One. Two.\n\nThree.", "One.\n\nTwo. Three.", true},
		{"space between han", "市 议", "市议", true},
		{"case", "Yes", "yes", false},
		{"space that parts words", "can not", "cannot", false},
		{"space that parts numbers", "1 2", "12", false},
		{"quotes added", "yes", "“yes”", false},
		{"ellipsis against nothing", "so…", "so", false},
		{"single against double quotes", "‘yes’", "“yes”", false},
		{"accent", "resume", "résumé", false},
		{"nul parts fields", "a\x00b", "a b", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := worddiff.Fingerprint(tt.a) == worddiff.Fingerprint(tt.b); got != tt.same {
				t.Errorf("Fingerprint(%q) == Fingerprint(%q) is %t, want %t", tt.a, tt.b, got, tt.same)
			}
			checkSame(t, []string{tt.a}, []string{tt.b})
		})
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]int{"": 0, "… — “”": 0, "It cost $3.5 million.": 4, "don't stop": 2, "市议会": 3, "5,000 x\u00ady": 2} {
		if got := worddiff.Words(text); got != want {
			t.Errorf("Words(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	tests := []struct{ name, want string }{ // a bar marks each cut
		{"plain", "One. |Two! |Three?"},
		{"titles", "Mr. Smith met Dr. J. R. Lee. |They left."},
		{"country", "The U.S. Army left. |It left the U.S. |The rest stayed."},
		{"numbers", "He paid $3.5 million. |12 people came on Jan. 5. |No. 5 won."},
		{"company", "Acme Inc. said so. |It bought Acme Inc. |They paid."},
		{"time of day", "It began at 5 p.m. on Monday."},
		{"german date", "Er sei am 17. Januar gekommen. |Am 3. März ging er. |Es waren 17. |Juristen blieben."},
		{"latin", "Some, e.g. Paris, grew. |Others, i.e. Rome, shrank."},
		{"closing quotes", "“Why?” she asked. |\"Stop!\" he said. |“I left.” |She stayed."},
		{"ellipsis goes on", "Well… It came. |They left."},
		{"line break", "One\n|two."},
		{"chinese", "他说：“好。”|然后走了。|真的吗？|是！"},
		{"japanese", "「行く。」と言った。|雨だ。"},
		{"arabic", "متى؟ |الآن. |غدا۔ |نعم."},
		{"hindi", "ठीक। |क्या?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.ReplaceAll(tt.want, "|", "")
			if got := strings.Join(worddiff.Sentences(text), "|"); got != tt.want {
				t.Errorf("Sentences(%q):\n%s\nwant\n%s", text, got, tt.want)
			}
		})
	}
}

// Sentences are looked for from the first mark on that could end one. What is
// found must be what a search from the very start finds.
func TestBounds(t *testing.T) {
	sorts := []string{"a", "B", "é", "1", " ", ".", "?", ",", ")", "“", "\n", "\r", "\u0301", "。", "…", "\u2028", "\xff", "\t", "\u00ad", "中"}
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 3))
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString(sorts[r.IntN(len(sorts)-int(seed%12))])
		}
		var want []int
		for it := sentences.FromString(b.String()); it.Next(); {
			want = append(want, it.End())
		}
		if got := worddiff.Bounds(b.String()); !slices.Equal(got, want) {
			t.Fatalf("sentences of %q end at %d, want %d", b.String(), got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	for text, want := range map[string][]string{
		"":                   nil,
		"one\ntwo":           {"one\n", "two"},
		"one\r\n\r\ntwo\r\n": {"one\r\n\r\n", "two\r\n"},
		"\n\none\n \n":       {"\n\n", "one\n \n"},
	} {
		if got := worddiff.Paragraphs(text); !slices.Equal(got, want) {
			t.Errorf("Paragraphs(%q) = %q, want %q", text, got, want)
		}
	}
}
