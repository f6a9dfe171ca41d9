# make image builds it. The last stage takes a folder in the place of the stage "build" as
# well, with programs that are already built: --build-context build=FOLDER, in which
# packaging/rootfs.sh has laid out rootfs/.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
ARG TARGETOS
ARG TARGETARCH
ARG VERSION
ARG GOPROXY
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    env ${VERSION:+"dist.version=$VERSION"} make sources && \
    export CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH && \
    (cd _build && go build -trimpath -ldflags='-s -w' -o otelcol-mina .) && \
    make _build/mina ${VERSION:+"VERSION=$VERSION"} && \
    sh packaging/rootfs.sh /rootfs _build

FROM scratch
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="otelcol-mina" \
      org.opencontainers.image.description="OpenTelemetry Collector for the logs of Mina" \
      org.opencontainers.image.source="https://github.com/mina-observability/otelcol-mina" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /rootfs/ /
# A volume takes the owner of what is in the image at its place.
COPY --from=build --chown=10001:10001 /rootfs/var/lib/ /var/lib/
USER 10001:10001
ENV MINA_CONFIG_DIR=/etc/otelcol-mina MINA_STATE_DIR=/var/lib/otelcol-mina MINA_LISTEN=0.0.0.0
VOLUME /var/lib/otelcol-mina
# OTLP as a gateway, HTTP intake, page, own metrics, metrics of the records, health check
EXPOSE 4317 4318 8319 8320 8888 9464 13133
# Of the pipeline that reads: while a destination is down, a restart would not help.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/mina", "health", "--pipeline", "logs"]
ENTRYPOINT ["/otelcol-mina"]
CMD ["--config", "/etc/otelcol-mina/base.yaml", "--config", "destinations:auto"]
