import type { Route } from './route.ts'

/** The document of the API (OpenAPI 3.1), made from the table of its routes. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leveret management',
      description: `The management HTTP API of RabbitMQ ${version}.`,
      version,
    },
    servers: [{ url: '/api' }],
    components: { securitySchemes: { basic: { type: 'http', scheme: 'basic' } } },
    paths,
  }
}

function operationOf(route: Route): object {
  const { access, body, path, response, summary } = route
  const content = (schema: object) => ({ 'application/json': { schema } })
  return {
    summary,
    description: access === 'open' ? 'For everybody.' : `Needs the tag ${access}, or one above it.`,
    security: access === 'open' ? [] : [{ basic: [] }],
    parameters: [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(body === undefined ? {} : { requestBody: { content: content(body) } }),
    responses: {
      ...(response === undefined
        ? { 204: { description: 'Done' } }
        : { 200: { description: summary, content: content(response) } }),
      ...(access === 'open' ? {} : { 401: { description: 'Not logged in, or not allowed' } }),
      ...(path.includes(':')
        ? { 404: { description: 'Something of this name does not exist' } }
        : {}),
    },
  }
}
