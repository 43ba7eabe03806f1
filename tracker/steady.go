package tracker

import "storydiff/tracker/extract"

// Steady returns the story of a version as it is compared: without the blocks
// that another look at it showed to be furniture. The version itself keeps them,
// for its text and hash say what was read of its capture.
func (v *Version) Steady() *extract.Story {
	loose := setOf(v.Loose)
	return without(&v.Story, func(i int) bool { return loose[i] })
}

func setOf(numbers []int) map[int]bool {
	set := make(map[int]bool, len(numbers))
	for _, n := range numbers {
		set[n] = true
	}
	return set
}

// steadyNumbers returns for each block of the steady story its number in the
// version's.
func (v *Version) steadyNumbers() (numbers []int) {
	loose := setOf(v.Loose)
	for i, block := range v.Story.Blocks {
		if block.Kind == extract.Note || !loose[i] {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// doubts returns what is to be doubted of the n blocks of a version's steady
// story. Of one that was read anew nothing is where two captures agree.
func (v *Version) doubts(n int) []doubt {
	list := make([]doubt, n)
	if v.SecondID == 0 {
		for i := range list {
			list[i] = unseen
		}
		return list
	}
	if v.Extractor == extract.Revision {
		doubted := setOf(v.Doubt)
		for i, number := range v.steadyNumbers() {
			if doubted[number] {
				list[i] = contradicted
			}
		}
	}
	return list
}
