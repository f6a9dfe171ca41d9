package tail

import (
	"cmp"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A log's text says nothing about whose copy it is: two starts may print the same.
// Its name does, since whatever rotates logs only adds a number, a date or the
// ending of a compressed file.
var (
	packedEnding = regexp.MustCompile(`(?i)\.(gz|z|bz2|xz|zst)$`)
	backupEnding = regexp.MustCompile(`(?i)(\.(old|bak|backup|orig|copy|save)|~)$`)
	numberEnding = regexp.MustCompile(`\.(\d{1,5})$`)
	// As dateext, TimedRotatingFileHandler, container runtimes and loguru write them.
	dateEnding = regexp.MustCompile(`[-._](\d{8}([-_T.]?\d{2,6})?|\d{4}-\d{2}(-\d{2}([-_T.]\d{2}([-:_]\d{2}){0,2}(_\d+)?)?)?|\d{10})Z?$`)
	// innerEnding is what stays last where the number or the date is put before it.
	innerEnding = regexp.MustCompile(`(?i)\.(log|txt|out|err|json|jsonl)$`)
)

// rotated is the name of a file, taken apart.
type rotated struct {
	folder, stem, date string
	number             int
	packed             bool
}

func parseName(path string) rotated {
	name := rotated{folder: filepath.Dir(path), stem: filepath.Base(path)}
	if ending := packedEnding.FindString(name.stem); ending != "" {
		name.stem, name.packed = strings.TrimSuffix(name.stem, ending), true
	}
	for name.cut("") {
	}
	if inner := innerEnding.FindString(name.stem); inner != "" {
		for name.cut(inner) {
		}
	}
	return name
}

// cut takes one ending of a rotation from the stem, in front of an inner ending.
func (n *rotated) cut(inner string) bool {
	stem := strings.TrimSuffix(n.stem, inner)
	switch {
	case backupEnding.MatchString(stem):
		n.number++
		stem = backupEnding.ReplaceAllString(stem, "")
	case dateEnding.MatchString(stem):
		n.date += dateEnding.FindString(stem)
		stem = dateEnding.ReplaceAllString(stem, "")
	case numberEnding.MatchString(stem):
		number, _ := strconv.Atoi(numberEnding.FindString(stem)[1:]) // it has at most five digits
		n.number += 1 + number                                       // some begin with 0
		stem = numberEnding.ReplaceAllString(stem, "")
	default:
		return false
	}
	if stem == "" {
		return false
	}
	n.stem = stem + inner
	return true
}

// isRotationOf reports whether a file of this name may be what a rotation has made
// of one of the other name, by copying or compressing it.
func (n rotated) isRotationOf(original rotated) bool {
	switch {
	case n.stem != original.stem || !n.isBeside(original):
		return false
	case original.date != "":
		return n.date == original.date && n.number >= original.number && n.packed && !original.packed
	case n.date != "" || n.number > 0 && original.number == 0:
		return true
	}
	// What has a number already is renamed, and not copied, unless it is compressed.
	return n.number >= original.number && n.packed && !original.packed
}

// compareAge orders names from the oldest of a log to the file that is written to: one
// without a date or number.
func (n rotated) compareAge(other rotated) int {
	undated := func(n rotated) int {
		if n.date == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(undated(n)-undated(other), cmp.Compare(other.number, n.number))
}

// isBeside reports whether a file is in the folder of the other one, or in one below
// or above it, as olddir has it.
func (n rotated) isBeside(original rotated) bool {
	within := func(inner, outer string) bool {
		return strings.HasPrefix(inner, strings.TrimSuffix(outer, "/")+"/")
	}
	if n.folder == original.folder {
		return true
	}
	moved := n.number > original.number || n.date != original.date
	return moved && (within(n.folder, original.folder) || within(original.folder, n.folder))
}
