// Package intake keeps an HTTP server up and to itself: who may send, how many
// connections there may be, and how much memory and time a request gets.
package intake
