# storydiff in a container that holds the program and nothing else:
#
#   docker build -t storydiff .
#   docker run -d --name storydiff --network host --restart on-failure -v storydiff:/data storydiff
#   docker exec storydiff /storydiff add https://news.example/story.html
#
# The report is served on loopback alone, of the host with --network host, where who
# sits at the host may change things through it. To serve it on the network of the
# container, give it a password, or let it be read alone (--read-only):
#
#   docker run -d --name storydiff -p 8080:8080 -v storydiff:/data -v ./secret:/secret:ro storydiff run \
#     --listen 0.0.0.0:8080 --password-file /secret --allow-host NAME-OF-THE-HOST
#
# A storydiff.yaml in the volume is read.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY diffview diffview
COPY storage storage
COPY tracker tracker
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/storydiff ./cmd/storydiff && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/storydiff /storydiff
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=15s --start-period=30s --retries=3 CMD ["/storydiff", "status", "--healthz"]
ENTRYPOINT ["/storydiff"]
CMD ["run"]
