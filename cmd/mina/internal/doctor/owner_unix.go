//go:build unix

package doctor

import (
	"fmt"
	"os"
	osuser "os/user"
	"strconv"
	"syscall"
)

// owner says whose a file is.
func owner(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	owner, group := strconv.Itoa(int(stat.Uid)), strconv.Itoa(int(stat.Gid))
	if of, err := osuser.LookupId(owner); err == nil {
		owner = of.Username
	}
	if of, err := osuser.LookupGroupId(group); err == nil {
		group = of.Name
	}
	return fmt.Sprintf(" (it is %s:%s, %s)", owner, group, info.Mode().Perm())
}
