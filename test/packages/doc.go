// Package packages builds the Debian and the RPM package, looks at what they hold, and has
// a real systemd install, run, upgrade and remove them (make test-packages).
package packages
