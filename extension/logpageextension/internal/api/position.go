package api

import (
	"fmt"
	"strings"
)

// position is the last record of a page: those of a time are in order of their hashes.
// Copies says how many records with the hash there have been.
type position struct {
	at     int64
	hash   uint64
	copies int
}

const positionFormat = "%d.%x.%d"

// String returns the position as the page hands it back, or "" for none.
func (p *position) String() string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf(positionFormat, p.at, p.hash, p.copies)
}

func readPosition(text string) (*position, error) {
	if text == "" {
		return nil, nil
	}
	p := &position{}
	_, err := fmt.Sscanf(text, positionFormat, &p.at, &p.hash, &p.copies)
	if err != nil || p.copies < 0 || strings.TrimSpace(text) != p.String() {
		return nil, bad("before has to be what an earlier answer has in it.", "Begin again with the newest records.")
	}
	return p, nil
}
