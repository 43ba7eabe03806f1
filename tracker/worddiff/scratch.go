package worddiff

import (
	"slices"
	"sync"
)

// maxScratch is how many tokens, units or keys of a text a scratch is kept for: a
// few hundred kilobytes a processor. Longer texts are rare, and pay for
// themselves.
const maxScratch = 1 << 13

// A scratch is memory that a comparison works in and no row refers to. The next
// comparison takes it up, since to get and clear such memory took a fifth of the
// time of a short article.
type scratch struct {
	vocab    vocabulary
	old, new buffers
	cands    []candidate
}

// Buffers are those of a side; none holds a pointer.
type buffers struct {
	paras []para
	toks  []tok
	units []unit
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// release gives the memory of d back, and keeps no part of its texts.
func (m *scratch) release(d *differ) {
	clear(m.vocab.keys)
	m.old, m.new, m.cands = d.old.buffers(), d.new.buffers(), d.cands[:0]
	if max(m.old.size(), m.new.size(), cap(m.cands), cap(m.vocab.keys)) <= maxScratch {
		scratches.Put(m)
	}
}

func (s *side) buffers() buffers { return buffers{s.paras[:0], s.toks[:0], s.units[:0]} }

func (b *buffers) size() int { return max(cap(b.paras), cap(b.toks), cap(b.units)) }

// emptied returns s without elements and with room for n.
func emptied[T any](s []T, n int) []T { return slices.Grow(s[:0], n) }

// zeroed returns n zero elements, in the memory of s where it is enough.
func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
