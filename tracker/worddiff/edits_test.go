package worddiff_test

import "slices"

// An edited is a story before and after edits.
type edited struct {
	before, after story
	moved         [][]*word // the words of each sentence or paragraph that moved
}

// pair makes a story of 8 to 37 paragraphs and up to fourteen edits of all kinds.
func (g *generator) pair() *edited {
	p := &edited{before: g.story(8 + g.IntN(30))}
	p.after = p.before.clone()
	for range 1 + g.IntN(14) {
		g.change(p)
	}
	return p
}

// change makes one edit.
func (g *generator) change(e *edited) {
	s := &e.after
	p := g.IntN(len(*s))
	k := g.IntN(len((*s)[p]))
	switch n := g.IntN(30); {
	case n < 14:
		g.changeWords((*s)[p][k], n)
	case n < 19:
		g.changeSentence(s, p, k, n)
	case n < 24:
		g.moveSome(e, p, k, n)
	default:
		g.changeParagraph(s, p, n)
	}
}

// spot returns the place of a word of s that is no mark, no number and not the
// first; 0 if it finds none.
func (g *generator) spot(s *sentence) int {
	for range 20 {
		if i := 1 + g.IntN(len(s.words)-1); s.words[i].text[0] >= 'a' && s.words[i].text[0] <= 'z' {
			return i
		}
	}
	return 0
}

// changeWords makes an edit of a few words.
func (g *generator) changeWords(s *sentence, n int) {
	at := g.spot(s)
	if at == 0 {
		return
	}
	w := s.words[at]
	switch n {
	case 0, 1, 2, 3, 4: // a word or two in place of others
		for i := at; i < min(at+1+g.IntN(2), len(s.words)-1) && !s.words[i].glued; i++ {
			s.words[i] = &word{text: g.coin() + "x"}
		}
	case 5, 6: // a number
		for i, x := range s.words {
			if x.text[0] >= '0' && x.text[0] <= '9' {
				s.words[i] = &word{g.number() + "7", x.glued}
				break
			}
		}
	case 7, 8, 9: // a phrase comes
		fresh := &sentence{}
		fresh.put(g.phrase(1 + g.IntN(6))...)
		s.words = slices.Insert(s.words, at, fresh.words...)
	case 10, 11: // a phrase goes
		if n := 1 + g.IntN(4); len(s.words) > n+6 && at+n < len(s.words)-1 {
			s.words = slices.Delete(s.words, at, at+n)
		}
	case 12: // a word in place of another that stands elsewhere in the sentence
		if other := s.words[g.spot(s)].text; other != w.text {
			s.words[at] = &word{other, w.glued}
		}
	case 13: // a word is doubled; nobody can tell which of the two is new
		s.words = slices.Insert(s.words, at+g.IntN(2), &word{text: w.text})
	}
}

// changeSentence makes an edit of a whole sentence.
func (g *generator) changeSentence(s *story, p, k, n int) {
	para := &(*s)[p]
	switch n {
	case 14: // rewritten whole, in place
		(*para)[k] = g.newSentence()
	case 15: // about half its words rewritten
		sent := (*para)[k]
		for i, w := range sent.words {
			if i > 0 && !w.glued && w.text != "“" && g.IntN(2) == 0 {
				sent.words[i] = &word{text: g.pick()}
			}
		}
	case 16, 17: // a new one
		*para = slices.Insert(*para, k, g.sentence())
	case 18: // one goes
		if len(*para) > 1 {
			*para = slices.Delete(*para, k, k+1)
		}
	}
}

// moveSome moves a sentence or paragraph, with edits inside or without.
func (g *generator) moveSome(e *edited, p, k, n int) {
	s := &e.after
	para, q := (*s)[p], g.IntN(len(*s))
	sent := para[k]
	if n != 23 && (len(para) < 2 || len(sent.words) < 7) {
		return
	}
	words := slices.Clone(sent.words)
	switch n {
	case 19: // two sentences change places
		other := (k + 1) % len(para)
		para[k], para[other] = para[other], para[k]
	case 20: // within the paragraph
		if len(para) < 3 {
			return
		}
		para = slices.Delete(para, k, k+1)
		(*s)[p] = slices.Insert(para, (k+1+g.IntN(len(para)-1))%len(para), sent)
	case 21, 22: // to another paragraph
		if p == q {
			return
		}
		(*s)[p] = slices.Delete(para, k, k+1)
		(*s)[q] = slices.Insert((*s)[q], g.IntN(len((*s)[q])+1), sent)
	case 23: // a paragraph
		if p == q {
			return
		}
		words = story{para}.words()
		*s = slices.Insert(slices.Delete(*s, p, p+1), q, para)
	}
	e.moved = append(e.moved, words)
	if g.IntN(2) == 0 && len(sent.words) > 10 {
		g.changeWords(sent, g.IntN(12))
	}
}

// changeParagraph makes an edit of a whole paragraph.
func (g *generator) changeParagraph(s *story, p, n int) {
	para := (*s)[p]
	switch {
	case n < 26 && len(para) > 1: // split
		cut := 1 + g.IntN(len(para)-1)
		*s = slices.Replace(*s, p, p+1, slices.Clone(para[:cut]), slices.Clone(para[cut:]))
	case n == 26 || n == 27: // merged with the next
		if p+1 < len(*s) {
			*s = slices.Replace(*s, p, p+2, slices.Concat(para, (*s)[p+1]))
		}
	case n == 28: // added
		*s = slices.Insert(*s, p, g.paragraph())
	case n == 29 && len(*s) > 3: // removed
		*s = slices.Delete(*s, p, p+1)
	}
}
