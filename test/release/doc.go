// Package release holds what a release is made of: the changelog's fragments, the scripts
// that pack it, the state that the version before has left, and, by make test-release, all
// that make release builds.
package release
