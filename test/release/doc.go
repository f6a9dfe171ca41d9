// Package release holds what a release is made of: the changelog's fragments.
package release
