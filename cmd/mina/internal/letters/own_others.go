//go:build !unix

package letters

import "os"

// own leaves it to the system whose a file is.
func own(os.FileInfo) bool { return true }
