package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"sigs.k8s.io/yaml"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
)

var cluster *Cluster

func TestMain(m *testing.M) {
	if _, err := tool("kube-apiserver"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(0)
	}
	folder, err := os.MkdirTemp("", "kube-apiserver")
	if err == nil {
		cluster, err = Start(folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	cluster.Stop()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// namespace makes a namespace in which pods are admitted as a level of PodSecurity says.
func namespace(t *testing.T, name, level string) {
	t.Helper()
	_, err := cluster.Client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
		Name: name, Labels: map[string]string{"pod-security.kubernetes.io/enforce": level},
	}}, metav1.CreateOptions{})
	require.NoError(t, err)
	// What the controllers of a cluster make, of which there are none here.
	_, err = cluster.Client.CoreV1().ServiceAccounts(name).Create(t.Context(), &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}, metav1.CreateOptions{})
	require.NoError(t, err)
}

func examples(t *testing.T) map[string]kubernetes.Values {
	t.Helper()
	all, err := kubernetes.Examples()
	require.NoError(t, err)
	return all
}

func rendered(t *testing.T, given kubernetes.Values) *kubernetes.Installation {
	t.Helper()
	installation, err := kubernetes.Render(kubernetes.Chart(), given)
	require.NoError(t, err)
	return installation
}

// TestEveryObjectIsAdmitted has the server judge each object of each example, to the last
// field.
func TestEveryObjectIsAdmitted(t *testing.T) {
	namespace(t, "observability", "privileged")
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			for _, object := range rendered(t, given).Objects {
				assert.NoError(t, dryRun(t, object))
			}
		})
	}
	t.Run("but no field that Kubernetes does not know", func(t *testing.T) {
		object := rendered(t, examples(t)["agent"]).Objects[0]
		content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
		require.NoError(t, err)
		content["datas"] = map[string]any{}
		assert.ErrorContains(t, dryRun(t, &unstructured.Unstructured{Object: content}), `unknown field "datas"`)
	})
}

func dryRun(t *testing.T, object runtime.Object) error {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	require.NoError(t, err)
	kind := object.GetObjectKind().GroupVersionKind()
	plural := strings.ToLower(kind.Kind) + "s"
	if kind.Kind == "NetworkPolicy" {
		plural = "networkpolicies"
	}
	_, err = cluster.Dynamic.Resource(schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: plural}).Namespace("observability").
		Create(t.Context(), &unstructured.Unstructured{Object: content}, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: metav1.FieldValidationStrict})
	return err
}

// TestPodSecurity holds which namespaces admit which pods.
func TestPodSecurity(t *testing.T) {
	for _, level := range []string{"privileged", "baseline", "restricted"} {
		namespace(t, level, level)
	}
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			workload := rendered(t, given).Workload()
			for _, level := range []string{"privileged", "baseline", "restricted"} {
				pod := &corev1.Pod{ObjectMeta: *workload.Template.ObjectMeta.DeepCopy(), Spec: *workload.Template.Spec.DeepCopy()}
				pod.Name, pod.Spec.ServiceAccountName, pod.Spec.PriorityClassName = "pod", "default", ""
				for _, claim := range workload.Claims {
					pod.Spec.Volumes = append(pod.Spec.Volumes, corev1.Volume{Name: claim.Name, VolumeSource: corev1.VolumeSource{
						PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim.Name},
					}})
				}
				_, err := cluster.Client.CoreV1().Pods(level).Create(t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
				if workload.Kind == "DaemonSet" && level != "privileged" {
					assert.ErrorContains(t, err, `violates PodSecurity "`+level)
					assert.ErrorContains(t, err, "hostPath")
					continue
				}
				assert.NoError(t, err, level)
			}
		})
	}
}

// TestRelease installs each example with helm, upgrades it and takes it away.
func TestRelease(t *testing.T) {
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			namespace := "release-" + name
			folder := t.TempDir()
			values := filepath.Join(folder, "values.yaml")
			text, err := yaml.Marshal(given)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(values, text, 0o600))
			run := func(script string) string {
				t.Helper()
				out, err := cluster.Run(folder, script)
				require.NoError(t, err)
				return out
			}
			release := "mina " + kubernetes.Chart() + " --namespace " + namespace + " --values values.yaml"
			run("helm lint --strict " + kubernetes.Chart() + " --values values.yaml")
			run("helm install --dry-run=server --create-namespace " + release)
			installed := run("helm install --create-namespace " + release)
			assert.Contains(t, installed, "STATUS: deployed")
			before := workloads(t, namespace)
			require.Len(t, before, 1)

			run("helm upgrade " + release)
			assert.Equal(t, before, workloads(t, namespace), "what has not changed is not renewed")
			run("helm upgrade --set config.processors.mina.semconv.service_version=1.4 " + release)
			assert.NotEqual(t, before, workloads(t, namespace), "what has changed is renewed")
			run("helm rollback mina 1 --namespace " + namespace)
			assert.Equal(t, templates(before), templates(workloads(t, namespace)))

			run("helm uninstall mina --namespace " + namespace)
			assert.Empty(t, workloads(t, namespace))
			left := run("kubectl --namespace " + namespace + " get configmaps,secrets,services,daemonsets,statefulsets,poddisruptionbudgets,networkpolicies --selector app.kubernetes.io/instance=mina --output name")
			assert.Empty(t, strings.TrimSpace(left))
		})
	}
}

// workloads returns the generation of what runs pods in a namespace, by name, with the
// template of its pods.
func workloads(t *testing.T, namespace string) map[string]string {
	t.Helper()
	found := map[string]string{}
	daemons, err := cluster.Client.AppsV1().DaemonSets(namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, d := range daemons.Items {
		found[d.Name] = fmt.Sprint(d.Generation, " ", d.Spec.Template.Annotations)
	}
	sets, err := cluster.Client.AppsV1().StatefulSets(namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, s := range sets.Items {
		found[s.Name] = fmt.Sprint(s.Generation, " ", s.Spec.Template.Annotations)
	}
	return found
}

// templates leaves the generations out.
func templates(workloads map[string]string) map[string]string {
	without := map[string]string{}
	for name, text := range workloads {
		_, without[name], _ = strings.Cut(text, " ")
	}
	return without
}
