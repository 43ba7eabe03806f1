package worddiff

// A Token is a word, a number, a mark, or one character of a script without
// spaces, with the white space behind it.
type Token struct {
	Text  string // as it stands
	Space string // what white space and invisible characters follow
	Key   string // what is compared: Text in one normal form, with typography folded
}

// Tokens cuts text into tokens; their Texts and Spaces, joined, are text. White
// space at the very start is the Space of a first token without Text.
//
// Words are those of UAX #29, but katakana is cut into its characters, as that
// rule cuts Han, hiragana and Thai, and a time such as 12:30 is one token. A byte
// that is no UTF-8 is a token by itself.
func Tokens(text string) []Token {
	var out []Token
	end := 0 // of the last body
	s := scanner{emit: func(from, to int, key string) {
		switch {
		case len(out) > 0:
			out[len(out)-1].Space = text[end:from]
		case from > 0:
			out = append(out, Token{Space: text[:from]})
		}
		out = append(out, Token{Text: text[from:to], Key: key})
		end = to
	}}
	s.scan(text, 0, len(text))
	switch {
	case len(out) > 0:
		out[len(out)-1].Space = text[end:]
	case text != "":
		out = append(out, Token{Space: text})
	}
	return out
}

// Keys returns the keys of text, by one pass that keeps nothing else.
func Keys(text string) []string {
	out := make([]string, 0, len(text)/5)
	s := scanner{emit: func(_, _ int, key string) { out = append(out, key) }}
	s.scan(text, 0, len(text))
	return out
}

// Bounds returns where the sentences of text end by UAX #29 alone.
func Bounds(text string) []int {
	var c sentenceCutter
	var out []int
	for end := 0; end < len(text); {
		end = c.bound(text, end)
		out = append(out, end)
	}
	return out
}
