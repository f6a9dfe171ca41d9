package kubernetes

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// TestPodsMayDoNothing holds what every pod of every installation has given up.
func TestPodsMayDoNothing(t *testing.T) {
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			installation := rendered(t, given)
			pod := installation.Workload().Template.Spec
			assert.False(t, *pod.AutomountServiceAccountToken, "a token")
			assert.False(t, pod.HostNetwork || pod.HostPID || pod.HostIPC, "the node's namespaces")
			assert.Equal(t, corev1.SeccompProfileTypeRuntimeDefault, pod.SecurityContext.SeccompProfile.Type)
			require.Len(t, pod.Containers, 1)
			container := pod.Containers[0]
			assert.True(t, *container.SecurityContext.ReadOnlyRootFilesystem)
			assert.False(t, *container.SecurityContext.AllowPrivilegeEscalation)
			assert.Equal(t, []corev1.Capability{"ALL"}, container.SecurityContext.Capabilities.Drop)
			assert.Empty(t, container.SecurityContext.Capabilities.Add)
			assert.NotZero(t, container.Resources.Limits.Memory())
			for _, mount := range container.VolumeMounts {
				assert.True(t, mount.ReadOnly || mount.Name == "state", "%s is written to", mount.Name)
			}
			for _, object := range installation.Objects {
				kind := object.GetObjectKind().GroupVersionKind()
				assert.NotEqual(t, "rbac.authorization.k8s.io", kind.Group, "%s: the collector asks no API server", kind.Kind)
			}
		})
	}
}

// TestProbesDependOnNoDestination holds that no pod is restarted, or taken out of its
// Service, because a destination is down, or restarted because Kafka is.
func TestProbesDependOnNoDestination(t *testing.T) {
	reads := corev1.HTTPGetAction{Path: "/?pipeline=logs", Port: intstr.FromString("health")}
	runs := corev1.HTTPGetAction{Path: "/metrics", Port: intstr.FromString("metrics")}
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			container := rendered(t, given).Workload().Template.Spec.Containers[0]
			alive := reads
			if strings.HasPrefix(name, "gateway-kafka") {
				alive = runs
			}
			assert.Equal(t, alive, *container.StartupProbe.HTTPGet)
			assert.Equal(t, alive, *container.LivenessProbe.HTTPGet)
			assert.Equal(t, reads, *container.ReadinessProbe.HTTPGet)
		})
	}
}

// TestReferences holds that what an object names is there.
func TestReferences(t *testing.T) {
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			installation := rendered(t, given)
			workload := installation.Workload()
			pod, container := workload.Template.Spec, workload.Template.Spec.Containers[0]
			ports, volumes := map[string]int32{}, map[string]bool{}
			for _, port := range container.Ports {
				ports[port.Name] = port.ContainerPort
			}
			for _, volume := range pod.Volumes {
				volumes[volume.Name] = true
			}
			for _, claim := range workload.Claims {
				volumes[claim.Name] = true
			}
			for _, mount := range container.VolumeMounts {
				assert.Contains(t, volumes, mount.Name)
				delete(volumes, mount.Name)
			}
			assert.Empty(t, volumes, "volumes that nobody mounts")
			for _, object := range installation.Objects {
				switch o := object.(type) {
				case *corev1.Service:
					assertSelects(t, &v1.LabelSelector{MatchLabels: o.Spec.Selector}, workload)
					for _, port := range o.Spec.Ports {
						assert.Contains(t, ports, port.TargetPort.StrVal)
					}
				case *policyv1.PodDisruptionBudget:
					assertSelects(t, o.Spec.Selector, workload)
				case *networkingv1.NetworkPolicy:
					assertSelects(t, &o.Spec.PodSelector, workload)
					admitted := map[string]int32{}
					for _, rule := range o.Spec.Ingress {
						for _, port := range rule.Ports {
							admitted[port.Port.StrVal] = ports[port.Port.StrVal]
						}
					}
					assert.Equal(t, ports, admitted, "each port is admitted, and no other")
				}
			}
			assertSelects(t, workload.Selector, workload)
		})
	}
}

func assertSelects(t *testing.T, by *v1.LabelSelector, workload *Workload) {
	t.Helper()
	selector, err := v1.LabelSelectorAsSelector(by)
	require.NoError(t, err)
	assert.False(t, selector.Empty())
	assert.True(t, selector.Matches(labels.Set(workload.Template.Labels)), "%s does not select the pods", selector)
}

// TestConfigurationRenewsPods holds that pods are renewed when what they read at their
// start changes, and only then.
func TestConfigurationRenewsPods(t *testing.T) {
	template := func(changes Values) string {
		given := Values{"env": Values{"OTLP_ENDPOINT": "http://backend:4318"}}
		for key, value := range changes {
			given[key] = value
		}
		text, err := rendered(t, given).Workload().Template.Marshal()
		require.NoError(t, err)
		return string(text)
	}
	before := template(nil)
	assert.Equal(t, before, template(Values{"podDisruptionBudget": Values{"enabled": false}}))
	for name, change := range map[string]Values{
		"configuration": {"config": Values{"processors": Values{"mina": nil}}},
		"a variable":    {"env": Values{"OTLP_ENDPOINT": "http://other:4318"}},
		"a secret":      {"secretEnv": Values{"OTLP_HEADERS": "{}"}},
		"which pods":    {"logs": Values{"exclude": []any{Values{"namespace": "kube-system"}}}},
	} {
		assert.NotEqual(t, before, template(change), name)
	}
	one, other := template(Values{"secretEnv": Values{"DD_API_KEY": "one"}}), template(Values{"secretEnv": Values{"DD_API_KEY": "other"}})
	assert.NotEqual(t, one, other)
}

// TestSecretsAreInTheSecretAlone holds that no other object shows one.
func TestSecretsAreInTheSecretAlone(t *testing.T) {
	const key = "a-key-that-nobody-may-read"
	for _, object := range rendered(t, Values{"secretEnv": Values{"DD_API_KEY": key}}).Objects {
		text, err := json.Marshal(object)
		require.NoError(t, err)
		_, secret := object.(*corev1.Secret)
		assert.Equal(t, secret, strings.Contains(string(text), key), object.GetObjectKind().GroupVersionKind().Kind)
	}
}
