// Package docs holds the documents against the product: every code block of every document
// is run, or read by the program that it is for.
package docs
