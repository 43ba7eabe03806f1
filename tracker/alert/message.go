package alert

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Parcel is what goes to a channel as one message.
type Parcel struct {
	Channel string
	Digest  string // the rule whose digest it is; empty: it tells of one thing, at once
	Items   []Item // at least one; of a digest those of weight first
}

// A Message is a parcel as it was drawn, in all the forms that channels take.
type Message struct {
	Subject  string // one line
	Text     string
	HTML     string // a page of its own
	Chat     string // a short text without the subject; its receivers read no markup in it
	Markdown string // the same as GitHub and most chat services write it; whatever is no markup of ours in it is escaped
	JSON     []byte // for programs
}

// A Draw makes the message of a parcel. It is called when the parcel goes out,
// and again for each further attempt.
type Draw func(ctx context.Context, p Parcel) (Message, error)

// A Delivery is a message on its way to a channel.
type Delivery struct {
	Key string    // the same at every attempt; letters and digits, with an underscore behind the first three
	At  time.Time // of this attempt
	Message
}

// A Sender delivers messages to one channel. Where it returns no error the
// message was accepted. Its error holds no secret; it may be a [*Busy].
type Sender interface {
	Send(ctx context.Context, d Delivery) error
}

// A Busy is the error of a receiver that said when to try again.
type Busy struct {
	Wait time.Duration // how long to leave it alone
	err  error
}

func (b *Busy) Error() string { return b.err.Error() }

// keyOf returns the key by which a receiver knows a message that it had already.
// Numbers of notices are not given twice, and when they were written tells those
// of one database from those of another.
func keyOf(channel string, of []Pending) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00", channel)
	for _, n := range of {
		fmt.Fprintf(h, "%d:%d ", n.ID, n.Created.UnixMilli())
	}
	return "msg_" + strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil))[:26])
}

// visible reports whether a character can be seen, or is a plain space.
func visible(r rune) bool { return unicode.IsPrint(r) && r != utf8.RuneError }

// oneLine returns text as one line of at most limit characters, without what
// cannot be seen or turns text around.
func oneLine(text string, limit int) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case visible(r):
			return r
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		}
		return -1
	}, text)
	clean = strings.Join(strings.Fields(clean), " ")
	if runes := []rune(clean); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return clean
}

// maxError is the most characters of an error that are kept.
const maxError = 300

// sentence returns what an error says, without the secrets in it: what a remote
// machine said is part of it, and the address that was asked for.
func sentence(err error, secrets []string) string {
	text := err.Error()
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, "…")
	}
	return oneLine(text, maxError)
}
