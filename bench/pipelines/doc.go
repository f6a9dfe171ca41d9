// Command pipelines runs the built collector with this project's pipeline and with
// contrib's own components for the same job, in turns, and prints what each costs.
// ../README.md says what is compared and what was found.
package main
