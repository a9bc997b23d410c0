FROM node:20-slim AS build
WORKDIR /leveret
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:20-slim
ENV NODE_ENV=production
# Clients of a container come from outside it, so guest may log in from anywhere, as in RabbitMQ's image.
ENV LEVERET_LOOPBACK_USERS=none
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
