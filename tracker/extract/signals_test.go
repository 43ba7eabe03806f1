package extract_test

import (
	"errors"
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// signalsOf reads a page whose text is three sentences, an end and what follows.
func signalsOf(t *testing.T, head, end, after string) extract.Signals {
	t.Helper()
	page := `<html><head><title>Ferry returns</title>` + head + `</head><body><article><h1>Ferry returns</h1>` + saltgate + end + `</article>` + after + `</body></html>`
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8"})
	if err != nil {
		t.Fatalf("Read of %s … %s: %v", end, after, err)
	}
	return story.Signals
}

// An article is paid for where its page says so, in whatever form, of itself.
func TestPaid(t *testing.T) {
	article := func(rest string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns"` + rest + `}</script>`
	}
	for _, tt := range []struct {
		name, head, body string
		want             bool
	}{
		{"nothing said", article(""), "", false},
		{"free", article(`,"isAccessibleForFree":true`), "", false},
		{"free in words", article(`,"isAccessibleForFree":"True"`), "", false},
		{"false", article(`,"isAccessibleForFree":false`), "", true},
		{"False in words", article(`,"isAccessibleForFree":"False"`), "", true},
		{"a type of schema.org", article(`,"isAccessibleForFree":"http://schema.org/False"`), "", true},
		{"a value", article(`,"isAccessibleForFree":{"@value":"false"}`), "", true},
		{"in a part", article(`,"hasPart":{"isAccessibleForFree":false,"cssSelector":".x"}`), "", true},
		{"in one of the parts", article(`,"hasPart":[{"name":"x"},{"isAccessibleForFree":"no"}]`), "", true},
		{"on the page around it", `<script type="application/ld+json">{"@graph":[{"@type":"WebPage","isAccessibleForFree":false},{"@type":"NewsArticle","headline":"Ferry returns"}]}</script>`, "", true},
		{"on another article", `<script type="application/ld+json">[{"@type":"NewsArticle","headline":"Ferry returns"},{"@type":"NewsArticle","headline":"Town band wins","isAccessibleForFree":false}]</script>`, "", false},
		{"nonsense", article(`,"isAccessibleForFree":[[]],"hasPart":[[[]]]`), "", false},
		{"microdata", "", `<meta itemprop="isAccessibleForFree" content="false">`, true},
		{"microdata in words", "", `<span itemprop="isAccessibleForFree">False</span>`, true},
		{"microdata, free", "", `<span itemprop="isAccessibleForFree" content="true">False</span>`, false},
		{"locked", `<meta property="article:content_tier" content="locked">`, "", true},
		{"free tier", `<meta property="article:content_tier" content="free">`, "", false},
	} {
		if got := signalsOf(t, tt.head, tt.body, "").Paid; got != tt.want {
			t.Errorf("%s: paid %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Words right after a text invite in the languages of the lexicon, wherever the
// page puts them; what is about a newsletter, or the story's own words, does not.
func TestInvitation(t *testing.T) {
	for _, line := range []string{
		"Subscribe to continue reading.", "To read the full story, log in.", "This article is for subscribers.", "Register to read this and five more articles a month.",
		"You’ve reached your limit of free articles.", "Log in to continue", "Create a free account to keep reading",
		"Weiterlesen mit Bote+", "Um weiterzulesen, brauchen Sie ein Abo.", "Dieser Artikel ist exklusiv für Abonnenten.",
		"Cet article est réservé aux abonnés.", "Pour lire la suite, abonnez-vous.", "Il vous reste 74 % de cet article à lire.",
		"Para seguir leyendo, hazte suscriptor.", "Contenido exclusivo para suscriptores", "Inicia sesión para continuar",
		"Per continuare a leggere, abbonati.", "Articolo riservato agli abbonati", "Assine para continuar lendo", "Conteúdo exclusivo para assinantes",
		"Log in om verder te lezen", "Dit artikel is alleen voor abonnees.", "Logga in för att läsa hela artikeln", "Endast för prenumeranter",
		"Log ind for at læse videre", "Kun for abonnenter", "Logg inn for å lese videre", "Denne saken er for abonnenter",
		"Zaloguj się, aby czytać dalej", "Artykuł tylko dla subskrybentów",
	} {
		for _, after := range []string{
			`<div class="css-1"><p>` + line + `</p></div>`,
			`<ul><li><a href="/s">Share</a></li><li><a href="/t">Save</a></li></ul><aside class="subscribe paywall"><h3>` + line + `</h3><button>OK</button></aside>`,
			strings.Repeat(`<div class="foot"><p>`+strings.Repeat("About the town and its harbour. ", 20)+`</p></div>`, 3) + `<div role="dialog" aria-modal="true"><p>` + line + `</p><button>Close</button></div>`,
		} {
			if got := signalsOf(t, "", "", after).Invitation; got != line {
				t.Errorf("after %.70q: invitation %q, want %q", after, got, line)
			}
		}
		if got := signalsOf(t, "", "<p>"+line+"</p>", "").Invitation; got != line {
			t.Errorf("at the end of the text: invitation %q, want %q", got, line)
		}
	}
	for _, after := range []string{
		"", `<p>Subscribe</p>`, `<p><a href="/login">Log in</a></p>`, `<p>Subscribe to get our newsletter in your inbox every Friday.</p>`,
		`<p>Log in to join the conversation.</p>`, `<p>Abonnez-vous à notre infolettre.</p>`, `<div hidden class="paywall"><p>Subscribe to continue reading.</p></div>`,
		`<div class="offer"><p>Unlimited access for 9 crowns. Cancel any time.</p></div>`,
	} {
		if got := signalsOf(t, "", "", after).Invitation; got != "" {
			t.Errorf("after %s: invitation %q, want none", after, got)
		}
	}
	for _, own := range []string{
		"Those who wish to know more must subscribe to read the minutes, which the board sells at cost.",
		"“Subscribe to continue,” said the sign on the pier.",
		"Nobody had to log in to read the plan, the board said, and nobody did.",
	} {
		if got := signalsOf(t, "", "<p>"+own+"</p>", "").Invitation; got != "" {
			t.Errorf("%q of the story's own: invitation %q, want none", own, got)
		}
	}
	if got := signalsOf(t, "", "", "<p>"+strings.Repeat("Subscribe to continue reading this story today. ", 12)+"</p>").Invitation; len(got) > 300 {
		t.Errorf("an invitation of %d bytes, want 300 at most", len(got))
	}
}

// A text breaks off in an ellipsis or in mid-sentence, in several scripts.
func TestBreaksOff(t *testing.T) {
	for _, end := range []string{
		"The board will meet again on Monday to decide whether the second boat…",
		"The board will meet again on Monday ...", "The board will meet again […]", "„Wir haben lange genug gewartet …“",
		"The board will meet again on Monday to decide what the second boat may cost, and who is to pay for the",
		"It met on Monday. The",
		"The board will meet again on Monday, and nobody in the town believes that it can agree,",
		"Der Rat tagt am Montag wieder. Dann soll er entscheiden, was das zweite Schiff kosten darf und wer die",
		"Le conseil se réunit lundi. Il devra dire combien le second bateau peut coûter et qui paiera pour",
		"Совет соберётся в понедельник. Он решит, сколько может стоить второй паром и кто за него",
		"理事会は月曜日に再び開かれる。二隻目の船の費用と誰が負担するかについて話し合うことになっているが、",
		"理事会星期一将再次开会。会议将决定第二艘船的费用以及由谁来承担这笔费用，同时还要讨论新码头的建设",
		"سيجتمع المجلس يوم الاثنين. وسيقرر كم يمكن أن تكلف العبارة الثانية ومن سيدفع ثمنها وما إذا كان",
	} {
		if !signalsOf(t, "", "<p>"+end+"</p>", "").BreaksOff {
			t.Errorf("%q does not break off", end)
		}
	}
	for _, end := range []string{
		"<p>The board will meet again on Monday.</p>", "<p>“Will it sail in winter?”</p>", "<p>It will sail (in summer at least.)</p>", "<p>理事会は月曜日に再び開かれる。</p>",
		"<p>परिषद सोमवार को फिर बैठेगी।</p>", "<p>คณะกรรมการจะประชุมอีกครั้งในวันจันทร์เพื่อตัดสินใจเรื่องเรือลำที่สองและค่าใช้จ่ายทั้งหมดของท่าเรือใหม่</p>",
		"<p>Marta Lindqvist</p>", "<p>By Lena Okafor in Saltgate</p>", "<p>It will sail in June. (AP)</p>", "<p>It will sail in June. – dpa</p>",
		"<p>Reporting by Lena Okafor in Rivermouth and Ilse Brandt in Northbank; editing by Per Aune</p>", "<p><em>Lena Okafor is the harbour editor of the Rivermouth Post and lives on the lower river</em></p>",
		"<h2>What the board will have to decide about the second boat on Monday and</h2>", "<ul><li>A second boat, and the money to pay for it in the coming year</li></ul>",
		"<figure><img src=x><figcaption>The second boat of the town on the lower river, in a picture taken by the</figcaption></figure>",
		"<p>The rope is wet, the rope is long<br>the other side is where I belong<br>and when I'm there I sing the song<br>of this side and the river</p>",
		"<blockquote><p>We have waited long enough for this boat and for the people who were to bring it</p></blockquote>",
		"<p>Write to us at the desk with what you know about the second boat: desk@post.example</p>",
		"<p>Lena Okafor writes about the harbour. Follow her on the net, or write to her with a question or a tip at okafor@post.com</p>",
		"<p>The board will meet again on Monday. It will have to say what the second boat may cost in 2027</p>",
		"<p>Seen at the launch: Marta Lindqvist, Henrik Aas, Ingrid Solheim, Per Aune, Ilse Brandt, Siri Dahl, Ole Brekke</p>",
		"<p>Clarification: the board will meet on Monday and not, as we wrote on Tuesday, in the</p>",
	} {
		if signalsOf(t, "", end, "").BreaksOff {
			t.Errorf("%s breaks off", end)
		}
	}
}

// A cut that the page alone shows is refused; a text that is whole is an article
// whatever the page says, and one that breaks off before nothing is one too.
func TestCuts(t *testing.T) {
	const (
		paid   = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","isAccessibleForFree":false,"hasPart":{"isAccessibleForFree":false,"cssSelector":".rest"}}</script>`
		counts = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","wordCount":"1200"}</script>`
		off    = `<p>The board will meet again on Monday to decide whether…</p>`
		whole  = `<p>The board will meet again on Monday.</p>`
		box    = `<div class="box"><p>Subscribe to continue reading this story.</p></div>`
		offer  = `<div class="box"><p>Already a subscriber? Log in.</p></div>`
	)
	long := strings.Repeat(whole, 40)
	for _, tt := range []struct {
		name, head, text, after string
		cut                     bool
	}{
		{"whole", "", whole, "", false},
		{"whole, paid for", paid, whole, "", false},
		{"whole, with an invitation", "", whole, box, false},
		{"whole, paid for, with an offer, in another part", paid, `<div class="rest">` + whole + long + `</div>`, offer, false},
		{"whole and long, paid for, with an invitation", paid, `<div class="rest">` + long + `</div>`, box, false},
		{"whole, paid for, under an overlay", paid, `<div class="rest">` + whole + `<p>It has met on every Monday since the last boat was sold.</p></div>`, `<div class="overlay">` + box + `</div>`, false},
		{"breaks off", "", off, "", false},
		{"breaks off, paid for", paid, off, "", true},
		{"breaks off, with an invitation", "", off, box, true},
		{"breaks off, with an offer", "", off, offer, true},
		{"breaks off after seven words, with an invitation", "", `<p>The board will meet again on Monday</p>`, box, true},
		{"breaks off after seven words, with an invitation of its own text", "", `<p>The board will meet again on Monday</p><p>Subscribe to continue reading this story.</p>`, "", true},
		{"ends in seven words without a mark, paid for", paid, `<p>The board will meet again on Monday</p>`, "", false},
		{"ends in seven words without a mark, with an offer", "", `<p>The board will meet again on Monday</p>`, offer, false},
		{"ends in a name, with an invitation", "", whole + `<p>Marta Lindqvist, Saltgate</p>`, box, false},
		{"ends in a line about a newsletter, with an invitation", "", whole + `<p>Get all harbour news to your inbox</p>`, box, false},
		{"breaks off, with a button", "", off, `<a class="btn" href="/s">Subscribe now</a>`, true},
		{"fades", "", `<div class="text-fade">` + whole + `</div>`, box, true},
		{"fades alone", "", `<div class="text-fade">` + whole + `</div>`, "", false},
		{"more words are counted", counts, whole, box, true},
		{"more words are counted, no invitation", counts, whole, "", false},
		{"the paid part is missing", paid, whole, offer, true},
	} {
		page := `<html><head><title>Ferry returns</title>` + tt.head + `</head><body><article><h1>Ferry returns</h1>` + saltgate + tt.text + `</article>` + tt.after + `</body></html>`
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html"})
		refusal, refused := errors.AsType[*extract.Refusal](err)
		switch {
		case refused != tt.cut:
			t.Errorf("%s: Read = %+v, %v; want it cut: %v", tt.name, story, err, tt.cut)
		case refused && refusal.Reason != "paywall":
			t.Errorf("%s: refused as %s", tt.name, refusal.Reason)
		}
	}
}
