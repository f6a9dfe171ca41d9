package doctor

import (
	"fmt"
	"os"
	osuser "os/user"
	"strconv"
)

// service is the user that the packages run the collector as.
const service = "otelcol-mina"

// user looks who looks: what root may, the collector's user need not.
func user() Check {
	if of, err := osuser.Lookup(service); err == nil && of.Uid != strconv.Itoa(os.Geteuid()) {
		return warn("user", "sudo -u "+service+" mina doctor", "this is %s, and the collector's user is %s (%s): files and state are checked with other rights than it has", whoAmI(), service, of.Uid)
	}
	return ok("user", "%s", whoAmI())
}

func whoAmI() string { return fmt.Sprintf("%s (uid %d)", userName(), os.Geteuid()) }

func userName() string {
	if own, err := osuser.Current(); err == nil && own.Username != "" {
		return own.Username
	}
	return strconv.Itoa(os.Geteuid())
}
