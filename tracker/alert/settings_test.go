package alert_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"storydiff/tracker/alert"
)

const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// settings reads a configuration as the program does.
func settings(t *testing.T, text string) (*alert.Settings, error) {
	t.Helper()
	file := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"SECRET": secret, "PASSWORD": "pass word"}
	return alert.NewSettings(file["alerts"], file["channels"], func(name string) string { return env[name] })
}

const channels = `
channels:
  desk: {email: {host: smtp.example.org, from: Desk <desk@example.org>, to: [a@example.org, b@example.org], username: desk, password: $PASSWORD}}
  bot: {webhook: {url: "https://bot.example.org/hook/token-of-ours", secret: "${SECRET}"}}
  room: {chat: "discord://a-secret-token@123456789"}
`

func TestSettings(t *testing.T) {
	s, err := settings(t, channels+`
alerts:
  - {name: all, to: desk}
  - {name: some, to: [bot, room, bot], digest: 1d, at: "07:30", when: {tags: x, kinds: [number], disclosure: [silent], significance: notable, outlets: Example.com, events: [change, gone]}}
  - {name: gone, to: room, when: {events: gone}, digest: 90m}`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.Rules {
		got = append(got, r.Name+": "+r.String()+" to "+strings.Join(r.To, "+")+" "+r.Digest.String()+" "+r.At.String())
	}
	want := `all: changes to desk 0s 0s
some: silent changes of number from significance 25, gone; tagged x; of example.com to bot+room 24h0m0s 7h30m0s
gone: gone to room 1h30m0s 0s`
	if said := strings.Join(got, "\n"); said != want {
		t.Errorf("rules\n%s\nwant\n%s", said, want)
	}
	got = nil
	for _, c := range s.Channels {
		got = append(got, c.Name+" "+c.Kind+" "+c.Where)
	}
	want = "bot webhook https://bot.example.org\ndesk email <a@example.org>, <b@example.org> through smtp.example.org\nroom chat discord"
	if said := strings.Join(got, "\n"); said != want {
		t.Errorf("channels\n%s\nwant\n%s", said, want)
	}
}

// A value that begins with two $ begins with one, and is no variable's.
func TestSettingsDollar(t *testing.T) {
	s, err := settings(t, `channels: {x: {email: {host: $$PASSWORD, from: a@b.example, to: a@b.example}}}`)
	if err != nil || s.Channels[0].Where != "<a@b.example> through $PASSWORD" {
		t.Errorf("%+v, %v; want the host $PASSWORD", s, err)
	}
}

// There is a bound to how many rules and channels there may be.
func TestSettingsBounded(t *testing.T) {
	var rules []any
	many := map[string]any{}
	for i := range 10_001 {
		many[fmt.Sprint("c", i)] = map[string]any{"chat": "gotify://host.example/token"}
		if i <= 1000 {
			rules = append(rules, map[string]any{"name": fmt.Sprint("r", i), "to": "c0"})
		}
	}
	if _, err := alert.NewSettings(nil, many, nil); err == nil || !strings.Contains(err.Error(), "at most 10000") {
		t.Errorf("10,001 channels: %v", err)
	}
	one := map[string]any{"c0": many["c0"]}
	if _, err := alert.NewSettings(rules, one, nil); err == nil || !strings.Contains(err.Error(), "at most 1000") {
		t.Errorf("1,001 rules: %v", err)
	}
	if s, err := alert.NewSettings(rules[:1000], one, nil); err != nil || len(s.Rules) != 1000 {
		t.Errorf("1,000 rules: %v", err)
	}
}

// What is wrong is one sentence that names the setting, and repeats no secret.
func TestSettingsRefused(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`alerts: {a: b}`, "alerts: want a list of rules"},
		{`alerts: [x]`, "alerts: rule 1: want settings, such as name: …"},
		{`alerts: [{to: desk}]`, "alerts: rule 1: it has no name"},
		{`alerts: [{name: x, too: desk}]`, `alerts: rule 1: no setting is called "too": there are name, when, to, digest and at`},
		{`alerts: [{name: x}]`, `alerts: "x": it goes nowhere: say to: and the name of a channel`},
		{`alerts: [{name: x, to: dsk}]`, `alerts: "x": to: no channel is called "dsk": there are bot, desk and room`},
		{`alerts: [{name: x, to: []}]`, `alerts: "x": to: the list is empty`},
		{`alerts: [{name: x, to: desk}, {name: x, to: bot}]`, `alerts: two rules are called "x"`},
		{`alerts: [{name: "a\u202eb", to: desk}]`, `alerts: rule 1: name: "a\u202eb": a name has`},
		{`alerts: [{name: x, to: desk, digest: 1y}]`, `alerts: "x": digest: "1y": want a period from 1m to 4w`},
		{`alerts: [{name: x, to: desk, digest: 0h}]`, `alerts: "x": digest: "0h": want a period`},
		{`alerts: [{name: x, to: desk, digest: 1h, at: "07:30"}]`, `alerts: "x": at: a time of day goes with digest: 1d`},
		{`alerts: [{name: x, to: desk, digest: 1d, at: "25:00"}]`, `alerts: "x": at: "25:00": want a time of day`},
		{`alerts: [{name: x, to: desk, when: {kinds: [number, hedline]}}]`, `alerts: "x": when: kinds: "hedline" is none of headline,`},
		{`alerts: [{name: x, to: desk, when: {disclosure: loud}}]`, `alerts: "x": when: disclosure: "loud" is none of noted, stamped and silent`},
		{`alerts: [{name: x, to: desk, when: {significance: 101}}]`, `alerts: "x": when: significance: want major, notable, minor or a number`},
		{`alerts: [{name: x, to: desk, when: {outlets: "https://example.com"}}]`, `alerts: "x": when: outlets: "https://example.com": an outlet is a domain`},
		{`alerts: [{name: x, to: desk, when: {events: gone, kinds: number}}]`, `alerts: "x": when: kinds, disclosure and significance are of changes`},
		{`channels: [x]`, "channels: want channels by name"},
		{`channels: {x: {sms: 1}}`, `channels: x: no setting is called "sms": there are email, webhook and chat`},
		{`channels: {x: {chat: "gotify://h/t", email: {}}}`, "channels: x: want one of email, webhook and chat"},
		{`channels: {x: {webhook: {url: "https://e.example/"}}}`, "channels: x: webhook: it has no secret"},
		{`channels: {x: {webhook: {url: "ftp://token-of-ours/", secret: $SECRET}}}`, "channels: x: webhook: url: want an address that begins with https://"},
		{`channels: {x: {webhook: {url: "https://e.example/", secret: token-of-ours}}}`, "channels: x: webhook: secret: want whsec_ and behind it 24 to 64 random bytes"},
		{`channels: {x: {webhook: {url: "https://e.example/", secret: $NONE}}}`, "channels: x: webhook: secret: the environment has no variable NONE"},
		{`channels: {x: {webhook: {url: "https://e.example/", secret: "${SECRET"}}}`, "channels: x: webhook: secret: want $NAME or ${NAME}"},
		{`channels: {x: {email: {host: h, from: nobody, to: a@b.example}}}`, `channels: x: email: from: "nobody": want an address`},
		{`channels: {x: {email: {host: h, from: "a@b.example\r\nBcc: c@d.example", to: a@b.example}}}`, "channels: x: email: from: want one line of text"},
		{`channels: {x: {email: {host: h, from: a@b.example, to: a@b.example, tls: some}}}`, `channels: x: email: tls: "some" is none of starttls, tls and none`},
		{`channels: {x: {email: {host: h, from: a@b.example, to: a@b.example, username: u}}}`, "channels: x: email: username and password go together"},
		{`channels: {x: {email: {host: h, from: a@b.example, to: a@b.example, port: 0}}}`, `channels: x: email: port: "0": want a whole number from 1 to 65535`},
		{`channels: {x: {chat: "carrier://pigeon"}}`, `channels: x: chat: "carrier" is none of shoutrrr's services`},
		{`channels: {x: {chat: "smtp://u:token-of-ours@h/"}}`, "channels: x: chat: e-mail has a kind of channel of its own"},
		{`channels: {x: {chat: "telegram://token-of-ours"}}`, "channels: x: chat: telegram"},
	} {
		text := tt.text
		if strings.HasPrefix(text, "alerts") {
			text += channels
		}
		_, err := settings(t, text)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "token-of-ours") {
			t.Errorf("%s: %v, want %s", tt.text, err, tt.want)
		}
	}
}
