// Package opamp tests what the built collector tells an OpAMP server, and that the server
// can change nothing, with opamp-go's own server.
package opamp
