// Package varprovider reads environment variables that a configuration cannot do
// without, or that add something where they are set.
package varprovider
