package configschema

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// comments are what is said of fields, by the type that has them and their name.
type comments map[string]string

func (c comments) of(owner reflect.Type, field string) string {
	return c[owner.PkgPath()+"."+owner.Name()+"."+field]
}

// readComments reads the sources of all packages whose types a configuration is made of.
func readComments(config reflect.Type) (comments, error) {
	packages := map[string]bool{}
	collect(config, packages)
	arguments := append([]string{"list", "-find", "-f", "{{.ImportPath}} {{.Dir}}"}, slices.Sorted(maps.Keys(packages))...)
	listed, err := exec.Command("go", arguments...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	found := comments{}
	for line := range strings.Lines(string(listed)) {
		path, folder, _ := strings.Cut(strings.TrimSpace(line), " ")
		if err := found.read(path, folder); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// collect adds the packages of a type and of all that its fields are.
func collect(config reflect.Type, packages map[string]bool) {
	switch config.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(config.Elem(), packages)
	case reflect.Struct:
		if get, ok := reflect.PointerTo(config).MethodByName("GetOrInsertDefault"); ok {
			collect(get.Type.Out(0), packages)
			return
		}
		packages[config.PkgPath()] = true
		for i := range config.NumField() {
			if field := config.Field(i); field.Tag.Get("mapstructure") != "" {
				collect(field.Type, packages)
			}
		}
	}
}

func (c comments) read(path, folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if declared, ok := node.(*ast.TypeSpec); ok {
				c.add(path+"."+declared.Name.Name, declared)
			}
			return true
		})
	}
	return nil
}

func (c comments) add(owner string, declared *ast.TypeSpec) {
	structure, ok := declared.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range structure.Fields.List {
		for _, name := range field.Names {
			c[owner+"."+name.Name] = strings.Join(strings.Fields(field.Doc.Text()), " ")
		}
	}
}
