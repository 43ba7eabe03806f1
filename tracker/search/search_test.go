package search_test

import (
	"fmt"
	"strings"
	"testing"

	"storydiff/tracker/search"
)

func tokens(text string) string {
	var out []string
	for _, w := range search.Words(text) {
		out = append(out, w.Token)
	}
	return strings.Join(out, " ")
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{" … — ", ""},
		{"The Bridge, at 12.5 million!", "the bridge at 12 5 million"},
		{"don't re-elect O’Brien", "don t re elect o brien"},
		{"Zoë Grün ÉCOLE Łódź Ørsted Æon straße İstanbul ﬁn", "zoe grun ecole lodz orsted aeon strasse istanbul fin"},
		{"cafe\u0301 e\u0301\u0323", "cafe e"},
		{"ba\u00adnk b\u200ba\u200bnk \u200bx", "bank bank x"}, // what hides a word
		{"\u202eevil\u202c", "evil"},
		{"Ёлка мой Україна ΣΊΣΥΦΟΣ", "елка мои\u0306 украіна σισυφοσ"},
		{"الجِسْرُ أحمد ســلام ١٢", "الجسر احمد سلام 12"},
		{"שָׁלוֹם", "שלום"},
		{"हिन्दी की किताब", "हिन्दी की किताब"}, // vowels that are marks stay
		{"ＦＵＬＬ１２ ½", "full12 12"},
		{"東京都", "東京 京都 都"},
		{"が か\u3099 ｶﾞ", "が が ガ"},
		{"コーヒー", "コー ーヒ ヒー ー"},
		{"AI芯片2号", "ai 芯片 片 2 号"},
		{"서울에서", "서울 울에 에서 서"},
		{"น้ำ ที่", "น้ํา ที่"},
		{"x²", "x2"},
	} {
		want := strings.ReplaceAll(tt.want, "и\u0306", "й")
		if tt.text == "น้ำ ที่" {
			want = tokens("น้ำ") + " ที่" // one character with its signs, and the vowel that is a letter of its own
		}
		if got := tokens(tt.text); got != want {
			t.Errorf("Words(%q) = %q, want %q", tt.text, got, want)
		}
	}
	long := strings.Repeat("a", 1<<12)
	if got := tokens(long + " " + long + "b"); len(got) > 400 {
		t.Errorf("a giant of a word takes %d bytes", len(got))
	}
	if got := len(search.Words(strings.Repeat("ab ", search.MaxText))); got > search.MaxText/3+1 {
		t.Errorf("%d words of a giant", got)
	}
}

// FuzzWords: every word stands where it says, one behind the other, and is fit for
// the index: one token without a space.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"The Bridge", "東京都 AI芯片", "Zoë\u0301", "\xff\x00ab", "น้ำท่วม", "\u0301", "ｶﾞ", "½x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, w := range search.Words(text) {
			if w.Token == "" || strings.ContainsAny(w.Token, " \"*\x00'") || w.Start < last || w.Head <= w.Start || w.End < w.Head || w.End > len(text) {
				t.Fatalf("Words(%q) has %+v after %d", text, w, last)
			}
			for _, b := range []byte(w.Token) {
				if b < 0x80 && (b < '0' || b > '9') && (b < 'a' || b > 'z') {
					t.Fatalf("Words(%q) has %q, in which the index sees two words", text, w.Token)
				}
			}
			last = w.Start + 1
		}
	})
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"minister resign", "[minister] [resign]"},
		{"  Minister   minister ", "[minister]"},
		{`"not resign" at`, "[not resign] [at]"},
		{`“not resign„at`, "[not resign] [at]"},
		{"don't", "[don t]"},
		{"econ*", "[econ*]"},
		{`"the econ"*`, "[the econ*]"},
		{"a-b* c", "[a b*] [c]"},
		{`bridge -ferry -"the old"`, "[bridge] not [ferry] not [the old]"},
		{"-  ferry", "[ferry]"},
		{`" OR NEAR(`, "[or near]"},
		{`a" b`, "[a] [b]"},
		{"* a", "[a]"},
		{"東京都", "[東京 京都]"},
		{"東", "[東*]"},
		{"東京*", "[東京]"},
		{"AI芯", "[ai 芯*]"},
		{"芯片AI", "[芯片 片 ai]"},
		{"*", "Write at least one word to look for."},
		{"-a", "Write a word to look for beside those to leave out."},
		{strings.Repeat("ab ", 101), "What is looked for may be 300 bytes long, and this is longer."},
		{"a b c d e f g h i j k l m", "At most 12 words and phrases can be looked for at once."},
		{"\xff", "What is looked for is no plain text."},
	} {
		q, err := search.Parse(tt.text)
		got := fmt.Sprint(err)
		if err == nil {
			got = written(q)
		}
		if got != tt.want {
			t.Errorf("Parse(%.60q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func written(q search.Query) string {
	var out []string
	for i, list := range [][]search.Term{q.Terms, q.Not} {
		for _, term := range list {
			text := "[" + strings.Join(term.Tokens, " ")
			if term.Prefix {
				text += "*"
			}
			out = append(out, []string{"", "not "}[i]+text+"]")
		}
	}
	return strings.Join(out, " ")
}

func TestExcerpt(t *testing.T) {
	filler := strings.Repeat("some more words of the same kind ", 30)
	for _, tt := range []struct{ query, text, want string }{
		{"bridge", "The old Bridge, and the bridge.", "The old [Bridge], and the [bridge]."},
		{`"the bridge" bridge`, "The bridge, a bridge", "[The bridge], a [bridge]"},
		{"zoe", "By Zoë Grün", "By [Zoë] Grün"},
		{"bank", "The ba\u00adnk", "The [ba\u00adnk]"},
		{"京都", "東京都と京都", "東[京都]と[京都]"},
		{"京", "東京都", "東[京]都"},
		{"将于五", "大桥将于五月开放", "大桥[将于五]月开放"},
		{"mill*", "12 million", "12 [million]"},
		{"last", filler + "the last", "…kind some more words of the same kind some more words of the same kind the [last]"},
		{"boat", "The bridge", "nothing"},
	} {
		q, err := search.Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		_, pieces, ok := q.Excerpt([]search.Passage{{"headline", "Other"}, {"paragraph", tt.text}})
		got := "nothing"
		if ok {
			got = ""
			for _, p := range pieces {
				if p.Found {
					p.Text = "[" + p.Text + "]"
				}
				got += p.Text
			}
		}
		if got != tt.want {
			t.Errorf("%s in %.40q is %q, want %q", tt.query, tt.text, got, tt.want)
		}
	}
	q, err := search.Parse("two words")
	if err != nil {
		t.Fatal(err)
	}
	at, pieces, _ := q.Excerpt([]search.Passage{{"a", "two"}, {"b", "words " + filler + filler + "two " + filler}, {"c", "two words"}})
	length := 0
	for _, p := range pieces {
		length += len(p.Text)
	}
	if at != 1 || length > 300 {
		t.Errorf("the excerpt of two words is of passage %d and has %d bytes: %v", at, length, pieces)
	}
}

func BenchmarkEntries(b *testing.B) {
	english := strings.Repeat("The council of Harn voted on Tuesday to build a new bridge over the Aller. ", 67)
	chinese := strings.Repeat("委员会周二投票决定建造一座新大桥，结束了多年的争论。", 66)
	for _, bm := range []struct{ name, text string }{{"english", english}, {"accents", strings.ReplaceAll(english, "e", "é")}, {"chinese", chinese}} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.text)))
			b.ReportAllocs()
			for b.Loop() {
				search.Entries([]search.Passage{{"paragraph", bm.text}})
			}
		})
	}
}
