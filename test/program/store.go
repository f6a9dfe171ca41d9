package program

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Store is the VictoriaLogs that a collector with explore.yaml runs.
type Store struct {
	address, directory string
}

// storeOf returns the store at an address, of a collector with such variables.
func storeOf(env []string, address string) Store {
	for _, variable := range env {
		if state, found := strings.CutPrefix(variable, "MINA_STATE_DIR="); found {
			return Store{address: address, directory: filepath.Join(state, "explore")}
		}
	}
	return Store{}
}

// PID returns the process of the store that was started last, or 0.
func (s Store) PID() int {
	text, _ := os.ReadFile(filepath.Join(s.directory, "victoria-logs.pid"))
	pid, _ := strconv.Atoi(string(text))
	return pid
}

// Records returns how many records with different bodies the store has, and how many in all.
func (s Store) Records() (different, all int, err error) {
	text, err := s.Query(`* | stats count_uniq(_msg) different, count() all`)
	if err != nil {
		return 0, 0, err
	}
	var counts struct {
		Different int `json:"different,string"`
		All       int `json:"all,string"`
	}
	err = json.Unmarshal([]byte(text), &counts)
	return counts.Different, counts.All, err
}

// Query returns what the store answers to a query in LogsQL, a JSON object a line.
func (s Store) Query(query string) (string, error) {
	password, err := os.ReadFile(filepath.Join(s.directory, "password"))
	if err != nil {
		return "", err
	}
	request, err := http.NewRequest(http.MethodGet, "http://"+s.address+"/select/logsql/query?query="+url.QueryEscape(query), nil)
	if err != nil {
		return "", err
	}
	request.SetBasicAuth("mina", string(password))
	request.Close = true // its answer may be of a store that is killed next
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the store has answered %s", response.Status)
	}
	return string(text), err
}
