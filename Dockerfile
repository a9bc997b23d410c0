# Leveret in place of RabbitMQ's image: the same ports, paths, variables, tools and entrypoint.

FROM node:20-bookworm-slim AS build
WORKDIR /opt/leveret
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build \
  && npm prune --omit=dev \
  && find dist -name '*.map' -delete \
  && find dist -name '*.d.ts' -delete \
  && chmod +x dist/cli/main.js
COPY bin bin

FROM debian:bookworm-slim
# What health checks and init scripts call; sh, bash and setpriv are there already.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates curl netcat-openbsd wget \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --system --gid 999 rabbitmq \
  && useradd --system --uid 999 --gid rabbitmq --home-dir /var/lib/rabbitmq rabbitmq
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /opt/leveret/package.json /opt/leveret/
COPY --from=build /opt/leveret/node_modules /opt/leveret/node_modules
COPY --from=build /opt/leveret/dist /opt/leveret/dist
COPY --from=build /opt/leveret/bin /opt/leveret/bin
COPY docker/docker-entrypoint.sh docker/gosu /usr/local/bin/
COPY docker/10-defaults.conf /etc/rabbitmq/conf.d/
# The tools lie where RabbitMQ's images and packages have them. Files of the broker are writable for any `--user`.
RUN mkdir -p /opt/rabbitmq/sbin /var/lib/rabbitmq /var/log/rabbitmq \
  && for tool in /opt/leveret/bin/*.cjs; do \
    for place in /opt/rabbitmq/sbin /usr/local/bin /usr/sbin; do \
      ln -s "$tool" "$place/$(basename "$tool" .cjs)"; \
    done; \
  done \
  && ln -s /opt/leveret/dist/cli/main.js /usr/local/bin/leveret \
  && touch /etc/rabbitmq/rabbitmq.conf \
  && echo '[rabbitmq_management,rabbitmq_prometheus].' > /etc/rabbitmq/enabled_plugins \
  && chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq /var/log/rabbitmq \
  && chmod 777 /etc/rabbitmq /etc/rabbitmq/conf.d /var/lib/rabbitmq /var/log/rabbitmq
ENV PATH=/opt/rabbitmq/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV HOME=/var/lib/rabbitmq
ENV LANG=C.UTF-8
ENV NODE_ENV=production
ENV RABBITMQ_CONFIG_FILE=/etc/rabbitmq/rabbitmq.conf
ENV RABBITMQ_CONFIG_FILES=/etc/rabbitmq/conf.d
ENV RABBITMQ_ENABLED_PLUGINS_FILE=/etc/rabbitmq/enabled_plugins
# No hostname in it, so that a container with another name finds what the last one left.
ENV RABBITMQ_MNESIA_BASE=/var/lib/rabbitmq/leveret
# Spring Boot then takes the service for a RabbitMQ.
LABEL org.springframework.boot.service-connection=rabbitmq
VOLUME /var/lib/rabbitmq
EXPOSE 5671 5672 15671 15672 15691 15692
HEALTHCHECK --interval=5s --timeout=10s --start-period=20s CMD ["rabbitmq-diagnostics", "-q", "ping"]
# No USER: as in RabbitMQ's image the entrypoint starts as root, makes mounted directories accessible and becomes `rabbitmq`.
# With another `--user` it stays that user.
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["rabbitmq-server"]
