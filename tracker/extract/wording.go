package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a line says of itself, compiled from the lexicon.
var (
	noteLabel   = anchored("notes.txt", "label", "4", "")
	noteOpening = anchored("notes.txt", "opening", "4", `(?:\PL|$)`)

	dateWords   = wordsOf("dates.txt", "word")
	stampWords  = wordsOf("dates.txt", "stamp")
	beforeWords = wordsOf("dates.txt", "before")
	unitWords   = wordsOf("dates.txt", "unit")
	byWords     = wordsOf("dates.txt", "by")

	furnitureTitle  = anchored("furniture.txt", "title", "8", `\s*(?:\(?\d[\d.,]*\)?)?$`)
	furnitureTalk   = anchored("furniture.txt", "talk", "8", `\s*(?:\(?\d[\d.,]*\)?)?$`)
	furnitureLabel  = anchored("furniture.txt", "label", "8", `$`)
	sourcesTitle    = anchored("furniture.txt", "sources", "4", `$`)
	furnitureLead   = anchored("furniture.txt", "lead", "8", `(?:\s*[:：|>»›→–—-]|\s|$)`)
	furnitureLeadIn = anchored("furniture.txt", "lead", "8", `\s*[:：|>»›→–—]`)
	unfolds         = anchored("furniture.txt", "unfold", "4", `$`)
	furnitureTeaser = anchored("furniture.txt", "teaser", "2", `\s*[:：|»›→]`)
	sponsorLead     = anchored("furniture.txt", "sponsor", "4", `(?:\s+[\pL\d'’&.]+){0,4}\s*[:：|–—\])]`)
	meterOpening    = anchored("furniture.txt", "meter", "8", "")

	clock = lazily(`(?i)^(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:[:.][0-5]\d)?(?:h|am|pm)?$|^\d{1,2}(?:am|pm|h)$`)

	// "1,204 shares", "12 people are reading this", "4 min read", "Shared 31 times".
	counter = lazily(`(?i)^(?:(?:over|about|more than|nearly)\s+)?\d[\d.,\s]*[km]?\+?\s+(?:` +
		`(?:other\s+)?(?:people|readers|users|visitors|subscribers|others)(?:\s+(?:are|have|is|were|now|currently|like|liked|read|reading|viewing|watching|shared|commented).{0,60})?|` +
		`(?:reading|watching|viewing|online)(?:\s+(?:now|this|it|along))*|` +
		`shares?|comments?|views?|likes?|reads?|reactions?|retweets?|reposts?|followers|readers?|times|responses|replies|votes|claps|bookmarks|` +
		`(?:new\s+)?(?:shares?|comments?|views?|likes?|reactions?)(?:\s+(?:so far|today|now|this hour))?|` +
		`(?:-?\s*)?min(?:ute)?s?\.?\s+(?:read|reading|listen|watch)(?:ing)?(?:\s+time)?|` +
		`(?:kommentare?|aufrufe|leser(?:\s+gerade\s+online)?|mal\s+geteilt|min(?:uten)?\.?\s+lesezeit|commentaires?|partages?|vues|min(?:utes)?\s+de\s+lecture|comentarios?|compartidos|lecturas|min(?:utos)?\s+de\s+(?:lectura|leitura)|comentários?|partilhas|visualizações|commenti|condivisioni|min(?:uti)?\s+di\s+lettura|reacties|kommentarer|delningar|minuter?s?\s+l[äæ]s\w*|komentarzy|комментари\w*|просмотр\w*|yorum|条评论|次阅读|件のコメント)` +
		`)[\s.!]*$`)
	counterAfter = lazily(`(?i)^(?:shares?|comments?|views?|likes?|reads?|reading time|time to read|read time|viewed|shared|read by|watched by|seen by|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|leestijd|lästid|kommentare|commentaires|comentarios|commenti|visningar)\s*[:(]?\s*\d[\d.,\s]*[km]?\)?\s*(?:times|people|readers|min(?:ute|uto|uti|uten|uter|uut)?[a-z]*\.?)?\s*$`)
	counterDense = lazily(`^(?:共|已有|有)?\s*[\d,.]+\s*[万萬kK]?\+?\s*(?:(?:次|人|个|個|位|条|條|則|则|件の|回)?(?:阅读|閱讀|浏览|瀏覽|分享|转发|轉發|评论|評論|点赞|點讚|赞|讚|收藏|观看|觀看|播放|参与|参加|在看|コメント|シェア|いいね|ビュー)|(?:개의\s*)?(?:댓글|공유|조회|추천))\s*$|^(?:阅读|閱讀|浏览|瀏覽|点击|評論|评论|分享|人气|人氣|댓글|조회수|閲覧数)\s*(?:量|数|數)?\s*[:：(（]?\s*[\d,.]+\s*[万萬]?[)）]?\s*$`)
	counterRight = lazily(`^[\d٠-٩,.٬]+\s*(?:ألف\s+)?(?:مشاهدة|مشاهدات|مشاركة|مشاركات|تعليق|تعليقا|تعليقات|قراءة|قراءات|زيارة|إعجاب|صفحه|بازدید|نظر|דעות|תגובות|שיתופים|צפיות)\s*$|^(?:المشاهدات|مشاهدات|التعليقات|تعليقات|المشاركات|عدد القراءات|تعليقات القراء)\s*[:(]?\s*[\d٠-٩,.٬]+\)?\s*$`)
	readingNow   = lazily(`(?i)^(?:join(?:ed)?\s+(?:by\s+)?)?\d[\d.,]*\s+(?:people|readers|users|visitors)\b.{0,80}\b(?:now|reading|watching|viewing|online|following)\b.{0,40}$`)
	agoNoSpaces  = lazily(`^\PL{0,3}(?:更新[于於]?\s*)?\d+\s*(?:秒|秒钟|分|分钟|分鐘|小时|小時|時間|天|日|週間|周|か月|個月|个月|年)(?:以)?前$|^\d+\s*(?:초|분|시간|일|주|개월)\s*전$|^(?:منذ|قبل)(?:\s+\S+){1,3}$|^לפני(?:\s+\S+){1,3}$|^刚刚$|^剛剛$|^たった今$|^방금$`)
	metering     = lazily(`(?i)^(?:you|you've|you’ve|this is your|your)\b.{0,60}\b(?:free|remaining|left|last|limit)\b.{0,40}\b(?:articles?|stor(?:y|ies)|reads?)\b|^\d+\s+(?:of\s+\d+\s+)?(?:free\s+)?articles?\s+(?:left|remaining|read)\b|^(?:you have|you've|you’ve)\s+(?:read\s+)?\S+\s+(?:of\s+\S+\s+)?(?:free\s+)?articles?\b`)
	followLine   = lazily(`(?i)^(?:follow|find|like|join)\s+(?:us|the\s+\S+|@?\S+(?:\s+\S+)?)\s+on\s+(?:twitter|x|facebook|instagram|threads|bluesky|mastodon|youtube|linkedin|tiktok|whatsapp|telegram|google news|flipboard|apple news|social media)\b.{0,60}$|^(?:share|tweet|pin|post|e-?mail|whatsapp|facebook|twitter|x|linkedin|reddit|copy link|print|save|bookmark|telegram|bluesky|threads|messenger|pinterest|flipboard)(?:[\s,|·•/&+]+(?:this|on|via|to|and|or|share|tweet|pin|post|e-?mail|whatsapp|facebook|twitter|x|linkedin|reddit|copy|link|print|save|bookmark|telegram|bluesky|threads|messenger|pinterest|flipboard|article|story))*$`)
)

// counted are the first words of what counters count, as far as they are in ASCII:
// those of the patterns counter and readingNow.
var counted = map[string]bool{
	"other": true, "people": true, "readers": true, "users": true, "visitors": true, "subscribers": true, "others": true,
	"reading": true, "watching": true, "viewing": true, "online": true,
	"share": true, "shares": true, "comment": true, "comments": true, "view": true, "views": true, "like": true, "likes": true,
	"read": true, "reads": true, "reaction": true, "reactions": true, "retweet": true, "retweets": true, "repost": true, "reposts": true,
	"followers": true, "reader": true, "times": true, "responses": true, "replies": true, "votes": true, "claps": true, "bookmarks": true, "new": true,
	"min": true, "mins": true, "minute": true, "minutes": true, "minuten": true, "minutos": true, "minuti": true, "minuter": true,
	"kommentar": true, "kommentare": true, "kommentarer": true, "aufrufe": true, "leser": true, "mal": true, "commentaire": true, "commentaires": true, "partage": true, "partages": true, "vues": true,
	"comentario": true, "comentarios": true, "compartidos": true, "lecturas": true, "partilhas": true, "commenti": true, "condivisioni": true,
	"reacties": true, "delningar": true, "komentarzy": true, "yorum": true,
}

// isNote reports whether a line opens as a correction, clarification, update or
// editor's note. Lead is its first words in bold or italics, if it opens so.
func isNote(line, lead string) bool {
	line = opened(line)
	if noteOpening.match(line) {
		return true
	}
	if lead != "" && isNoteLabel(lead) {
		return true
	}
	label := noteLabel.find(line)
	if label == "" {
		return false
	}
	rest := line[len(label):]
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) || unicode.IsDigit(r) {
		return false
	}
	after := withoutDate(rest)
	dated := hasDigit(rest[:len(rest)-len(after)])
	after = strings.TrimSpace(strings.TrimLeft(after, ",() \u00a0"))
	switch {
	case after == "":
		return true
	case strings.ContainsRune(":：—–|.]】)", firstRune(after)):
		return true
	case strings.HasPrefix(after, "- ") || strings.HasPrefix(after, "-- "):
		return true
	}
	return dated
}

// isNoteLabel reports whether a line is the name of a note alone, a date allowed.
func isNoteLabel(line string) bool {
	line = opened(line)
	label := noteLabel.find(line)
	if label == "" {
		return false
	}
	rest := strings.TrimFunc(withoutDate(line[len(label):]), func(r rune) bool { return !unicode.IsLetter(r) })
	return rest == ""
}

// opened returns the beginning of a line without the brackets, bullets and
// quotation marks it opens with: enough for the lexicon to see.
func opened(line string) string {
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return clipped(line, 240)
}

// clipped returns at most n bytes of s, cut between two characters.
func clipped(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// withoutDate returns s from the first word on that is no part of a date.
func withoutDate(s string) string {
	for {
		trimmed := strings.TrimLeft(s, " ,()/.\n\u00a0")
		word := firstWord(trimmed)
		if word == "" || !dateToken(word) {
			return s
		}
		s = trimmed[len(word):]
	}
}

// firstWord returns the letters, digits and the marks within them (15:10, a.m)
// that s begins with.
func firstWord(s string) string {
	end := 0
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			end = i + utf8.RuneLen(r)
			continue
		}
		if end == i && i > 0 && strings.ContainsRune(":.'’/-", r) {
			continue
		}
		break
	}
	return s[:end]
}

// mayBeClock reports whether a word begins as a time of day does: with an hour of
// one or two figures and what follows it.
func mayBeClock(word string) bool {
	hour := 0
	for hour < len(word) && '0' <= word[hour] && word[hour] <= '9' {
		hour++
	}
	return (hour == 1 || hour == 2) && hour < len(word) && strings.IndexByte(":.hap", word[hour]) >= 0
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			return true
		}
	}
	return false
}

func dateToken(word string) bool {
	if len(word) > 40 {
		return false
	}
	if hasDigit(word) {
		trimmed := strings.TrimRightFunc(word, unicode.IsLetter)
		suffix := word[len(trimmed):]
		return len(suffix) <= 4
	}
	return dateWords[strings.ToLower(strings.Trim(word, "."))]
}

// A stampKind says what a line of date and time is.
type stampKind int

const (
	noStamp  stampKind = iota
	bareDate           // a date alone, which may be an article's own words
	stamped            // a time of day, a relative time, or a date said to be of the article
)

// dateLine tells a line that holds nothing but date and time, in whole.
func dateLine(line string) stampKind {
	if len(line) > 160 || line == "" {
		return noStamp
	}
	if mayBeAgo(line) && agoNoSpaces.MatchString(line) {
		return stamped
	}
	var d dating
	if d.read(line) != "" {
		return noStamp
	}
	switch {
	case d.runs(), d.befores > 1:
		return stamped
	case d.stamps > 0 && d.digits > 0:
		return stamped
	case d.digits > 0 && !strings.HasSuffix(line, "."):
		return bareDate
	}
	return noStamp
}

// mayBeAgo reports whether a line begins or ends with a character that a relative
// time in a script without spaces or from right to left does.
func mayBeAgo(line string) bool {
	switch lastRune(line) {
	case '前', '전', '刚', '剛', '今', '금':
		return line[0] != ' '
	}
	switch firstRune(line) {
	case 'م', 'ق', 'ל':
		return true
	}
	return false
}

// A dating counts the words of a line that are of date and time.
type dating struct{ stamps, befores, units, digits, clocks int }

// runs reports whether the words are of a time that moves on: a relative one, or
// one of the day.
func (d *dating) runs() bool { return d.befores > 0 && d.units > 0 || d.clocks > 0 }

// read counts up to the first word that is of neither and returns the line from
// there on.
func (d *dating) read(line string) (rest string) {
	for rest = line; ; {
		rest = strings.TrimLeftFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		word := firstWord(rest)
		if word == "" {
			return ""
		}
		if !d.count(strings.Trim(word, ".")) {
			return rest
		}
		rest = rest[len(word):]
	}
}

// count counts a word and reports whether it is of date or time.
func (d *dating) count(word string) bool {
	if hasDigit(word) {
		switch plain := strings.ToLower(word); {
		case mayBeClock(plain) && clock.MatchString(plain):
			d.clocks++
			return true
		case dateToken(plain):
			d.digits++
			return true
		}
	}
	switch timely.of(word) {
	case ofStamp:
		d.stamps++
	case ofBefore:
		d.befores++
	case ofUnit:
		d.units++
	case ofDate:
	default:
		return false
	}
	return true
}

// A timeKind says what a word of date and time is.
type timeKind int

const (
	ofNone   timeKind = iota
	ofDate            // part of a date
	ofUnit            // a unit of time
	ofBefore          // says that a time is past
	ofStamp           // says that a date is of the article
)

// timeWords are the words of date and time, in lower case.
type timeWords map[string]timeKind

// timely holds each word under the last of its kinds.
var timely = func() timeWords {
	words := timeWords{}
	for kind, set := range []map[string]bool{ofDate: dateWords, ofUnit: unitWords, ofBefore: beforeWords, ofStamp: stampWords} {
		for word := range set {
			words[word] = timeKind(kind)
		}
	}
	return words
}()

// of returns what a word is.
func (w timeWords) of(word string) timeKind {
	var key [maxKey]byte
	if n := plainKey(word, &key); n == len(word) {
		return w[string(key[:n])]
	}
	return w[strings.ToLower(word)]
}

// postedBy reports whether a line says how long ago, or at what time of the day,
// the article was published or changed, and by whom.
func postedBy(line string) bool {
	if len(line) > 160 || !stampWords[firstKey(line)] {
		return false
	}
	var d dating
	rest := d.read(line)
	if !d.runs() {
		return false
	}
	by := firstWord(rest)
	if byWords[strings.ToLower(by)] {
		rest = strings.TrimSpace(rest[len(by):])
	}
	return wordCount(rest) <= 5 && !isSentence(line) && allCapital(rest)
}

// allCapital reports whether every word begins with a capital, as names do.
func allCapital(line string) bool {
	for word := range strings.FieldsSeq(line) {
		if r := firstRune(word); unicode.IsLetter(r) && !unicode.IsUpper(r) && !byWords[word] && word != "and" {
			return false
		}
	}
	return true
}

// teases reports whether a line announces another story and is no sentence:
// "Read next: Town band wins cup".
func teases(line string) bool {
	return len(line) <= 200 && furnitureTeaser.match(opened(line)) && wordCount(line) <= 20 && !isSentence(line)
}

// isCounter reports whether a line does nothing but count readers, shares,
// comments or minutes.
func isCounter(line string) bool {
	if len(line) > 160 || !strings.ContainsFunc(line, isFigure) {
		return false
	}
	if strings.ContainsFunc(line, isEastern) && (counterDense.MatchString(line) || counterRight.MatchString(line)) {
		return true
	}
	if line[0] >= '0' && line[0] <= '9' {
		return mayCount(line) && (counter.MatchString(line) || readingNow.MatchString(line))
	}
	switch firstKey(line) {
	case "over", "about", "more", "nearly", "join", "joined":
		return counter.MatchString(line) || readingNow.MatchString(line)
	}
	return counterName(firstKey(line)) && counterAfter.MatchString(line)
}

// mayCount reports whether the first word after the figure that a line begins with
// is one that counters count in, or may be where the line is not in ASCII: the
// patterns for them take long on the lines of tables and lists of contents.
func mayCount(line string) bool {
	if !isASCII([]byte(line)) {
		return true
	}
	rest := strings.TrimLeft(line, "0123456789., \t\n\f\r")
	if unit := strings.TrimLeft(rest, "kKmM"); len(rest)-len(unit) == 1 && (unit == "" || strings.IndexByte("+ \t\n\f\r", unit[0]) >= 0) {
		rest = unit
	}
	rest = strings.TrimLeft(rest, "+- \t\n\f\r")
	end := 0
	for end < len(rest) && 'a' <= rest[end]|0x20 && rest[end]|0x20 <= 'z' {
		end++
	}
	return counted[strings.ToLower(rest[:end])]
}

// isEastern reports whether a character may be of Hebrew, Arabic, or a script of East
// Asia.
func isEastern(r rune) bool { return 0x590 <= r && r < 0x780 || r >= 0x2E80 }

// counterName reports whether a word opens a counter: "Comments (3)".
func counterName(word string) bool {
	switch word {
	case "share", "shares", "comment", "comments", "view", "views", "like", "likes", "read", "reads", "reading", "time", "viewed", "shared", "watched", "seen",
		"lesezeit", "temps", "tiempo", "tempo", "leestijd", "lästid", "kommentare", "commentaires", "comentarios", "commenti", "visningar":
		return true
	}
	return false
}

// bareTitle returns a line without the marks around it, for the lexicon.
func bareTitle(line string) string {
	return strings.TrimFunc(clipped(line, 120), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// isBoxTitle reports whether a line is the heading of a box of furniture, and
// whether the box is one of readers' comments.
func isBoxTitle(line string) (box, talk bool) {
	line = bareTitle(line)
	talk = furnitureTalk.match(line) || furnitureTalk.match(strings.TrimLeft(line, "0123456789., \u00a0")) // "3 Comments"
	return talk || furnitureTitle.match(line), talk
}

// isFurnitureTitle reports whether a line is the heading of a box that is not
// part of the article, or a label of the site's own.
func isFurnitureTitle(line string) bool {
	box, _ := isBoxTitle(line)
	return box || furnitureLabel.match(bareTitle(line))
}

// A lineKey is what the reason of a line rests on.
type lineKey struct {
	line   string
	linked float64
}

// lineWhy is furnitureLine, which is asked of the same line as part of a box and by
// itself.
func (p *page) lineWhy(line string, linked float64) string {
	if len(line) > 400 {
		return furnitureLine(line, linked)
	}
	key := lineKey{line, linked}
	why, known := p.whys[key]
	if !known {
		why = furnitureLine(line, linked)
		p.whys[key] = why
	}
	return why
}

// furnitureLine says why a line by itself is furniture; empty if it is not.
// Linked is the share of its characters that are links.
func furnitureLine(line string, linked float64) string {
	if line == "" {
		return ""
	}
	stamp := dateLine(line)
	if stamp == stamped {
		return "date or relative time"
	}
	short := len(line) <= 160
	switch {
	case stamp == noStamp && len(line) <= 400 && strings.ContainsFunc(line, isFigure) && countsAll(line):
		return "counter"
	case len(line) <= 120 && isFurnitureTitle(line) && !(linked < 0.5 && isSentence(line)):
		return "furniture by its words"
	case short && followWord(line) && followLine.MatchString(line):
		return "share or follow"
	case len(line) <= 400 && sponsorLead.match(opened(clipped(line, 120))):
		return "sponsored"
	case len(line) <= 300 && meters(line):
		return "meter"
	case len(line) <= 300 && linked >= 0.4 && furnitureLead.match(opened(line)):
		return "points elsewhere"
	case len(line) <= 300 && linked >= 0.25 && furnitureLeadIn.match(opened(line)):
		return "points elsewhere"
	case len(line) <= 240 || linked > 0 && len(line) <= 400:
		if count := appeals(line); count >= 3 && len(line) <= 240 || count >= 2 && linked > 0 {
			return "appeal"
		}
	}
	return ""
}

// isFigure reports whether a character is a digit that counters are written in,
// Latin or Arabic.
func isFigure(r rune) bool { return '0' <= r && r <= '9' || '٠' <= r && r <= '٩' }

// countsAll reports whether a line that is no date in whole is made of counters, with
// dates between them.
func countsAll(line string) bool {
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == '|' || r == '·' || r == '•' || r == '\n' }) {
		if part = strings.TrimSpace(part); !isCounter(part) && dateLine(part) == noStamp {
			return false
		}
	}
	return true
}

// isSentence reports whether a line of four words or more ends as a sentence.
func isSentence(line string) bool {
	return strings.ContainsRune(".。", lastRune(line)) && wordCount(line) > 3
}

// meters reports whether a line counts the articles that a reader has left.
func meters(line string) bool {
	if hasDigit(line) && meterOpening.match(line) {
		return true
	}
	return mayMeter(line) && metering.MatchString(line)
}

// mayMeter reports whether a line begins as those do that count articles: with "you",
// or with a figure and the first letter of what follows it.
func mayMeter(line string) bool {
	if len(line) >= 3 && lower(line[0]) == 'y' {
		return lower(line[1]) == 'o' && lower(line[2]) == 'u'
	}
	rest := strings.TrimLeft(line, "0123456789")
	if len(rest) == len(line) {
		return false
	}
	rest = strings.TrimLeft(rest, " \t\n\f\r")
	return rest != "" && strings.IndexByte("oOfFaA", rest[0]) >= 0
}

// followWord reports whether a line begins as those about sharing do.
func followWord(line string) bool {
	switch firstKey(line) {
	case "follow", "find", "like", "join", "share", "tweet", "pin", "post", "e", "email", "whatsapp", "facebook", "twitter", "x", "linkedin",
		"reddit", "copy", "print", "save", "bookmark", "telegram", "bluesky", "threads", "messenger", "pinterest", "flipboard":
		return true
	}
	return false
}
