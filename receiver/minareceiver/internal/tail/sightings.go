package tail

import (
	"io/fs"
	"time"
)

// sightings are when a file was first seen to be so long, the oldest first, for what
// of it is not delivered yet.
type sightings []sighting

type sighting struct {
	size int64
	at   time.Time
}

// maxSightings bounds them. What was seen within an eighth of the time of all is one
// sighting, and counts for as old as the oldest of it.
const maxSightings = 32

// saw notes that a file is so long.
func (s *sightings) saw(size int64, at time.Time) {
	if n := len(*s); n > 0 {
		first, last := (*s)[0], &(*s)[n-1]
		if size <= last.size || at.Sub(last.at) < at.Sub(first.at)/(maxSightings/2) {
			last.size = max(last.size, size)
			return
		}
	}
	if len(*s) == maxSightings {
		for i := range maxSightings / 2 {
			(*s)[i] = sighting{size: (*s)[2*i+1].size, at: (*s)[2*i].at}
		}
		*s = (*s)[:maxSightings/2]
	}
	*s = append(*s, sighting{size, at})
}

// firstSeen is when a file that has just been found had its text: what was there
// before we looked is at least as old as the file's last change.
func firstSeen(info fs.FileInfo) time.Time {
	if now := time.Now(); info.ModTime().After(now) {
		return now
	}
	return info.ModTime()
}

// since returns when the first text behind what is delivered was seen.
func (s *sightings) since(delivered int64) time.Time {
	for len(*s) > 0 && (*s)[0].size <= delivered {
		*s = append((*s)[:0], (*s)[1:]...)
	}
	if len(*s) == 0 {
		return time.Now()
	}
	return (*s)[0].at
}
