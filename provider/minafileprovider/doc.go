// Package minafileprovider is the stock provider of files, which also says which of
// several files it is that is not YAML.
package minafileprovider
