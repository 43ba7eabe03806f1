package worddiff

import (
	"hash/maphash"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// A vocabulary numbers the keys of both texts, in the order they are met, so that
// words are compared as numbers.
type vocabulary struct {
	seed   maphash.Seed // of the places of keys alone: no number depends on it
	slots  []slot       // open addressing; a power of two of them, at least half of them free
	keys   []string     // by id
	bulk   []int32      // by id: how much the word says, wherever it stands; at least 1
	word   []bool       // by id: whether it is a word or a number
	weight []int32      // by id: bulk times rarity; set by weigh
	count  []int32      // by id: scratch for similarity, all zero between calls
}

// A slot holds a key.
type slot struct {
	hash uint32 // the low bits of the key's
	next int32  // id and 1; 0 where the slot is free
}

// reset empties the vocabulary and makes room for n keys.
func (v *vocabulary) reset(n int) {
	if len(v.slots) == 0 {
		v.seed = maphash.MakeSeed()
	}
	v.slots = zeroed(v.slots, 1<<bits.Len(uint(2*n)))
	v.keys, v.bulk, v.word = emptied(v.keys, n), emptied(v.bulk, n), emptied(v.word, n)
}

func (v *vocabulary) id(key string) int32 {
	hash := uint32(maphash.String(v.seed, key))
	mask := len(v.slots) - 1
	at := int(hash) & mask
	for ; v.slots[at].next > 0; at = (at + 1) & mask {
		if s := v.slots[at]; s.hash == hash && v.keys[s.next-1] == key {
			return s.next - 1
		}
	}
	id := int32(len(v.keys))
	v.slots[at] = slot{hash, id + 1}
	v.keys = append(v.keys, key)
	word := isWord(key)
	v.bulk = append(v.bulk, bulk(key, word))
	v.word = append(v.word, word)
	if 2*len(v.keys) > len(v.slots) {
		v.grow()
	}
	return id
}

// grow makes twice as many slots.
func (v *vocabulary) grow() {
	old := v.slots
	v.slots = make([]slot, 2*len(old))
	mask := len(v.slots) - 1
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		at := int(s.hash) & mask
		for v.slots[at].next > 0 {
			at = (at + 1) & mask
		}
		v.slots[at] = s
	}
}

// bulk returns how much a word says to a reader: marks least, short words (most
// of them articles and prepositions) less than long ones and numbers.
func bulk(key string, word bool) int32 {
	r, _ := utf8.DecodeRuneInString(key)
	switch {
	case !word:
		return 1
	case unicode.IsDigit(r):
		return 4
	case r >= 0x3400 && unicode.Is(unicode.Han, r):
		return 3
	case len(key) <= 3*utf8.UTFMax && utf8.RuneCountInString(key) <= 3:
		return 2
	}
	return 4
}

// weigh sets the weights: a word is worth the more the fewer there are of it,
// by the logarithm, in whole numbers so that every machine gets the same.
func (v *vocabulary) weigh(texts ...*side) {
	v.weight = zeroed(v.weight, len(v.bulk))
	v.count = zeroed(v.count, len(v.bulk))
	total := 0
	for _, s := range texts {
		total += len(s.toks)
		for i := range s.toks {
			v.weight[s.toks[i].id]++
		}
	}
	for id, n := range v.weight {
		if n > 0 {
			v.weight[id] = v.bulk[id] * int32(1+bits.Len(uint(total)/uint(n)))
		}
	}
}

// shared returns the weight of the tokens that a and b have in common, each as
// often as in the text that has it less often.
func (v *vocabulary) shared(a, b []tok) int {
	for i := range a {
		v.count[a[i].id]++
	}
	sum := 0
	for i := range b {
		if id := b[i].id; v.count[id] > 0 {
			v.count[id]--
			sum += int(v.weight[id])
		}
	}
	for i := range a {
		v.count[a[i].id] = 0
	}
	return sum
}

// sum returns the weight of all tokens.
func (v *vocabulary) sum(toks []tok) int {
	n := 0
	for i := range toks {
		n += int(v.weight[toks[i].id])
	}
	return n
}

// similarity returns how alike two stretches are, from 0 to 1000: Dice's
// coefficient over weighted tokens.
func (v *vocabulary) similarity(a, b []tok) int {
	total := v.sum(a) + v.sum(b)
	if total == 0 {
		return 0
	}
	return 2000 * v.shared(a, b) / total
}

// covered returns how much of toks, of 1000, is among the tokens of from that to
// does not have.
func (v *vocabulary) covered(toks, from, to []tok) int {
	for _, t := range from {
		v.count[t.id]++
	}
	for _, t := range to {
		v.count[t.id]--
	}
	have, all := 0, 1
	for _, t := range toks {
		all += int(v.weight[t.id])
		if v.count[t.id] > 0 {
			v.count[t.id]--
			have += int(v.weight[t.id])
		}
	}
	for _, stretch := range [][]tok{from, to, toks} {
		for _, t := range stretch {
			v.count[t.id] = 0
		}
	}
	return 1000 * have / all
}
