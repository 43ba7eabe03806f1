package storage

import (
	"context"
	"database/sql"

	"storydiff/tracker"
)

// Probe returns what a host answered to an address that does not exist; a zero
// Probe where it was never asked.
func (db *DB) Probe(ctx context.Context, host string) (tracker.Probe, error) {
	var p tracker.Probe
	err := db.read.QueryRowContext(ctx, `
		SELECT host, at, text
		FROM probe
		WHERE host = ?`, host).Scan(&p.Host, when0(&p.At), &p.Text)
	if err == sql.ErrNoRows {
		return tracker.Probe{}, nil
	}
	return p, failed(err, "reading what %s answers to what it does not have", host)
}

// KeepProbe keeps p for its host in place of what was kept before.
func (db *DB) KeepProbe(ctx context.Context, p tracker.Probe) error {
	_, err := db.write.ExecContext(ctx, `
		INSERT INTO probe (host, at, text)
		VALUES (?1, ?2, ?3)
		ON CONFLICT (host) DO UPDATE SET at = ?2, text = ?3`, p.Host, ms0(p.At), p.Text)
	return failed(err, "keeping what %s answers to what it does not have", p.Host)
}
