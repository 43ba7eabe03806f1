package fetch_test

import (
	"testing"
	"testing/synctest"

	"storydiff/tracker/fetch"
	"storydiff/tracker/fetch/ledgertest"
)

func TestLedger(t *testing.T) {
	for _, tt := range ledgertest.Tests() {
		t.Run(tt.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { tt.Test(t, fetch.NewLedger()) })
		})
	}
}

func TestLedgerByTheClock(t *testing.T) {
	ledgertest.Run(t, func(*testing.T) fetch.Ledger { return fetch.NewLedger() })
}
