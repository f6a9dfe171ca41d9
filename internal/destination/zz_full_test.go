package destination
import ("testing";"strings";"os";"github.com/stretchr/testify/require";"github.com/stretchr/testify/assert")
func TestZZFull(t *testing.T){
 d := newDeadLetters("/tmp/letters_tmpfs")
 require.NoError(t, d.Check())
 n := 0
 for ; n < 100; n++ { if err := d.Write(one(strings.Repeat("x", 3000)), Cause{Reason:"refused"}); err != nil { t.Log(n, err); break } }
 text,_ := os.ReadFile(d.Path())
 t.Log(len(text))
 es,_ := os.ReadDir("/tmp/letters_tmpfs"); t.Log(es)
 total := 0
 for _, e := range es { x,_ := os.ReadFile("/tmp/letters_tmpfs/"+e.Name()); total += strings.Count(string(x), "\n"); assert.True(t, len(x)==0 || x[len(x)-1]=='\n') }
 assert.Equal(t, n, total)
 require.NoError(t, d.Check())
}
