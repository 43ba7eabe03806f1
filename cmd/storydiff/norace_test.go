//go:build !race

package main

// underRace says that the race detector slows the tests down.
const underRace = false
