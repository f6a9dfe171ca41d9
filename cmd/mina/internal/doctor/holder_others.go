//go:build !linux

package doctor

// holder does not know which process listens on an address.
func holder(string) (words string, pid int) { return "", 0 }
