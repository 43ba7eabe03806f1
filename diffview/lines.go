package diffview

import "strings"

// A stretch is lines of the old text that became lines of the new one. Between
// stretches the two texts are the same.
type stretch struct {
	i, j int // old lines [i:j)
	k, l int // new lines [k:l)
}

// splitLines cuts text behind each "\n".
func splitLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, line)
	}
	return lines
}

// maxCells bounds the table that compares two stretches line by line: a million
// cells take 4 MB and a few milliseconds. Longer stretches without a line that
// stands once in both are replaced whole.
const maxCells = 1 << 20

// maxWork bounds the whole comparison, in lines looked at and cells filled:
// about a tenth of a second. What is left then is replaced whole, which is
// longer than it need be and still exact.
const maxWork = 1 << 26

// diffLines returns the stretches in which a and b differ.
//
// Lines that stand once in both texts, in one order, hold the texts together
// (Bram Cohen's patience diff); what lies between is compared line by line.
func diffLines(a, b []string) []stretch {
	ids := map[string]int32{}
	c := &lineDiff{a: number(a, ids), b: number(b, ids), work: maxWork}
	c.compare(0, len(a), 0, len(b))
	return c.out
}

// number gives equal lines equal numbers.
func number(lines []string, ids map[string]int32) []int32 {
	out := make([]int32, len(lines))
	for i, line := range lines {
		id, ok := ids[line]
		if !ok {
			id = int32(len(ids))
			ids[line] = id
		}
		out[i] = id
	}
	return out
}

type lineDiff struct {
	a, b []int32 // the lines by number
	out  []stretch
	work int // what may still be done
}

// add notes that a[i:j] became b[k:l], joined to the stretch before if they touch.
func (c *lineDiff) add(i, j, k, l int) {
	if i == j && k == l {
		return
	}
	if n := len(c.out); n > 0 && c.out[n-1].j == i && c.out[n-1].l == k {
		c.out[n-1].j, c.out[n-1].l = j, l
		return
	}
	c.out = append(c.out, stretch{i, j, k, l})
}

func (c *lineDiff) compare(i, j, k, l int) {
	for i < j && k < l && c.a[i] == c.b[k] {
		i, k = i+1, k+1
	}
	for i < j && k < l && c.a[j-1] == c.b[l-1] {
		j, l = j-1, l-1
	}
	c.work -= j - i + l - k
	if i == j || k == l || c.work < 0 {
		c.add(i, j, k, l)
		return
	}
	anchors := c.anchors(i, j, k, l)
	if len(anchors) == 0 {
		c.table(i, j, k, l)
		return
	}
	for _, at := range anchors {
		c.compare(i, at[0], k, at[1])
		i, k = at[0]+1, at[1]+1
	}
	c.compare(i, j, k, l)
}

// anchors returns the longest run, in both orders, of lines that stand once in
// a[i:j] and once in b[k:l].
func (c *lineDiff) anchors(i, j, k, l int) [][2]int {
	type seen struct{ inA, inB, at int }
	lines := make(map[int32]seen, l-k)
	for n := k; n < l; n++ {
		s := lines[c.b[n]]
		s.inB, s.at = s.inB+1, n
		lines[c.b[n]] = s
	}
	for n := i; n < j; n++ {
		if s, ok := lines[c.a[n]]; ok {
			s.inA++
			lines[c.a[n]] = s
		}
	}
	var pairs [][2]int
	for n := i; n < j; n++ {
		if s := lines[c.a[n]]; s.inA == 1 && s.inB == 1 {
			pairs = append(pairs, [2]int{n, s.at})
		}
	}
	return longestRising(pairs)
}

// longestRising returns the longest subsequence of pairs whose second numbers rise.
func longestRising(pairs [][2]int) [][2]int {
	var tails []int // tails[n]: the pair that ends the lowest run of n+1 pairs
	prev := make([]int, len(pairs))
	for n, p := range pairs {
		lo, hi := 0, len(tails)
		for lo < hi {
			if mid := (lo + hi) / 2; pairs[tails[mid]][1] < p[1] {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		prev[n] = -1
		if lo > 0 {
			prev[n] = tails[lo-1]
		}
		if lo == len(tails) {
			tails = append(tails, n)
		} else {
			tails[lo] = n
		}
	}
	if len(tails) == 0 {
		return nil
	}
	out := make([][2]int, len(tails))
	for n, at := len(tails)-1, tails[len(tails)-1]; n >= 0; n, at = n-1, prev[at] {
		out[n] = pairs[at]
	}
	return out
}

// table compares a[i:j] and b[k:l] by their longest common subsequence.
func (c *lineDiff) table(i, j, k, l int) {
	m, n := j-i, l-k
	if m > maxCells/n || m*n > c.work {
		c.add(i, j, k, l)
		return
	}
	c.work -= m * n
	common := make([]int32, (m+1)*(n+1)) // of a[i+x:j] and b[k+y:l]
	for x := m - 1; x >= 0; x-- {
		for y := n - 1; y >= 0; y-- {
			here := x*(n+1) + y
			if c.a[i+x] == c.b[k+y] {
				common[here] = common[here+n+2] + 1
			} else {
				common[here] = max(common[here+n+1], common[here+1])
			}
		}
	}
	x, y := 0, 0
	for x < m && y < n {
		here := x*(n+1) + y
		switch {
		case c.a[i+x] == c.b[k+y]:
			x, y = x+1, y+1
		case common[here+n+1] >= common[here+1]:
			c.add(i+x, i+x+1, k+y, k+y)
			x++
		default:
			c.add(i+x, i+x, k+y, k+y+1)
			y++
		}
	}
	c.add(i+x, j, k+y, l)
}
