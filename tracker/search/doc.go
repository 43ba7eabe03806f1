// Package search cuts texts into the words by which they are found again, and
// reads what a person asks for.
//
// Words of scripts with spaces are found as they are written, but for upper and
// lower case, accents and other signs above and below letters, typographic
// forms, and characters that nobody sees. Chinese, Japanese, Korean, Thai, Lao,
// Khmer and Burmese are indexed by every two characters in a row, so that any
// two or more characters are found wherever they stand together: where the words
// of a line begin and end need not be known. Of made-up texts that costs about 3.5
// bytes of index for each byte, and 0.8 to 1 byte where words have spaces between
// them.
//
// Read words.go first: texts and questions are cut by the same hand. The package
// has never seen a database.
package search
