package revision

// Kinds returns all kinds of change, in the order in which they are named.
func Kinds() []Kind {
	return []Kind{
		Headline, Standfirst, Byline, Caption, Number, Date, Name, Quote, Attribution, Negation, Hedge, Spelling, Wording,
		ParagraphAdded, ParagraphRemoved, ParagraphMoved, Correction, Link,
	}
}
