package semconv

import "sync"

// Target returns the attribute that one of an application's goes to, or "", and says
// whether it becomes only a part of what is there, as the name of a function does, which
// has its module in front.
func Target(name string) (target string, part bool) {
	found := targets()[name]
	return found.name, found.part
}

type home struct {
	name string
	part bool
}

var targets = sync.OnceValue(func() map[string]home {
	homes := map[string]home{}
	for name, mv := range moves(false) {
		if mv.target != "" {
			homes[name] = home{mv.target, mv.qualifier != ""}
		}
		if mv.qualifier != "" {
			homes[mv.qualifier] = home{mv.target, true}
		}
	}
	return homes
})
