package logpageextension

import (
	"embed"
	"io/fs"
	"net/http"
)

// web is the page as it is: nothing is built for it.
//
//go:embed web
var web embed.FS

// page serves the page's files.
func page() http.Handler {
	files, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // the folder is in the program
	}
	return http.FileServerFS(files)
}
