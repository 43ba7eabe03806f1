package trial

import "iter"

// Cases returns everything that is done to the pages of a design: every edit,
// half of them on a page without furniture and half on one full of it; and every
// sort of furniture as it comes, as it is at the next view, and all of it at once.
func (d Design) Cases() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		_ = d.edited(yield) && d.furnished(false, yield) && d.furnished(true, yield)
	}
}

func (d Design) edited(yield func(Case) bool) bool {
	story := d.Story()
	full := Furnished(1, true, story.Words, Furnishings()...)
	for i, e := range Edits(story) {
		if d.Shell && e.Markup {
			continue
		}
		n, s := d.Story(), Slots{}
		if e.Apply(&n); i%2 == 1 {
			s = full
		}
		if !yield(Case{Page: d.Name, Mutator: e.Name, Edit: true, Before: d.Page(story, s), After: d.Page(n, s)}) {
			return false
		}
	}
	return true
}

func (d Design) furnished(hashed bool, yield func(Case) bool) bool {
	story := d.Story()
	return furnishedCases(d.Name, hashed, story.Words, func(s Slots) string { return d.Page(story, s) }, yield)
}

// furnishedCases yields the cases of furniture alone, of a page that takes its
// slots filled.
func furnishedCases(name string, hashed bool, words *Words, page func(Slots) string, yield func(Case) bool) bool {
	ok := true
	pair := func(mutator string, before, after Slots) {
		c := Case{Page: name, Mutator: mutator, Hashed: hashed, Before: page(before), After: page(after)}
		if ok && c.Before != c.After {
			ok = yield(c)
		}
	}
	all := Furnishings()
	for i, f := range all {
		first, second := Furnished(i%4, hashed, words, f), Furnished(i%4+1, hashed, words, f)
		pair(f.Name+", comes", Slots{}, first)
		pair(f.Name+", rotates", first, second)
	}
	for v := range 4 {
		now, next := Furnished(v, hashed, words, comingAndGoing(v, all)...), Furnished(v+1, hashed, words, comingAndGoing(v+1, all)...)
		pair("everything, comes", Slots{}, now)
		pair("everything, rotates", now, next)
	}
	return ok
}
