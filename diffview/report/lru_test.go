package report_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"storydiff/diffview/report"
)

// What is kept stays within its bounds, and is what was used last: as a slow list
// has it that does the same.
func TestLRU(t *testing.T) {
	type item struct {
		key         string
		value, size int
	}
	const limit = 800
	random := rand.New(rand.NewPCG(7, 7))
	c := report.NewLRU(limit)
	var want []item // the one used last in front
	for step := range 20_000 {
		key := fmt.Sprint(random.IntN(30))
		at := slices.IndexFunc(want, func(i item) bool { return i.key == key })
		if random.IntN(2) == 0 {
			value, ok := c.Get(key)
			if ok != (at >= 0) || ok && value != want[at].value {
				t.Fatalf("step %d: Get(%s) = %d, %t, want one of %v", step, key, value, ok, want)
			}
			if at >= 0 {
				want = append([]item{want[at]}, slices.Delete(slices.Clone(want), at, at+1)...)
			}
			continue
		}
		added := item{key, step, random.IntN(limit/8 + 30)}
		c.Put(added.key, added.value, added.size)
		if added.size <= limit/8 {
			if at >= 0 {
				want = slices.Delete(want, at, at+1)
			}
			want = append([]item{added}, want...)
		}
		for sum(want, func(i item) int { return i.size }) > limit {
			want = want[:len(want)-1]
		}
		if n, bytes := c.Holds(); n != len(want) || bytes != sum(want, func(i item) int { return i.size }) || bytes > limit {
			t.Fatalf("step %d: %d values of %d bytes are kept, want %v", step, n, bytes, want)
		}
	}
}

func sum[T any](list []T, of func(T) int) (n int) {
	for _, v := range list {
		n += of(v)
	}
	return n
}

func TestLRUKeepsNothingLarge(t *testing.T) {
	c := report.NewLRU(800)
	c.Put("an eighth", 1, 100)
	c.Put("more", 2, 101)
	if _, ok := c.Get("more"); ok {
		t.Error("more than an eighth of all is kept")
	}
	if v, ok := c.Get("an eighth"); !ok || v != 1 {
		t.Errorf("an eighth = %d, %t, want 1", v, ok)
	}
}
