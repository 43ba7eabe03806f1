//go:build race

package extract_test

// slowdown is how much slower the race detector may make a test.
const slowdown = 8
