package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// Bounds of a configuration.
const (
	maxRules    = 1_000
	maxChannels = 10_000
)

// Settings are the rules and channels of a configuration. The zero value tells
// nobody anything.
type Settings struct {
	Rules    []Rule
	Channels []Channel // by name
}

// NewSettings reads what stands under "alerts" and under "channels" in the
// configuration; nil: nothing does. A value of a channel that is $NAME or
// ${NAME} as a whole is taken from the environment, and one that begins with $$
// has one $ less.
//
// An error is one sentence that names the setting.
func NewSettings(alerts, channels any, getenv func(string) string) (*Settings, error) {
	s := &Settings{}
	if err := s.addChannels(node{"channels", channels}, getenv); err != nil {
		return nil, err
	}
	return s, s.addRules(node{"alerts", alerts})
}

func (s *Settings) addChannels(n node, getenv func(string) string) error {
	if n.value == nil {
		return nil
	}
	all, ok := n.value.(map[string]any)
	if !ok {
		return n.fail("want channels by name, such as desk: {webhook: {url: https://…, secret: $NAME}}")
	}
	if len(all) > maxChannels {
		return n.fail("there are %d, at most %d are possible", len(all), maxChannels)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		at := node{"channels: " + name, all[name]}
		if err := checkName(at, name); err != nil {
			return err
		}
		c, err := newChannel(name, at, getenv)
		if err != nil {
			return err
		}
		s.Channels = append(s.Channels, c)
	}
	return nil
}

// checkName refuses a name that could not be written on a command line or in a
// message.
func checkName(n node, name string) error {
	if name == "" || len(name) > 64 || name != strings.TrimSpace(name) || strings.ContainsFunc(name, func(r rune) bool { return !visible(r) }) {
		return n.fail("%q: a name has 1 to 64 bytes that can be seen", name)
	}
	return nil
}

// Channel returns the channel of a name.
func (s *Settings) Channel(name string) (Channel, bool) {
	i, ok := slices.BinarySearchFunc(s.Channels, name, func(c Channel, name string) int { return strings.Compare(c.Name, name) })
	if !ok {
		return Channel{}, false
	}
	return s.Channels[i], true
}

func (s *Settings) addRules(n node) error {
	if n.value == nil {
		return nil
	}
	all, ok := n.value.([]any)
	if !ok {
		return n.fail("want a list of rules, such as - {name: silent edits, when: {disclosure: silent}, to: desk}")
	}
	if len(all) > maxRules {
		return n.fail("there are %d, at most %d are possible", len(all), maxRules)
	}
	names := map[string]bool{}
	for i, value := range all {
		r, err := s.newRule(node{fmt.Sprintf("alerts: rule %d", i+1), value})
		if err != nil {
			return err
		}
		if names[r.Name] {
			return n.fail("two rules are called %q", r.Name)
		}
		names[r.Name] = true
		s.Rules = append(s.Rules, r)
	}
	return nil
}

func (s *Settings) newRule(n node) (Rule, error) {
	f, err := n.fields("name", "when", "to", "digest", "at")
	if err != nil {
		return Rule{}, err
	}
	name, ok := f["name"]
	if !ok {
		return Rule{}, n.fail("it has no name")
	}
	r := Rule{}
	if r.Name, err = name.text(); err != nil {
		return r, err
	}
	if err := checkName(name, r.Name); err != nil {
		return r, err
	}
	path := fmt.Sprintf("alerts: %q", r.Name)
	for key := range f {
		f[key] = node{path + ": " + key, f[key].value}
	}
	if r.To, err = s.receivers(node{path, nil}, f["to"]); err != nil {
		return r, err
	}
	if err := r.setDigest(f["digest"], f["at"]); err != nil {
		return r, err
	}
	return r, r.setWhen(f["when"])
}

func (s *Settings) receivers(rule, to node) ([]string, error) {
	if to.value == nil {
		return nil, rule.fail("it goes nowhere: say to: and the name of a channel")
	}
	names, err := to.texts()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, ok := s.Channel(name); !ok {
			return nil, to.fail("no channel is called %q: %s", name, s.known())
		}
	}
	return names, nil
}

// known says which channels there are.
func (s *Settings) known() string {
	if len(s.Channels) == 0 {
		return "there is none under channels:"
	}
	var names []string
	for _, c := range s.Channels[:min(len(s.Channels), 10)] {
		names = append(names, c.Name)
	}
	if len(s.Channels) > len(names) {
		names = append(names, fmt.Sprintf("%d more", len(s.Channels)-len(names)))
	}
	return "there are " + listed(names, "and")
}

func (r *Rule) setDigest(digest, at node) (err error) {
	if digest.value == nil {
		if at.value != nil {
			return at.fail("a time of day goes with digest: 1d or a longer one")
		}
		return nil
	}
	if r.Digest, err = digest.period(); err != nil || at.value == nil {
		return err
	}
	if r.At, err = at.clock(); err == nil && r.Digest%day != 0 {
		err = at.fail("a time of day goes with digest: 1d or a longer one")
	}
	return err
}

func (r *Rule) setWhen(n node) error {
	r.Changes = true
	if n.value == nil {
		return nil
	}
	f, err := n.fields("tags", "outlets", "kinds", "disclosure", "significance", "events")
	if err != nil {
		return err
	}
	for key, n := range f {
		switch key {
		case "tags":
			r.Tags, err = n.texts()
		case "outlets":
			err = r.setOutlets(n)
		case "kinds":
			r.Kinds, err = oneOf(n, revision.Kinds())
		case "disclosure":
			r.Disclosure, err = oneOf(n, []revision.Disclosure{revision.Noted, revision.Stamped, revision.Silent})
		case "significance":
			r.Significance, err = leastSignificance(n)
		case "events":
			err = r.setEvents(n)
		}
		if err != nil {
			return err
		}
	}
	if !r.Changes && (len(r.Kinds) > 0 || len(r.Disclosure) > 0 || r.Significance > 0) {
		return n.fail("kinds, disclosure and significance are of changes, which events: leaves out: name change among them, or make two rules")
	}
	return nil
}

func (r *Rule) setOutlets(n node) error {
	names, err := n.texts()
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.ContainsAny(name, "/@ ") {
			return n.fail("%q: an outlet is a domain, such as example.com", name)
		}
		r.Outlets = append(r.Outlets, strings.ToLower(name))
	}
	return nil
}

// leastSignificance is a number or the name of a level.
func leastSignificance(n node) (int, error) {
	switch n.value {
	case string(revision.Major):
		return 60, nil
	case string(revision.Notable):
		return 25, nil
	case string(revision.Minor):
		return 0, nil
	}
	least, err := n.whole(0, 100)
	if err != nil {
		return 0, n.fail("want major, notable, minor or a number from 0 to 100")
	}
	return least, nil
}

// changeEvent is what a change is called where events are chosen.
const changeEvent = "change"

// eventKinds are the events that a rule may choose.
func eventKinds() []tracker.EventKind {
	return []tracker.EventKind{
		changeEvent, tracker.EventGone, tracker.EventRestored, tracker.EventBlocked, tracker.EventMissing, tracker.EventMoved, tracker.EventMerged,
	}
}

func (r *Rule) setEvents(n node) (err error) {
	if r.Events, err = oneOf(n, eventKinds()); err != nil {
		return err
	}
	r.Changes = slices.Contains(r.Events, changeEvent)
	r.Events = slices.DeleteFunc(r.Events, func(k tracker.EventKind) bool { return k == changeEvent })
	return nil
}
