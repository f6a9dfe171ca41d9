//go:build !linux

package statestorageextension

import "os"

// holderOf returns nothing: no system but Linux lists who has locked a file.
func holderOf(*os.File) string { return "" }
