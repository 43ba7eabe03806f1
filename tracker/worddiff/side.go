package worddiff

import (
	"strings"
	"unicode"
)

// A tok is a token where it stands: its body at text[start:end], the white space
// behind it at text[end:next].
type tok struct {
	start, end, next int
	id               int32
}

// A para is a paragraph that holds a token, with the blank ones that follow it
// (before the first one, those too).
type para struct {
	first, n   int   // its place in the text as it was given, from 0, and how many paragraphs it takes in
	from, to   int   // bytes
	t0, t1     int   // tokens
	u0, u1     int   // units
	start, end int   // bytes of its text, less white space at the ends and blank paragraphs
	body       int32 // id of that text
	twin       bool  // the other text has the same body: it is one token
	held       bool  // belongs to a row already
}

// A unit is what is lined up: a sentence, or a paragraph with a twin.
type unit struct {
	para      int
	t0, t1    int // tokens
	bytes     int // of the bodies, and 1, so that every link gains
	hash      uint64
	weight    int  // of its tokens
	words     int  // how many tokens it has, or would have
	linked    bool // takes part in a link or a move
	elsewhere bool // has a close likeness out of order
}

// A side is one of the two texts.
type side struct {
	text  string
	paras []para
	toks  []tok
	units []unit
	marks []int // by token: number of the move it takes part in; nil if there is none
}

// newSide joins the paragraphs and numbers their bodies. It works in b.
func newSide(paragraphs []string, v *vocabulary, b buffers) *side {
	s := &side{text: strings.Join(paragraphs, ""), paras: emptied(b.paras, len(paragraphs)), toks: b.toks, units: b.units}
	at := 0
	for i, p := range paragraphs {
		blank := blank(p)
		switch n := len(s.paras); {
		case n == 0:
			s.paras = append(s.paras, para{first: i, n: 1, from: at, to: at + len(p), body: -1})
		case blank || s.paras[n-1].body < 0:
			s.paras[n-1].n++
			s.paras[n-1].to = at + len(p)
		default:
			s.paras = append(s.paras, para{first: i, n: 1, from: at, to: at + len(p), body: -1})
		}
		if !blank {
			last, body := &s.paras[len(s.paras)-1], strings.TrimSpace(p)
			last.start = at + len(p) - len(strings.TrimLeftFunc(p, unicode.IsSpace))
			last.end = last.start + len(body)
			last.body = v.id(body)
		}
		at += len(p)
	}
	return s
}

// empty reports whether the text holds no token.
func (s *side) empty() bool { return len(s.paras) == 0 || s.paras[0].body < 0 }

// blank reports whether p holds no token.
func blank(p string) bool {
	some := false
	for i := 0; i < len(p) && i < 64; i++ { // most paragraphs show a letter at once
		if asciiLetter(p[i]) {
			return false
		}
	}
	s := scanner{emit: func(_, _ int, _ string) { some = true }}
	s.scan(p, 0, len(p))
	return !some
}

// tokenise sets the tokens of every paragraph; one with a twin becomes a single
// token.
func (s *side) tokenise(v *vocabulary) {
	n := 0
	for i := range s.paras {
		if p := &s.paras[i]; p.twin {
			n++
		} else {
			n += (p.to-p.from)/4 + 2 // of English; others may take a second allocation
		}
	}
	s.toks = emptied(s.toks, n)
	scan := scanner{emit: func(from, to int, key string) {
		s.toks = append(s.toks, tok{from, to, to, v.id(key)})
	}}
	for i := range s.paras {
		p := &s.paras[i]
		p.t0 = len(s.toks)
		if p.twin {
			s.toks = append(s.toks, tok{p.start, p.end, p.to, p.body})
		} else {
			scan.scan(s.text, p.from, p.to)
		}
		p.t1 = len(s.toks)
	}
	for i := range s.toks {
		next := len(s.text)
		if i+1 < len(s.toks) {
			next = s.toks[i+1].start
		}
		s.toks[i].next = next
	}
}

// stretch returns the tokens of paragraph p.
func (s *side) stretch(p *para) []tok { return s.toks[p.t0:p.t1] }

// stretchOf returns the tokens of unit u.
func (s *side) stretchOf(u *unit) []tok { return s.toks[u.t0:u.t1] }
