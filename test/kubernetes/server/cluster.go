package server

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// readyDeadline is how long an API server may take to be ready.
const readyDeadline = 2 * time.Minute

// Cluster is an API server and the way to it.
type Cluster struct {
	*program.Process
	Client     *kubernetes.Clientset
	Dynamic    *dynamic.DynamicClient
	kubeconfig string
}

// tool returns the path of a program that make test-kubernetes builds.
func tool(name string) (string, error) {
	path := filepath.Join(program.Root(), "_build", name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("make test-kubernetes builds what this needs: %w", err)
	}
	return path, nil
}

// Start starts an API server in a folder, and returns when it is ready.
func Start(folder string) (*Cluster, error) {
	binary, err := tool("kube-apiserver")
	if err != nil {
		return nil, err
	}
	const token = "of-the-test"
	key, tokens := filepath.Join(folder, "accounts.pem"), filepath.Join(folder, "tokens.csv")
	if err := writeKey(key); err != nil {
		return nil, err
	}
	if err := os.WriteFile(tokens, []byte(token+`,admin,1,"system:masters"`), 0o600); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(program.FreeAddress())
	if err != nil {
		return nil, err
	}
	process, err := program.Start(exec.Command(binary, folder,
		"--bind-address=127.0.0.1", "--secure-port="+port, "--cert-dir="+filepath.Join(folder, "certificates"), "--token-auth-file="+tokens, "--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+key, "--service-account-signing-key-file="+key, "--service-cluster-ip-range=10.0.0.0/24"))
	if err != nil {
		return nil, err
	}
	c := &Cluster{Process: process, kubeconfig: filepath.Join(folder, "kubeconfig")}
	config := &rest.Config{Host: "https://127.0.0.1:" + port, BearerToken: token, TLSClientConfig: rest.TLSClientConfig{Insecure: true}, WarningHandler: rest.NoWarnings{}}
	if err := c.connect(config); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

// connect makes the clients, and waits for the server.
func (c *Cluster) connect(config *rest.Config) (err error) {
	if c.Client, err = kubernetes.NewForConfig(config); err != nil {
		return err
	}
	if c.Dynamic, err = dynamic.NewForConfig(config); err != nil {
		return err
	}
	entry := clientcmdapi.NewConfig()
	entry.Clusters["test"] = &clientcmdapi.Cluster{Server: config.Host, InsecureSkipTLSVerify: true}
	entry.AuthInfos["test"] = &clientcmdapi.AuthInfo{Token: config.BearerToken}
	entry.Contexts["test"] = &clientcmdapi.Context{Cluster: "test", AuthInfo: "test"}
	entry.CurrentContext = "test"
	if err := clientcmd.WriteToFile(*entry, c.kubeconfig); err != nil {
		return err
	}
	return c.Await(readyDeadline, func() bool {
		answer, err := c.Client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(context.Background())
		return err == nil && string(answer) == "ok"
	})
}

// Run runs a command line of helm or kubectl, in a folder, and returns what it printed.
func (c *Cluster) Run(folder, script string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readyDeadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-ec", script)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "KUBECONFIG="+c.kubeconfig, "HOME="+filepath.Dir(c.kubeconfig), "PATH="+filepath.Join(program.Root(), "_build")+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", script, err, out)
	}
	return string(out), err
}

// writeKey writes the key with which the server signs the tokens of service accounts.
func writeKey(path string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return os.WriteFile(path, text, 0o600)
}
