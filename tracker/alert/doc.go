// Package alert tells people of changes: it takes what rules choose to where
// they say, by e-mail, signed webhook or chat service.
//
// Rules and channels come from the configuration; see settings.go for what can
// be written there, rule.go for what a rule chooses. What is to be told lies in
// an outbox in the store, where it was put in the change's own transaction
// (outbox.go); a [Courier] takes it from there, once and again until it was
// delivered or a day has passed (courier.go). A message is at the receiver at
// least once, with a key by which a second copy is known.
//
// The package draws nothing: what a message says is made by a [Draw] when it is
// sent, so that a change that was withdrawn meanwhile is not told. What a page
// holds is never executed as a template, and never read as markup, a header or a
// mention; escape.go sees to the latter for chat services.
package alert
