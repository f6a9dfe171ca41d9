{{/* Names have room for what Kubernetes appends: 63 less 11 of a revision's hash. */}}
{{- define "mina.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "mina.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains (include "mina.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "mina.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "mina.selector" -}}
app.kubernetes.io/name: {{ include "mina.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: {{ .Values.mode }}
{{- end -}}

{{- define "mina.labels" -}}
{{ include "mina.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{- end -}}

{{- define "mina.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default (.Chart.AppVersion | replace "+" "_") }}
{{- end -}}
{{- end -}}

{{/* Whether it is a gateway that Kafka is in front of: nothing, or a text. */}}
{{- define "mina.readsKafka" -}}
{{- if and (eq .Values.mode "gateway") (eq .Values.gateway.from "kafka") -}}true{{- end -}}
{{- end -}}

{{/* What cannot work is refused, rather than installed. */}}
{{- define "mina.check" -}}
{{- $env := .Values.env | default dict -}}
{{- if not (or .Values.env .Values.secretEnv .Values.existingSecret .Values.config) -}}
{{- fail "where are the records to go? Set the variables of a destination, such as --set env.OTLP_ENDPOINT=http://backend:4318 or --set existingSecret=datadog" -}}
{{- end -}}
{{- if not (or .Values.destinations .Values.config) -}}
{{- fail "destinations is empty, and config has no destination either: leave it at [auto]" -}}
{{- end -}}
{{- if and (include "mina.readsKafka" .) (not (or (hasKey $env "KAFKA_SOURCE_BROKERS") (hasKey (.Values.secretEnv | default dict) "KAFKA_SOURCE_BROKERS") .Values.existingSecret)) -}}
{{- fail "gateway.from is kafka: which? For example --set env.KAFKA_SOURCE_BROKERS=kafka-0.kafka:9092" -}}
{{- end -}}
{{- range $name, $value := .Values.secretEnv -}}
{{- if hasKey $env $name -}}
{{- fail (printf "%s is in env and in secretEnv: leave it in secretEnv" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The ports that a pod has, by name. */}}
{{- define "mina.ports" -}}
- {name: health, containerPort: 13133}
- {name: metrics, containerPort: 8888}
{{- if has "metrics" .Values.destinations }}
- {name: records, containerPort: 9464}
{{- end }}
{{- range $port := (include "mina.servicePorts" . | fromYamlArray) }}
- {name: {{ $port.name }}, containerPort: {{ $port.port }}}
{{- end }}
{{- end -}}

{{/* Those that others send to. */}}
{{- define "mina.servicePorts" -}}
{{- if eq .Values.mode "intake" }}
- {name: mina, port: 8319}
{{- end }}
{{- if or (eq .Values.mode "intake") (and (eq .Values.mode "gateway") (eq .Values.gateway.from "otlp")) }}
- {name: otlp-grpc, port: 4317}
- {name: otlp-http, port: 4318}
{{- end }}
{{- end -}}

{{/* What the mode and the values make of the shipped configuration. */}}
{{- define "mina.configuration" -}}
{{- $semconv := dict -}}
{{- with .Values.environment -}}
{{- $_ := set $semconv "deployment_environment" . -}}
{{- end -}}
{{- with .Values.clusterName -}}
{{- $_ := set $semconv "resource" (dict "k8s.cluster.name" .) -}}
{{- end -}}
{{- with .Values.serviceName -}}
{{- $_ := set $semconv "service_name" . -}}
{{- end -}}
{{- if eq .Values.mode "agent" -}}
{{- if not .Values.serviceName -}}
{{- $_ := set $semconv "service_name_from" "k8s.container.name" -}}
{{- end -}}
{{- $_ := mergeOverwrite $semconv (dict "resource" (dict "k8s.node.name" "${env:K8S_NODE_NAME}")) -}}
{{- /* The kubelet compresses a rotated log under another name first. */ -}}
{{- $exclude := list (printf "%s/*/otelcol-mina/*" .Values.logs.path) (printf "%s/*/*/*.tmp" .Values.logs.path) -}}
{{- range .Values.logs.exclude -}}
{{- $exclude = append $exclude (include "mina.logs" (list $ .)) -}}
{{- end -}}
{{- $include := list -}}
{{- range .Values.logs.include -}}
{{- $include = append $include (include "mina.logs" (list $ .)) -}}
{{- end -}}
receivers:
  mina:
    file:
      include: {{ toJson $include }}
      exclude: {{ toJson $exclude }}
      start_at: {{ .Values.logs.startAt }}
    http:
      endpoint: 127.0.0.1:8319 # nobody sends to an agent
processors:
  mina:
    semconv:
      {{- toYaml $semconv | nindent 6 }}
{{- else if eq .Values.mode "intake" -}}
receivers:
  mina/intake:
    http:
      endpoint: ${env:MINA_LISTEN}:8319
      allowed_hosts: {{ include "mina.allowedHosts" . }}
processors:
  mina:
    semconv:
      {{- toYaml $semconv | nindent 6 }}
service:
  pipelines:
    logs:
      receivers: [mina/intake, otlp]
      processors: [memory_limiter, mina]
{{- end -}}
{{- end -}}

{{/* The logs of some pods: NAMESPACE_POD_UID/CONTAINER/N.log, also rotated. */}}
{{- define "mina.logs" -}}
{{- $root := index . 0 -}}
{{- $pods := index . 1 -}}
{{ $root.Values.logs.path }}/{{ $pods.namespace | default "*" }}_{{ $pods.pod | default "*" }}_*/{{ $pods.container | default "*" }}/*.log*
{{- end -}}

{{/* The folder of the node that keeps the state of an agent. */}}
{{- define "mina.hostPath" -}}
{{ .Values.state.hostPath | default (printf "/var/lib/otelcol-mina/%s/%s" .Release.Namespace (include "mina.fullname" .)) }}
{{- end -}}

{{/* The names by which pods call the Service. */}}
{{- define "mina.allowedHosts" -}}
{{- $name := include "mina.fullname" . -}}
{{- $in := printf "%s.%s" $name .Release.Namespace -}}
{{- concat (list $name $in (printf "%s.svc" $in) (printf "%s.svc.cluster.local" $in)) (.Values.intake.allowedHosts | default list) | toJson -}}
{{- end -}}

{{/* The files that make the configuration, in the order in which they are merged. */}}
{{- define "mina.files" -}}
- base.yaml
{{- if eq .Values.mode "intake" }}
- gateway-otlp.yaml
{{- else if eq .Values.mode "gateway" }}
- gateway-{{ .Values.gateway.from }}.yaml
{{- end }}
{{- end -}}

{{- define "mina.args" -}}
{{- range include "mina.files" . | fromYamlArray }}
- --config=/etc/otelcol-mina/{{ . }}
{{- end }}
{{- with .Values.destinations }}
- --config=destinations:{{ join "," . }}
{{- end }}
{{- if include "mina.configuration" . }}
- --config=/etc/otelcol-mina-chart/{{ .Values.mode }}.yaml
{{- end }}
{{- if .Values.config }}
- --config=/etc/otelcol-mina-chart/config.yaml
{{- end }}
{{- end -}}

{{/* A variable's text: helm takes every number for one with a fraction, 1.073741824e+09. */}}
{{- define "mina.text" -}}
{{- if and (kindIs "float64" .) (eq (float64 (int64 .)) .) -}}{{ int64 . }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{- define "mina.env" -}}
{{- $env := .Values.env | default dict -}}
{{- $variables := dict "MINA_LISTEN" "0.0.0.0" "MINA_STATE_DIR" "/var/lib/otelcol-mina" "MINA_CONFIG_DIR" "/etc/otelcol-mina" "MINA_DELIVERY" .Values.delivery -}}
{{- with .Values.memoryMiB }}
{{- $_ := set $variables "MINA_MEMORY_MIB" . -}}
{{- end }}
{{- $fields := dict -}}
{{- if eq .Values.mode "agent" }}
{{- $_ := set $fields "K8S_NODE_NAME" "spec.nodeName" -}}
{{- end }}
{{- if include "mina.readsKafka" . }}
{{- $_ := set $fields "KAFKA_SOURCE_INSTANCE" "metadata.name" -}}
{{- end }}
{{- if has "opamp" .Values.destinations }}
{{- $_ := set $fields "OPAMP_INSTANCE_UID" "metadata.uid" -}}
{{- end }}
{{- range $name, $field := $fields }}
{{- if not (hasKey $env $name) }}
- name: {{ $name | quote }}
  valueFrom: {fieldRef: {fieldPath: {{ $field }}}}
{{- end }}
{{- end }}
{{- range $name, $value := mergeOverwrite $variables $env }}
- {name: {{ $name | quote }}, value: {{ include "mina.text" $value | quote }}}
{{- end }}
{{- end -}}

{{/* A pipeline's own health: that of a destination would have pods restarted while it is down. */}}
{{- define "mina.probe" -}}
httpGet: {path: "/?pipeline=logs", port: health}
{{- end -}}

{{/* What a restart may help: the pipeline of a gateway that reads Kafka is ill while Kafka is down. */}}
{{- define "mina.aliveProbe" -}}
{{- if include "mina.readsKafka" . -}}
httpGet: {path: /metrics, port: metrics}
{{- else -}}
{{- include "mina.probe" . -}}
{{- end -}}
{{- end -}}

{{/* The template of the pods, of a DaemonSet as of a StatefulSet. */}}
{{- define "mina.pod" -}}
{{- $agent := eq .Values.mode "agent" -}}
metadata:
  labels:
    {{- include "mina.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- /* A collector reads its configuration when it starts. */}}
    checksum/config: {{ printf "%s%s" (include "mina.configuration" .) (toJson (.Values.config | default dict)) | sha256sum }}
    checksum/secret: {{ toJson (.Values.secretEnv | default dict) | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .Values.serviceAccountName }}
  serviceAccountName: {{ . | quote }}
  {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{ toJson . }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    {{- mergeOverwrite (include "mina.podSecurity" . | fromYaml) (.Values.podSecurityContext | default dict) | toYaml | nindent 4 }}
  containers:
    {{- /* Agents know the collector's own logs by this name. */}}
    - name: otelcol-mina
      image: {{ include "mina.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- include "mina.args" . | trim | nindent 8 }}
      env:
        {{- include "mina.env" . | trim | nindent 8 }}
      {{- if or .Values.secretEnv .Values.existingSecret }}
      envFrom:
        {{- if .Values.secretEnv }}
        - secretRef: {name: {{ include "mina.fullname" . | quote }}}
        {{- end }}
        {{- with .Values.existingSecret }}
        - secretRef: {name: {{ . | quote }}}
        {{- end }}
      {{- end }}
      ports:
        {{- include "mina.ports" . | nindent 8 }}
      startupProbe:
        {{- include "mina.aliveProbe" . | nindent 8 }}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        {{- include "mina.aliveProbe" . | nindent 8 }}
        periodSeconds: 20
        timeoutSeconds: 5
      readinessProbe:
        {{- include "mina.probe" . | nindent 8 }}
        timeoutSeconds: 5
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: state, mountPath: /var/lib/otelcol-mina}
        {{- if or (include "mina.configuration" .) .Values.config }}
        - {name: config, mountPath: /etc/otelcol-mina-chart, readOnly: true}
        {{- end }}
        {{- if $agent }}
        - {name: logs, mountPath: {{ .Values.logs.path | quote }}, readOnly: true}
        {{- range $i, $path := .Values.logs.extraPaths }}
        - {name: logs-{{ $i }}, mountPath: {{ $path | quote }}, readOnly: true}
        {{- end }}
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    {{- if or (include "mina.configuration" .) .Values.config }}
    - name: config
      configMap: {name: {{ include "mina.fullname" . | quote }}}
    {{- end }}
    {{- if not .Values.state.persistent }}
    - name: state
      emptyDir: {sizeLimit: {{ .Values.state.size | quote }}}
    {{- else if $agent }}
    - name: state
      hostPath:
        path: {{ include "mina.hostPath" . | quote }}
        type: {{ ternary "Directory" "DirectoryOrCreate" .Values.nonRoot }}
    {{- end }}
    {{- if $agent }}
    - name: logs
      hostPath: {path: {{ .Values.logs.path | quote }}}
    {{- range $i, $path := .Values.logs.extraPaths }}
    - name: logs-{{ $i }}
      hostPath: {path: {{ $path | quote }}}
    {{- end }}
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{ toJson . }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{ toJson . }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity: {{ toJson . }}
  {{- end }}
  {{- if .Values.topologySpreadConstraints }}
  topologySpreadConstraints: {{ toJson .Values.topologySpreadConstraints }}
  {{- else if not $agent }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "mina.selector" . | nindent 10 }}
  {{- end }}
{{- end -}}

{{- define "mina.podSecurity" -}}
{{- $agent := eq .Values.mode "agent" -}}
{{- if and $agent (not .Values.nonRoot) -}}
runAsUser: 0
runAsGroup: 0
{{- else -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
{{- if $agent }}
supplementalGroups: [0]
{{- else }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
{{- end }}
seccompProfile: {type: RuntimeDefault}
{{- end -}}
