// Package api answers the questions of the page: GET, in JSON, about the records of a time
// that a search means. A file answers one question.
package api
