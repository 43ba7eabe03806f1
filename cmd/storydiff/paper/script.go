package paper

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
)

// A step is one edit of the script.
type step struct {
	path    string
	about   string // what the editor does, for the log
	stamped bool   // the page's modified time moves on
	edit    func(*Story)
}

// Step makes the next edit of the script. It returns the path of the story and
// what was done to it; ok is false where the script is over.
func (p *Paper) Step() (path, about string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.played == len(p.script) {
		return "", "", false
	}
	next := p.script[p.played]
	p.played++
	a, err := p.find(next.path)
	if err != nil {
		return "", "", false
	}
	next.edit(&a.story)
	if next.stamped {
		a.story.Modified = p.now().UTC().Truncate(time.Second)
	}
	p.log.Info("story edited", "path", next.path, "edit", next.about)
	return next.path, next.about, true
}

// Run makes an edit of the script at every tick, the first one a tick after the
// start, and rests when the script is over. It returns nil when ctx ends.
func (p *Paper) Run(ctx context.Context, every time.Duration) error {
	if every <= 0 {
		return errors.New("playing the paper's script: the time between two edits must be above zero")
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if _, _, ok := p.Step(); !ok {
				tick.Stop()
				if p.over != nil {
					p.over()
				}
			}
		}
	}
}

// The paths of the stories that the script edits.
const (
	ferry   = "/news/ferry-meets-dredger-in-fog"
	library = "/politics/council-votes-to-close-east-library"
	cannery = "/business/cannery-to-open-on-sundays"
	clock   = "/courts/man-in-court-over-town-clock"
	school  = "/news/school-roof-closed-after-inspection"
	water   = "/news/east-side-told-to-boil-water"
	heron   = "/culture/museum-finds-its-heron"
	quay    = "/politics/harbour-contract-to-mayors-cousin"
)

const (
	cannerySober = "Cannery to open on Sundays from May"
	canneryLoud  = "Day of rest? Not for the sprat, says cannery"
)

// demoScript returns the edits of the demonstration in the order in which they
// are made. What says most comes first, for a reader who has just sat down; at
// least two other stories are edited between two edits of one, so that a
// tracker which looks every second sees each state.
func demoScript() []step {
	return slices.Concat(firstHour(), afternoon(), nextDay())
}

// firstHour returns the edits that a newcomer sees while finding the page.
func firstHour() []step {
	return []step{
		{ferry, "the injured go from twelve to 21 without a word", false, swaps(
			"Twelve injured as ferry", "21 injured as ferry",
			"Twelve people were injured", "21 people were injured",
			"Four of the injured", "Nine of the injured")},
		{cannery, "another headline is tried", false, swaps(cannerySober, canneryLoud)},
		{library, "a councillor's words are softened", false, swaps(
			"This is a shameful bargain, and the people who made it will not dare to walk down Candle Street",
			"This is a poor bargain, and the people who made it should come and explain it on Candle Street")},
		{clock, "allegedly goes", false, swaps("of Tanner’s Row, allegedly climbed", "of Tanner’s Row, climbed")},
		{water, "the paragraph about the warning goes", false, func(s *Story) {
			s.Remove(s.Index("had been warned about the valve"))
		}},
		{cannery, "the first headline returns", false, swaps(canneryLoud, cannerySober)},
		{quay, "the story is taken down", false, func(s *Story) { s.Status = http.StatusGone }},
		{heron, "a typing error goes", false, swaps("We recieved", "We received")},
		{school, "the paragraph about the clean report is moved down and changed", false, func(s *Story) {
			s.Move(s.Index("given a clean report"), len(s.Blocks)-1)
			s.Replace("given a clean report. The county said that it would look at how that report was written.",
				"found to be sound. The county said that it would look at how that report was written, and by whom.")
		}},
	}
}

// afternoon returns the edits that explain, or add to, the first ones.
func afternoon() []step {
	return []step{
		{ferry, "an update is put on top", true, func(s *Story) {
			s.Top = "Update, 11:20: The harbour board now says that the ferry was travelling at eleven knots."
			s.Replace("travelling at nine knots", "travelling at eleven knots")
		}},
		{cannery, "the loud headline comes back", false, swaps(cannerySober, canneryLoud)},
		{library, "a figure changes without a word", false, swaps("save 240,000 a year", "save 420,000 a year")},
		{clock, "the date of the next hearing is put right", true, swaps("on bail until 14 April", "on bail until 21 April")},
		{water, "the number of homes grows", true, swaps("Some 3,400 homes", "Some 5,100 homes")},
		{school, "a byline is added", false, func(s *Story) { s.Byline = "Tobias Wren" }},
		{quay, "the story is back as it was", false, func(s *Story) { s.Status = http.StatusOK }},
		{cannery, "and the sober one again", false, swaps(canneryLoud, cannerySober)},
		{heron, "the caption gets a name", false, swaps("a little dusty", "a little dusty, with the porter’s son, Alf Grebe")},
		{ferry, "a spokesman's sentence is cut short", false, swaps(
			"did everything the rules ask, and then some", "did everything the rules ask")},
	}
}

// nextDay returns the edits that come when the stories are nearly forgotten.
func nextDay() []step {
	return []step{
		{library, "a correction at the foot owns up to the figure", true, func(s *Story) {
			s.Foot = "Correction: An earlier version of this article said that the closure would save 240,000 a year. The figure is 420,000."
		}},
		{water, "a paragraph about illness is added", true, func(s *Story) {
			s.Insert(s.Index("Boil it, let it cool"), "Two people who drank from the tap on Tuesday have since been seen by a doctor, the county said later. Neither had to stay in hospital.")
			s.Replace("Nobody is known to have fallen ill. The", "The")
		}},
		{clock, "a not is put in", false, swaps("She could not say by whom", "She would not say by whom")},
		{quay, "the lowest offer is described otherwise", false, swaps(
			"although its price was not the lowest, papers seen by the Post show", "papers seen by the Post show")},
		{ferry, "the captain gets a name", false, func(s *Story) {
			s.Insert(s.Index("The ferry was travelling"), "The Heron Queen was under the command of Captain Ewan Sorley, who has sailed her for fifteen years, the company said.")
		}},
		{heron, "the standfirst says more", false, swaps(
			"The bird was thought stolen in 1958", "The bird was thought stolen in 1958, and a fishmonger paid for it")},
		{school, "children become pupils and a figure moves", false, swaps("About 180 children usually eat", "About 210 pupils usually eat")},
		{library, "a tally is put right", true, swaps("by eleven to ten on Monday", "by eleven to nine on Monday")},
		{water, "a name is put right", true, swaps("Samir Hale", "Samir Haile")},
		{quay, "a clarification is put on top", true, func(s *Story) {
			s.Top = "Clarification: The mayor left the room before the vote and took no part in it."
		}},
		{ferry, "the boat is not sailing after all", true, swaps(
			"If she is sound, the company hopes to run the noon boat on Thursday.",
			"The company does not expect to run the boat again before Monday.")},
	}
}

// swaps returns an edit that puts each second text in place of the first one
// before it.
func swaps(pairs ...string) func(*Story) {
	return func(s *Story) {
		for pair := range slices.Chunk(pairs, 2) {
			s.Replace(pair[0], pair[1])
		}
	}
}
