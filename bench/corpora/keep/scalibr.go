package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
)

// secretFields are those of osv-scalibr's secrets that are secret.
var secretFields = []string{"Key", "Token", "Secret", "Pat", "ClientSecret", "PrivateKey", "Value", "Refresh", "RefreshToken", "AccessToken", "APIKey", "Password"}

// readScalibr reads the cases of the tests of osv-scalibr's detectors, as far as their
// texts are constants.
func readScalibr() (texts []corpora.Text, err error) {
	module, err := corpora.Module(corpora.Scalibr)
	if err != nil {
		return nil, err
	}
	tests, err := filepath.Glob(filepath.Join(module, "veles/secrets/*/*detector_test.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range tests {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		names := constants{}
		ast.Inspect(file, names.declare)
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.CompositeLit); ok {
				texts = append(texts, names.testCase(literal)...)
			}
			return true
		})
	}
	if len(texts) == 0 {
		return nil, errors.New("there are no cases")
	}
	return texts, nil
}

// constants are the strings that have names in a file.
type constants map[string]string

func (c constants) declare(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				c.set(name, n.Values[i])
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if name, ok := left.(*ast.Ident); ok && i < len(n.Rhs) {
				c.set(name, n.Rhs[i])
			}
		}
	}
	return true
}

func (c constants) set(name *ast.Ident, value ast.Expr) {
	if text, ok := c.text(value); ok {
		c[name.Name] = text
	}
}

// text returns the string that an expression is, if that can be seen here.
func (c constants) text(node ast.Expr) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(n.Value)
		return text, err == nil && n.Kind == token.STRING
	case *ast.Ident:
		text, ok = c[n.Name]
		return text, ok
	case *ast.ParenExpr:
		return c.text(n.X)
	case *ast.BinaryExpr:
		left, ok := c.text(n.X)
		right, also := c.text(n.Y)
		return left + right, ok && also && n.Op == token.ADD
	case *ast.CallExpr:
		return c.formatted(n)
	}
	return "", false
}

// formatted returns what fmt.Sprintf makes of strings.
func (c constants) formatted(call *ast.CallExpr) (text string, ok bool) {
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || called.Sel.Name != "Sprintf" {
		return "", false
	}
	values := make([]any, len(call.Args))
	for i, argument := range call.Args {
		if values[i], ok = c.text(argument); !ok {
			return "", false
		}
	}
	format, _ := values[0].(string)
	return fmt.Sprintf(format, values[1:]...), true
}

// testCase returns the texts of a case, one for each secret that it wants.
func (c constants) testCase(literal *ast.CompositeLit) (texts []corpora.Text) {
	var input string
	var want []ast.Expr
	for _, element := range literal.Elts {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return nil
		}
		switch name, _ := field.Key.(*ast.Ident); {
		case name == nil:
			return nil
		case name.Name == "input":
			if input, ok = c.text(field.Value); !ok {
				return nil
			}
		case name.Name == "want":
			if list, ok := field.Value.(*ast.CompositeLit); ok {
				want = list.Elts
			}
		}
	}
	for _, secret := range want {
		texts = append(texts, c.wanted(input, secret)...)
	}
	return texts
}

func (c constants) wanted(input string, node ast.Expr) (texts []corpora.Text) {
	if address, ok := node.(*ast.UnaryExpr); ok {
		node = address.X
	}
	secret, ok := node.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	kind, ok := secret.Type.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	for _, element := range secret.Elts {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return nil
		}
		name, _ := field.Key.(*ast.Ident)
		value, ok := c.text(field.Value)
		if ok && name != nil && slices.Contains(secretFields, name.Name) && value != "" && strings.Contains(input, value) {
			texts = append(texts, corpora.Text{Rule: fmt.Sprintf("%s.%s.%s", kind.X, kind.Sel, name), Text: input, Secret: value})
		}
	}
	return texts
}
