package tracker

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// A keptSchedule is a schedule as a store keeps it.
type keptSchedule struct {
	Knob  float64            `json:"knob"`
	Least int64              `json:"least_ms"` // between two looks
	Most  int64              `json:"most_ms"`
	Hosts map[string]keptCap `json:"hosts,omitempty"` // that may have only so many looks
}

type keptCap struct {
	PerDay float64 `json:"looks_a_day"`
	Knob   float64 `json:"knob"`
}

// MarshalJSON writes a schedule for a store, all but its Random.
func (s Schedule) MarshalJSON() ([]byte, error) {
	least, most := s.Cadence.bounds()
	kept := keptSchedule{Knob: s.Cadence.knob(), Least: least.Milliseconds(), Most: most.Milliseconds(), Hosts: map[string]keptCap{}}
	for host, c := range s.caps {
		kept.Hosts[host] = keptCap{c.perDay, c.knob}
	}
	return json.Marshal(kept)
}

// UnmarshalJSON reads what MarshalJSON wrote. What no schedule can be is an error.
func (s *Schedule) UnmarshalJSON(text []byte) error {
	var kept keptSchedule
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	if !(kept.Knob > 0) || kept.Least <= 0 || kept.Most < kept.Least || kept.Most > math.MaxInt64/int64(time.Millisecond) {
		return fmt.Errorf("no schedule has a knob of %v and waits from %d to %d ms", kept.Knob, kept.Least, kept.Most)
	}
	*s = Schedule{Cadence: Cadence{Knob: kept.Knob, Least: time.Duration(kept.Least) * time.Millisecond, Most: time.Duration(kept.Most) * time.Millisecond}}
	for host, c := range kept.Hosts {
		if s.caps == nil {
			s.caps = map[string]hostCap{}
		}
		s.caps[host] = hostCap{c.PerDay, c.Knob}
	}
	return nil
}

// Unlike reports whether s comes of other settings than the usual schedule does,
// by which a host has so many looks a day at most. How much room the hosts leave
// to their articles changes by the hour and is no setting.
func (s Schedule) Unlike(usual Schedule, most float64) bool {
	least, longest := s.Cadence.bounds()
	usualLeast, usualLongest := usual.Cadence.bounds()
	if s.Cadence.knob() != usual.Cadence.knob() || least != usualLeast || longest != usualLongest {
		return true
	}
	for _, c := range s.caps {
		if c.perDay != most {
			return true
		}
	}
	return false
}
