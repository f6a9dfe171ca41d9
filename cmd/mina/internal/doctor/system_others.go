//go:build !unix

package doctor

func owner(string) string { return "" }

func free(string) (float64, bool) { return 0, false }
