package transition

import (
	"fmt"
	"reflect"
	"slices"
	"text/template/parse"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// checker finds in a template what it could not say, also where a try does not come, and
// what could go on for ever.
type checker struct {
	root    reflect.Type
	groupBy []string
}

// node checks a node. dot is the type of what . is there, and nil where it is not known.
func (c checker) node(node parse.Node, dot reflect.Type) error {
	switch node := node.(type) {
	case *parse.ListNode:
		if node == nil { // no else
			return nil
		}
		return each(node.Nodes, func(inner parse.Node) error { return c.node(inner, dot) })
	case *parse.ActionNode:
		return c.node(node.Pipe, dot)
	case *parse.IfNode:
		return c.branch(node.BranchNode, dot, dot)
	case *parse.WithNode:
		return c.branch(node.BranchNode, dot, c.typeOf(node.Pipe, dot))
	case *parse.PipeNode:
		return each(node.Cmds, func(inner *parse.CommandNode) error { return c.command(inner, dot) })
	case *parse.FieldNode:
		return known(dot, node.Ident)
	case *parse.VariableNode:
		if node.Ident[0] == "$" {
			return known(c.root, node.Ident[1:])
		}
	case *parse.ChainNode:
		return c.node(node.Node, dot)
	case *parse.RangeNode:
		return fmt.Errorf("range is not possible here: there is nothing of which there are several")
	case *parse.TemplateNode:
		return fmt.Errorf("template %q is not possible here", node.Name)
	}
	return nil
}

func (c checker) branch(branch parse.BranchNode, dot, inside reflect.Type) error {
	if err := c.node(branch.Pipe, dot); err != nil {
		return err
	}
	if err := c.node(branch.List, inside); err != nil {
		return err
	}
	return c.node(branch.ElseList, dot)
}

func (c checker) command(command *parse.CommandNode, dot reflect.Type) error {
	if len(command.Args) == 2 && command.Args[0].String() == "group" {
		if name, ok := command.Args[1].(*parse.StringNode); ok {
			return knownGroup(name.Text, c.groupBy)
		}
	}
	return each(command.Args, func(inner parse.Node) error { return c.node(inner, dot) })
}

// typeOf returns the type of what a pipe yields that is no more than a field.
func (c checker) typeOf(pipe *parse.PipeNode, dot reflect.Type) reflect.Type {
	if len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return nil
	}
	field, ok := pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok {
		return nil
	}
	return follow(dot, field.Ident)
}

// known reports a field that there is not.
func known(of reflect.Type, idents []string) error {
	for i, ident := range idents {
		if of == nil {
			return nil
		}
		next := follow(of, idents[i:i+1])
		if next == nil {
			return spelling.Check("field", ident, namesOf(of))
		}
		of = next
	}
	return nil
}

// follow returns the type of what fields and methods lead to, and nil where there is none.
func follow(of reflect.Type, idents []string) reflect.Type {
	for _, ident := range idents {
		if of == nil {
			return nil
		}
		if method, ok := of.MethodByName(ident); ok {
			of = method.Type.Out(0)
			continue
		}
		if of.Kind() != reflect.Struct {
			return nil
		}
		field, ok := of.FieldByName(ident)
		if !ok || !field.IsExported() {
			return nil
		}
		of = field.Type
	}
	return of
}

// namesOf returns the fields and methods of a type.
func namesOf(of reflect.Type) (names []string) {
	if of.Kind() == reflect.Struct {
		for _, field := range reflect.VisibleFields(of) {
			if field.IsExported() {
				names = append(names, field.Name)
			}
		}
	}
	for method := range of.Methods() {
		names = append(names, method.Name)
	}
	slices.Sort(names)
	return names
}

func each[N any](nodes []N, check func(N) error) error {
	for _, node := range nodes {
		if err := check(node); err != nil {
			return err
		}
	}
	return nil
}
