package paper

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A NamedEdit is a sort of edit that newspapers make.
type NamedEdit struct {
	Name  string       // "number", "correction-foot"
	Kind  string       // what a tracker must find among the kinds of the change
	Apply func(*Story) // makes the edit; does nothing to a story that holds nothing for it
}

// Edits returns every sort of edit that any story of a [Town] can be given, once
// each. They leave the modified time alone.
func Edits() []NamedEdit {
	return []NamedEdit{
		{"number", "number", editNumber},
		{"name", "name", editName},
		{"quote", "quote", editQuote},
		{"negation", "negation", editNegation},
		{"typo", "spelling", editTypo},
		{"headline", "headline", func(s *Story) { s.Headline = "Doubts over plan: " + s.Headline }},
		{"byline", "byline", func(s *Story) { s.Byline += " and Clement Oddy" }},
		{"standfirst", "standfirst", func(s *Story) { s.Standfirst += ", against advice" }},
		{"caption", "caption", editCaption},
		{"paragraph-added", "paragraph-added", func(s *Story) {
			s.Insert(paragraphAt(s, 3), "Late in the evening a delegation of bargemen asked to be heard, and was told to come back with a drawing.")
		}},
		{"paragraph-removed", "paragraph-removed", func(s *Story) { s.Remove(paragraphAt(s, 4)) }},
		{"paragraph-moved", "paragraph-moved", func(s *Story) { s.Move(paragraphAt(s, 1), paragraphAt(s, 6)) }},
		{"correction-top", "correction", func(s *Story) {
			s.Top = "Correction: An earlier version of this article misstated where the money is to come from."
		}},
		{"correction-foot", "correction", func(s *Story) {
			s.Foot = "Correction: An earlier version of this article gave a wrong date for the next meeting."
		}},
	}
}

var numberPattern = regexp.MustCompile(`\b[1-9][0-9]*\b`)

// editNumber raises the first number of the text.
func editNumber(s *Story) {
	i := s.paragraph(numberPattern.MatchString)
	if i < 0 {
		return
	}
	text := &s.Blocks[i].Text
	at := numberPattern.FindStringIndex(*text)
	n, err := strconv.Atoi((*text)[at[0]:at[1]])
	if err != nil {
		return // longer than a number can be
	}
	*text = (*text)[:at[0]] + strconv.Itoa(n+7) + (*text)[at[1]:]
}

// editName gives somebody who is named in the text another surname.
func editName(s *Story) {
	for _, name := range surnames() {
		i := s.paragraph(func(text string) bool { return strings.Contains(text, " "+name+",") })
		if i >= 0 {
			s.Replace(" "+name, " Winterbourne")
			return
		}
	}
}

// editQuote puts another word into somebody's mouth.
func editQuote(s *Story) {
	for _, word := range strongWords() {
		i := s.paragraph(func(text string) bool { return strings.Contains(text, "“This is a "+word+" step") })
		if i >= 0 {
			s.Blocks[i].Text = strings.Replace(s.Blocks[i].Text, word, "sensible", 1)
			return
		}
	}
}

// editNegation turns a plan into its opposite.
func editNegation(s *Story) {
	i := s.paragraph(func(text string) bool { return strings.Contains(text, " will begin ") })
	if i >= 0 {
		s.Blocks[i].Text = strings.Replace(s.Blocks[i].Text, " will begin ", " will not begin ", 1)
	}
}

// editTypo mends a misspelt word.
func editTypo(s *Story) {
	for _, pair := range misspelt() {
		s.Replace(pair[0], pair[1])
	}
}

// editCaption says something else about the first picture.
func editCaption(s *Story) {
	i := slices.IndexFunc(s.Blocks, func(b Block) bool { return b.Kind == Caption })
	if i >= 0 {
		s.Blocks[i].Text += " before the rain"
	}
}

// paragraph returns the number of the first paragraph that has what is asked, or
// -1.
func (s *Story) paragraph(has func(text string) bool) int {
	return slices.IndexFunc(s.Blocks, func(b Block) bool { return b.Kind == Paragraph && has(b.Text) })
}

// paragraphAt returns the number of the n-th paragraph, from 0, or of the last
// one.
func paragraphAt(s *Story, n int) int {
	last := 0
	for i, b := range s.Blocks {
		if b.Kind != Paragraph {
			continue
		}
		last = i
		if n--; n < 0 {
			break
		}
	}
	return last
}
