// Package compose has the reader of Docker Compose read compose.yaml, and podman-compose run
// it.
package compose
