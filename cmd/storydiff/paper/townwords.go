package paper

// The words that the articles of a town are made of. Each call returns a list
// of its own, which the caller may reorder.

func headlines() []string {
	return []string{
		"${Body} votes for ${thing} in ${place}",
		"${thing} in ${place} to cost ${num}",
		"${place} waits for its ${thing}",
		"${chair} calls ${thing} plan ${strong}",
		"Row over ${thing} between ${place} and ${other}",
		"${Body} puts off ${thing} after ${small} letters",
		"Work on ${thing} begins in ${place}",
	}
}

// needed returns the paragraphs that every article has, in their order. Between
// them they hold a number, a name, a quotation, a plan and a misspelt word.
func needed() []string {
	return []string{
		"${Body} has agreed to pay ${num} for a new ${thing} in ${place}, after a debate on ${day} that went on until the caretaker put out the lamps.",
		"The money for the ${thing} is to come from the sale of ${small} parking places behind ${other}, said ${chair}, who speaks for ${body}.",
		"“This is a ${strong} step for ${place}, and we have talked about the ${thing} for ${small} years,” ${chair's} said.",
		"The work at ${place} will begin within ${small} days and keep the road to ${other} open on market mornings.",
		"A ${typo} of ${small} people looked at the plan last winter and found that the old ${thing} could be mended for ${num}.",
		"${critic}, who runs a shop on ${other}, said she had read the plan for the ${thing} twice and had ${small} questions left.",
	}
}

// optional returns paragraphs that some articles have.
func optional() []string {
	return []string{
		"The last ${thing} in ${place} was taken down in the spring of the great flood. Its ${small} timbers were used to mend boats at ${other}.",
		"“Nobody at ${other} was asked,” ${critic's} said. “We found a note on the pump, held down with ${small} stones.”",
		"Some ${num} people live within a mile of ${place}. About one in ${small} of them signed a petition for the ${thing}.",
		"The offer chosen was the second of ${small}. The firm is to be paid in three parts, the last when ${witness's} has tried the ${thing} out.",
		"Neighbours on ${place} fear the noise of the ${thing}. ${Body} says that it will be no louder than ${small} geese.",
		"${witness}, who lives above the bakery at ${other}, keeps a list of every ${thing} the town was promised. It has ${small} lines.",
		"The county gives ${num} towards the ${thing}, on condition that ${place} finds the rest before ${day} week.",
		"A model of the ${thing} stands in the hall of ${body}. Of ${small} visitors on its first day, two took it for a cake.",
		"In ${other} they are less sure. ${small} of the shops there closed for an hour on ${day} so that their owners could listen to the debate.",
		"${chair's} told the gallery that the ${thing} was worth ${small} evenings of anybody’s life, and got a laugh for it.",
		"Children from ${place} drew what they hope the ${thing} will look like. All but ${small} of the drawings have a dog in them.",
		"The surveyor found ${small} old pipes under ${place}, none on any map. Each has to be opened before the ${thing} can be set down.",
	}
}

func bodies() []string {
	return []string{
		"the harbour board", "the town council", "the bridge trust", "the school board", "the parish of St Brannoc",
		"the market guild", "the county", "the lifeboat committee", "the library trust", "the tram company", "the allotment society",
	}
}

func things() []string {
	return []string{
		"ferry slip", "bandstand", "footbridge", "covered market", "lock gate", "bus shelter", "bathing hut", "water tower",
		"boathouse", "playground", "clock", "weighbridge", "fish stair",
	}
}

func places() []string {
	return []string{
		"Upper Wharf", "Marsh End", "Candle Street", "Mill Square", "Tanner’s Row", "Saltby Road", "Hilltop", "Quay Lane",
		"Otter Bank", "Rope Walk", "Nun’s Corner", "Lime Yard", "Chandler’s Steps", "Eel Alley", "North Mole", "Weaver’s Green",
		"Plum Court", "Kiln Field", "Gallows Down", "Swan Lock",
	}
}

func firstNames() []string {
	return []string{
		"Ada", "Tobias", "Mira", "Jonah", "Ludmila", "Edwin", "Petra", "Harold", "Nell", "Cornelius", "Agnes", "Samir",
		"Beatrix", "Alf", "Olive", "Rosa", "Ida", "Greta", "Wilhelmina", "Miles", "Kofi", "Yusuf", "Leonie", "Barnaby",
	}
}

func surnames() []string {
	return []string{
		"Quill", "Wren", "Hollis", "Pike", "Frost", "Stroud", "Ferris", "Abara", "Penhallow", "Malmo", "Lund", "Babb",
		"Okoro", "Carter", "Brandt", "Hale", "Lamb", "Grebe", "Dunlin", "Tench", "Maddern", "Oakes", "Tolliver", "Sorley",
		"Bisset", "Vane", "Ashdown", "Rudd", "Crane", "Ibsley",
	}
}

func strongWords() []string {
	return []string{"splendid", "shameful", "reckless", "historic", "ruinous", "generous"}
}

// misspelt returns pairs: a word misspelt, and the word.
func misspelt() [][]string {
	return [][]string{{"commitee", "committee"}, {"pannel", "panel"}, {"gruop", "group"}, {"comission", "commission"}}
}
