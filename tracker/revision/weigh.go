package revision

import (
	"fmt"
	"slices"
	"strings"

	"storydiff/tracker/worddiff"
)

// Points of one edit by its kind. They are set so that, silent, one number or
// negation in the text is notable and one in the lead major; that replacing one
// word of content is notable; and that spelling, marks, moves and single
// function words stay minor however silent.
const (
	pointsHeadline     = 30
	pointsStandfirst   = 22
	pointsByline       = 20
	pointsCaption      = 6
	pointsFieldSlight  = 6 // a field in which only the spelling changed
	pointsNumber       = 30
	pointsDate         = 24
	pointsPublished    = 20 // another day of publication
	pointsSameDay      = 6  // another time on the same day
	pointsName         = 26
	pointsNameFamiliar = 10 // a name that the story holds elsewhere, or another spelling of it
	pointsQuote        = 26
	pointsQuoteSlip    = 3 // a spelling inside a quotation
	pointsAttribution  = 22
	pointsNegation     = 35
	pointsHedge        = 24
	pointsSpelling     = 2
	pointsReplaced     = 22 // a word of content became another, or a function word its opposite
	pointsOneSided     = 12 // words of content came, or went
	pointsFunction     = 5  // function words alone
	pointsAdded        = 10 // a paragraph or sentence
	pointsRemoved      = 16 // likewise
	pointsMoved        = 3
	pointsNoteAdded    = 25
	pointsNoteAltered  = 12
	pointsNoteRemoved  = 32
	pointsSlight       = 1

	pointsLead     = 15 // at most, for what stands in the lead
	pointsCharged  = 10
	pointsRewrite  = 10
	pointsSilent   = 15 // at most
	pointsStamped  = 5  // at most
	pointsNoted    = 20 // at most, taken off
	maxMore        = 20 // for all edits beyond the first of each kind
	maxSlips       = 3  // for all spellings beyond the first
	rewriteInTenth = 3  // a rewrite changes three tenths of the words
)

// Codes of reasons. Beside these each [Kind] is one, and stands for the weightiest
// edit of that kind.
const (
	ReasonLead    = "lead"    // an edit stands in the headline, the standfirst or the first two paragraphs
	ReasonCharged = "charged" // words that accuse, condemn or count the dead came or went
	ReasonMore    = "more"    // there are further edits of the same kinds
	ReasonRewrite = "rewrite" // at least three tenths of the words changed
	ReasonSilent  = "silent"  // nothing on the page says that it changed
	ReasonStamped = "stamped" // only the modified time does
	ReasonNoted   = "noted"   // a note does; it takes points off
)

func fieldPoints(k Kind) int {
	switch k {
	case Headline:
		return pointsHeadline
	case Standfirst:
		return pointsStandfirst
	}
	return pointsByline
}

// paragraphPoints weighs a paragraph that came or went: a point more for every
// ten words, up to ten.
func paragraphPoints(n nature, text string) int {
	points := min(10, worddiff.Words(text)/10)
	if n == removed {
		return pointsRemoved + points
	}
	return pointsAdded + points
}

// sentencePoints weighs a sentence that came, went or was replaced.
func (f *finding) sentencePoints(s site) int {
	if s.oldWords.len() > 0 && s.newWords.len() > 0 {
		return pointsReplaced
	}
	if s.newWords.len() > 0 {
		return pointsAdded + min(10, s.newWords.len()/10)
	}
	return pointsRemoved + min(10, s.oldWords.len()/10)
}

// wordingPoints weighs a change of words that no finer kind explains, by whether
// words of content are among them, on one side or both.
func (f *finding) wordingPoints(s site) int {
	b := slices.ContainsFunc(f.p.old.words[s.oldWords.from:s.oldWords.to], f.c.lex.isContent)
	a := slices.ContainsFunc(f.p.new.words[s.newWords.from:s.newWords.to], f.c.lex.isContent)
	switch {
	case b && a, f.p.contrasts(s, f.c.lex):
		return pointsReplaced
	case b || a:
		return pointsOneSided + min(8, (s.oldWords.len()+s.newWords.len())/3)
	}
	return pointsFunction
}

// contrasts reports whether a site is one function word that became its opposite:
// "for" and "against".
func (p *passage) contrasts(s site, lex *lexicon) bool {
	return s.oldWords.len() == 1 && s.newWords.len() == 1 && lex.contrast[p.old.at(s.oldWords.from)][p.new.at(s.newWords.from)]
}

// weigh returns the reasons for the significance of the edits; their points add
// up to it, capped at 100.
//
// Each kind counts by its weightiest edit, further edits a little each; where an
// edit stands, what its words say and how much was rewritten add to that. All
// of these only grow with further edits. Then what the publisher owned up to
// weighs: silence adds up to half of the sum, and a note, which counts by
// itself, takes up to its own weight off again, so that the same edit weighs
// most when silent and least when noted. A note that speaks of something else
// takes next to nothing off, and one that speaks of some edits what those weigh.
func (c *comparison) weigh() []Reason {
	var reasons []Reason
	substance := 0
	say := func(code string, points int, text string) {
		if points != 0 {
			reasons = append(reasons, Reason{code, points, text})
		}
	}
	for _, k := range c.rev.Kinds {
		best, n := c.best(k)
		points := best.points
		if k == Spelling || k == ParagraphMoved || k == Link {
			points += min(maxSlips, n-1)
		}
		say(string(k), points, sentence(best))
		if !best.slight && k != Correction {
			substance += points
		}
	}
	slices.SortStableFunc(reasons, func(a, b Reason) int { return b.Points - a.Points })
	further := []func() (string, int, string){c.weighLead, c.weighCharged, c.weighMore, c.weighRewrite}
	for _, f := range further {
		code, points, text := f()
		say(code, points, text)
		substance += points
	}
	code, points, text := c.weighDisclosure(substance)
	say(code, points, text)
	return reasons
}

// best returns the weightiest edit of a kind, the first of equals, and how many
// there are.
func (c *comparison) best(k Kind) (edit, int) {
	var out edit
	n := 0
	for _, e := range c.edits {
		if e.Kind != k {
			continue
		}
		n++
		if n == 1 || e.points > out.points || e.points == out.points && isLabel(out.After) {
			out = e
		}
	}
	return out, n
}

// isLabel reports whether a note is no more than the word that stands above one.
func isLabel(note string) bool { return worddiff.Words(note) == 1 }

// weighLead weighs the place: half of what stands in the lead weighs already.
func (c *comparison) weighLead() (string, int, string) {
	points, at := 0, place{}
	for _, e := range c.edits {
		if n := min(pointsLead, e.points/2); e.place.lead && e.place.field == "" && !e.slight && e.Kind != Correction && n > points {
			points, at = n, e.place
		}
	}
	return ReasonLead, points, fmt.Sprintf("An edit stands near the top, in %s.", at)
}

// weighCharged weighs charged words that came or went outside whole paragraphs.
func (c *comparison) weighCharged() (string, int, string) {
	for _, e := range c.edits {
		if e.Kind == Correction || e.Kind == ParagraphMoved || e.slight || e.nature == added && e.Kind == ParagraphAdded {
			continue
		}
		before, after := c.charged(e.Before, e.After), c.charged(e.After, e.Before)
		if words := append(difference(before, after), difference(after, before)...); len(words) > 0 {
			return ReasonCharged, pointsCharged, fmt.Sprintf("A word of consequence came or went: “%s”.", words[0])
		}
	}
	return ReasonCharged, 0, ""
}

// charged returns the charged words of a text that the other has in no form.
func (c *comparison) charged(text, other string) []string {
	var out []string
	others := scan(other)
	for _, w := range scan(text) {
		if c.lex.charged[w.key] && !slices.ContainsFunc(others, func(o word) bool { return c.lex.inflected(w.key, o.key) }) {
			out = append(out, w.key)
		}
	}
	return out
}

// weighMore weighs the edits beyond the weightiest of each kind.
func (c *comparison) weighMore() (string, int, string) {
	n := 0
	seen := map[Kind]bool{}
	for _, e := range c.edits {
		if e.slight || e.Kind == Correction {
			continue
		}
		if seen[e.Kind] {
			n++
		}
		seen[e.Kind] = true
	}
	text := fmt.Sprintf("There are %d further edits of these kinds.", n)
	if n == 1 {
		text = "There is one further edit of these kinds."
	}
	return ReasonMore, min(maxMore, 2*n), text
}

// weighRewrite weighs how much of the text changed.
func (c *comparison) weighRewrite() (string, int, string) {
	all := worddiff.Words(c.before.Body()) + worddiff.Words(c.after.Body())
	moved := c.rev.WordsAdded + c.rev.WordsRemoved
	if all < 60 || moved*10 < all*rewriteInTenth {
		return ReasonRewrite, 0, ""
	}
	return ReasonRewrite, pointsRewrite, fmt.Sprintf("Much was rewritten: %d words came and %d went.", c.rev.WordsAdded, c.rev.WordsRemoved)
}

func (c *comparison) weighDisclosure(substance int) (string, int, string) {
	switch c.rev.Disclosure {
	case Noted:
		return c.notedReason(substance)
	case Stamped:
		text := "No note says so; only the time of update moved on (" + c.rev.Proof + ")."
		if c.before.Modified.IsZero() && c.rev.Proof != clip(c.visible, maxProof) {
			text = "No note says so; only a time of update is new on the page (" + timeText(c.after.Modified) + ")."
		}
		return ReasonStamped, min(pointsStamped, substance/4), text
	}
	text := "No note says so, and the modified time did not move on."
	switch {
	case c.before.Modified.IsZero() && c.after.Modified.IsZero() && c.before.Published.IsZero() && c.after.Published.IsZero():
		text = "No note says so, and there is no modified time to go by." // of a text file, say
	case c.after.Modified.IsZero() && !c.before.Modified.IsZero():
		text = "No note says so, and the page no longer states a modified time."
	case c.after.Modified.IsZero():
		text = "No note says so, and the page states no modified time."
	}
	return ReasonSilent, min(pointsSilent, substance/2), text
}

// sentence tells of an edit in a sentence.
func sentence(e edit) string {
	before, after := briefs(e.Before, e.After)
	at := e.place.String()
	switch e.Kind {
	case Headline, Standfirst, Byline:
		return fieldSentence(e, before, after)
	case Correction:
		return noteSentence(e, before, after)
	case ParagraphAdded:
		return capitalize(e.place.whole()) + " was added: “" + after + "”"
	case ParagraphRemoved:
		return capitalize(e.place.whole()) + " of the old text was removed: “" + before + "”"
	case Link:
		return linkSentence(e)
	case ParagraphMoved:
		return "A passage now stands elsewhere: “" + after + "”"
	}
	if e.place.field == "published" {
		return "The date of publication changed: " + became(before, after)
	}
	switch e.nature {
	case marked:
		return fmt.Sprintf("Quotation marks were put around words in %s: %s.", at, quoted(after))
	case unmarked:
		return fmt.Sprintf("Quotation marks were taken off words in %s: %s.", at, quoted(before))
	case respelt:
		return fmt.Sprintf("A name in %s is spelt otherwise, or is another: %s", at, became(before, after))
	}
	if e.Kind == Attribution {
		return fmt.Sprintf("Who says it, or how, changed in %s: %s", at, became(before, after))
	}
	return fmt.Sprintf("%s in %s changed: %s", noun(e.Kind), at, became(before, after))
}

func fieldSentence(e edit, before, after string) string {
	switch e.nature {
	case added:
		return fmt.Sprintf("A %s was added: “%s”", e.place.field, after)
	case removed:
		return fmt.Sprintf("The %s was removed: “%s”", e.place.field, before)
	}
	return fmt.Sprintf("The %s changed: “%s” became “%s”%s", e.place.field, before, after, stop(after))
}

func noteSentence(e edit, before, after string) string {
	switch e.nature {
	case removed:
		return "A correction or note was taken away: “" + before + "”"
	case altered:
		return fmt.Sprintf("A correction or note was altered: “%s” became “%s”%s", before, after, stop(after))
	}
	return "A correction or note was added: “" + after + "”"
}

func noun(k Kind) string {
	switch k {
	case Number:
		return "A number"
	case Date:
		return "A date or time"
	case Name:
		return "A name"
	case Quote:
		return "What is quoted"
	case Negation:
		return "A negation"
	case Hedge:
		return "A qualification"
	case Spelling:
		return "The spelling or punctuation"
	case Caption:
		return "What stands"
	}
	return "The wording"
}

const quotationMarks = "“”\"„«»「」"

// quoted puts words in one pair of quotation marks, which they may have brought.
func quoted(text string) string { return "“" + strings.Trim(text, quotationMarks) + "”" }

// became says what became what. Single words stand as they are, others in
// quotation marks, so that one sees where they begin and end.
func became(before, after string) string {
	switch {
	case before == "":
		return "“" + after + "” came in."
	case after == "":
		return "“" + before + "” went."
	}
	if strings.ContainsAny(before+after, quotationMarks) || !strings.Contains(before+after, " ") {
		return before + " became " + after + "."
	}
	return "“" + before + "” became “" + after + "”" + stop(after)
}

// stop returns the full stop of a sentence that ends with a quotation; none where
// the quotation brought one.
func stop(quotation string) string {
	if strings.HasSuffix(quotation, ".") || strings.HasSuffix(quotation, "!") || strings.HasSuffix(quotation, "?") || strings.HasSuffix(quotation, "…") {
		return ""
	}
	return "."
}

func brief(text string) string { return clip(text, 100) }

// briefs is brief of what became what. Where both would be cut before they differ,
// they begin shortly before that.
func briefs(before, after string) (was, is string) {
	was, is = brief(before), brief(after)
	if was != is || before == after {
		return was, is
	}
	same := 0
	for same < min(len(before), len(after)) && before[same] == after[same] {
		same++
	}
	if from := strings.LastIndexByte(before[:max(0, same-30)], ' ') + 1; from > 0 {
		was, is = "…"+brief(before[from:]), "…"+brief(after[from:])
	}
	return was, is
}

func capitalize(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
