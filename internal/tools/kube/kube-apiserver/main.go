// Command kube-apiserver is Kubernetes' API server with its etcd inside: a cluster that has
// no node, which takes and judges whatever a real one would.
//
//	kube-apiserver DIRECTORY [flag of kube-apiserver…]
//
// The directory keeps etcd's data, and etcd listens on a socket in it.
package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	_ "time/tzdata" // CronJobs name time zones

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: kube-apiserver DIRECTORY [flag of kube-apiserver…]")
		os.Exit(2)
	}
	etcd, err := startEtcd(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
		os.Exit(1)
	}
	command := app.NewAPIServerCommand()
	command.SetArgs(append([]string{"--etcd-servers=" + etcd.Config().ListenClientUrls[0].String()}, os.Args[2:]...))
	code := cli.Run(command)
	etcd.Close()
	os.Exit(code)
}

func startEtcd(directory string) (*embed.Etcd, error) {
	config := embed.NewConfig()
	config.Dir = filepath.Join(directory, "etcd")
	config.LogLevel = "error"
	config.UnsafeNoFsync = true // nothing of it outlives a test
	clients := url.URL{Scheme: "unix", Path: filepath.Join(directory, "etcd.sock")}
	peers := url.URL{Scheme: "unix", Path: filepath.Join(directory, "peers.sock")}
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{clients}, []url.URL{clients}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{peers}, []url.URL{peers}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	<-etcd.Server.ReadyNotify()
	return etcd, nil
}
