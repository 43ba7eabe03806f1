package worddiff_test

import (
	"flag"
	"testing"
)

var (
	firstSeed = flag.Uint64("seed", 1000, "first seed of the pairs that all engines are measured on")
	pairCount = flag.Uint64("pairs", 0, "measure all engines on so many generated pairs")
	verbose   = flag.Bool("wrong", false, "show the words that our engine gets wrong")
)

// All engines side by side over the same pairs: those of this module, and wdiff,
// git and jsdiff where they are installed.
//
//	go test ./tracker/worddiff -run TestPeers -v -args -seed 1000 -pairs 80
//
// jsdiff is run by node and found through NODE_PATH.
func TestPeers(t *testing.T) {
	if *pairCount == 0 {
		t.Skip("-pairs says how many pairs to measure")
	}
	table := "\n" + heading
	for _, e := range append(ownEngines(), externalEngines(t)...) {
		s := generated(t, e, *firstSeed, *pairCount)
		for n := range *pairCount {
			s.retyped1(t, e, *firstSeed+n)
		}
		s.handMade(t, e)
		table += s.row(e.name)
	}
	truth := engine{name: "the truth"}
	s := &score{hand: []float64{1}}
	for n := range *pairCount {
		p := newGenerator(*firstSeed + n).pair()
		before, after, v := newPage(p.before.text()), newPage(p.after.text()), truthOf(p)
		s.add(p, after, v, v, minimum(t, before, after))
	}
	t.Log(table + s.row(truth.name))
}
