// Package minaconverter completes a configuration that is made of several files, each
// of which knows nothing of the others.
package minaconverter
