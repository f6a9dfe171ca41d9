// Package support is the command that collects what those need who help: how a collector is
// configured, how it does, and what its host is like, without payloads and secrets.
//
// Of the configuration, the bundle holds what is known to be harmless, and not what merely
// does not look like a secret. What was left out is taken out of all other texts too, since
// an error may quote it.
package support
