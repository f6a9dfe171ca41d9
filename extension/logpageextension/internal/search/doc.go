// Package search reads what people type into the search box, and what the links of alerts
// bring, and says in LogsQL which records are meant.
//
// It is lenient where the meaning is clear, as with http://x, 12:30:05, a quote or a
// parenthesis without its other half. Where it is not, the error says where and what to do.
package search
