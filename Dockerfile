# make image builds it. The last stage takes a folder in the place of the stage "build"
# as well, with a binary that is already built: --build-context build=FOLDER, in which
# packaging/rootfs.sh has laid out rootfs/.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    make sources && \
    cd _build && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags='-s -w' -o otelcol-mina . && \
    sh ../packaging/rootfs.sh /rootfs /src/_build/otelcol-mina

FROM scratch
COPY --from=build /rootfs/ /
# A volume takes the owner of what is in the image at its place.
COPY --from=build --chown=10001:10001 /rootfs/var/lib/ /var/lib/
USER 10001:10001
ENV MINA_CONFIG_DIR=/etc/otelcol-mina MINA_STATE_DIR=/var/lib/otelcol-mina MINA_LISTEN=0.0.0.0
VOLUME /var/lib/otelcol-mina
EXPOSE 8319 8888 9464 13133
ENTRYPOINT ["/otelcol-mina"]
CMD ["--config", "/etc/otelcol-mina/base.yaml", "--config", "destinations:auto"]
