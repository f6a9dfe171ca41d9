// Package cli is what the commands of the program mina have in common: how they are
// called, how they say what they want, and with which code they end.
package cli
