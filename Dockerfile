FROM node:20-slim AS build
WORKDIR /leveret
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:20-slim
ENV NODE_ENV=production
# Where compose files for RabbitMQ mount their configuration.
ENV RABBITMQ_CONFIG_FILE=/etc/rabbitmq/rabbitmq.conf
ENV RABBITMQ_CONFIG_FILES=/etc/rabbitmq/conf.d
ENV RABBITMQ_ENABLED_PLUGINS_FILE=/etc/rabbitmq/enabled_plugins
# Clients of a container come from outside it, so guest may log in from anywhere, as in RabbitMQ's image.
RUN mkdir -p /etc/rabbitmq/conf.d && cd /etc/rabbitmq && touch rabbitmq.conf \
  && echo '[rabbitmq_management,rabbitmq_prometheus].' > enabled_plugins \
  && echo 'loopback_users.guest = false' > conf.d/10-defaults.conf
# Where compose files for RabbitMQ have their volume; what RabbitMQ itself has left there is not touched.
ENV LEVERET_DATA_DIR=/var/lib/rabbitmq/leveret
RUN mkdir -p /var/lib/rabbitmq && chown node:node /var/lib/rabbitmq
VOLUME /var/lib/rabbitmq
WORKDIR /leveret
COPY --from=build /leveret/package.json ./
COPY --from=build /leveret/node_modules node_modules
COPY --from=build /leveret/dist dist
USER node
EXPOSE 5672
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/leveret/dist/cli/main.js"]
