package extract

import (
	"strings"
	"unicode"
)

var (
	signatureSays = said("invite.txt", "by")
	smallWords    = wordsOf("invite.txt", "small")
)

const (
	closers   = `)]}”"»’'』」】）›“«*†‡ ` + "\u00a0"
	terminals = ".!?。！？．｡؟۔।॥։።။។;;:"
)

// lastWords returns which block ends the article's own prose, -1 where none does,
// and the first of the blocks after it that invites to subscribe or to log in.
// Notes, captions, and the lines of agencies and authors end nothing; slanted are
// the texts of blocks set in italics or bold throughout.
func lastWords(list []Block, slanted map[string]bool) (last int, invitation string) {
	last, invitation = withoutOffer(list)
	for ; last >= 0; last-- {
		at := &list[last]
		switch {
		case at.Kind == Note, at.Kind == Caption:
		case ownInvitation(at.Text):
			invitation = at.Text
		case at.Kind == Paragraph && (slanted[at.Text] || isSignature(at.Text)):
		case wordCount(at.Text) < 4 && inviteLabel.match(bareTitle(at.Text)):
		default:
			return last, invitation
		}
	}
	return -1, invitation
}

// offerLines is how many lines a box may have that invites at the end of a text.
const offerLines = 5

// withoutOffer returns the last block above an invitation that was read as part of
// the text, with the short lines that go with it, and the invitation.
func withoutOffer(list []Block) (last int, invitation string) {
	last = len(list) - 1
	for i := last; i >= 0 && i >= len(list)-offerLines; i-- {
		at := &list[i]
		switch {
		case ownInvitation(at.Text):
			last, invitation = i-1, at.Text
		case at.Kind == Note || at.Kind == Caption || wordCount(at.Text) > 30:
			return last, invitation
		}
	}
	return last, invitation
}

// isSignature reports whether a line is an agency's or an editor's, or a row of
// scraps and no sentence.
func isSignature(line string) bool {
	if len(line) > 1000 {
		return false
	}
	words := wordCount(line)
	return words <= 60 && (strings.Contains(line, "|") || strings.Contains(line, "•")) || words <= 20 && signatureSays.in(spoken(line))
}

// ownInvitation reports whether a block of the text is an invitation: it is short
// and quotes nobody, and it is hardly more than the words of one, opens with them
// or speaks in two of them.
func ownInvitation(text string) bool {
	if len(text) > 400 || hasQuoteMark(text) {
		return false
	}
	line := spoken(text)
	kinds := inviteSays.kinds(line)
	if !kinds.invite(true) {
		return false
	}
	if kinds&saysInvite != 0 && wordCount(line) <= 7 {
		return true
	}
	for _, sentence := range sentencesOf(line) {
		if inviteSays.open(sentence, saysInvite|saysOffer) {
			return true
		}
	}
	return inviteSays.count(line, saysInvite|saysOffer) >= 2
}

// fewestBroken is how many words a last paragraph without its mark has at least
// that breaks off: shorter ones are names and labels more often than not. Where
// words right below invite to read on, fewestInvited say so.
const (
	fewestBroken  = 10
	fewestInvited = 5
)

// breaksOff reports whether a text ends in the middle: in an ellipsis, at a word
// that no sentence ends with, or without the mark at its end that the text before
// it has. Headings, lists, tables, quotations set apart and verses have no such
// marks, and neither have Thai, Lao and Khmer. A last paragraph without its mark
// has fewest words at least.
func breaksOff(list []Block, last, fewest int) bool {
	if last < 0 || list[last].Kind != Paragraph && list[last].Kind != List {
		return false
	}
	text := strings.TrimRight(list[last].Text, closers)
	if strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...") || strings.HasSuffix(text, "‥") || strings.HasSuffix(text, ". . .") {
		return wordCount(text) > 2
	}
	if list[last].Kind != Paragraph || strings.Contains(text, "\n") || !punctuated(list, last) {
		return false
	}
	switch end := lastRune(text); {
	case unicode.In(end, unicode.Thai, unicode.Lao, unicode.Khmer):
		return false
	case strings.ContainsRune(",،、，–—", end):
		return wordCount(text) >= 4
	case !unicode.IsLetter(end) && !unicode.IsMark(end):
		return false
	}
	tail := text[strings.LastIndexAny(text, ".!?。！？؟۔।")+1:]
	word := text[strings.LastIndexAny(text, " \u00a0")+1:]
	if strings.ContainsAny(word, "@/") {
		return false // an address
	}
	if smallWords[strings.ToLower(word)] && wordCount(text) >= 4 {
		return true
	}
	words := wordCount(text)
	if words < fewestBroken && inviteSays.kinds(spoken(text))&saysLetters != 0 {
		return false // "Get the news to your inbox"
	}
	return words >= fewest && wordCount(tail) >= 5 && strings.Count(text, ",")*4 < words // no list of names
}

// punctuated reports whether the text up to a block has sentences that end with a
// mark: within the block, or the last paragraph before it.
func punctuated(list []Block, last int) bool {
	for _, sentence := range sentencesOf(list[last].Text) {
		if endsSentence(sentence) {
			return true
		}
	}
	for i := last - 1; i >= 0; i-- {
		if list[i].Kind == Paragraph {
			return endsSentence(list[i].Text)
		}
	}
	return false
}

// endsSentence reports whether a line ends with the mark of a sentence's end.
func endsSentence(line string) bool {
	line = strings.TrimRight(line, closers)
	return line != "" && (strings.ContainsRune(terminals, lastRune(line)) || strings.HasSuffix(line, "…"))
}

// slanted returns the texts of the last blocks that are set in italics or bold
// throughout or name the author: lines about the story, not of it.
func (p *page) slanted(s *Story) map[string]bool {
	lines := map[string]bool{}
	for i := max(0, len(p.pieces)-200); i < len(p.pieces); i++ {
		if at := &p.pieces[i]; at.why == "" && at.lead != "" && len(at.lead)*10 >= len(at.text)*9 {
			lines[at.exact] = true
		}
	}
	for i := max(1, len(s.Blocks)-3); i < len(s.Blocks); i++ {
		text := s.Blocks[i].Text
		if name := strings.TrimSpace(s.Byline); name != "" && len(text) < 400 && strings.HasPrefix(text, name) {
			lines[text] = true
		}
	}
	return lines
}
