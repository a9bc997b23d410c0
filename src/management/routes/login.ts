import { logIn } from '../access.ts'
import { type Call, NO_CONTENT, type Reply } from '../call.ts'
import { get, type Route } from '../route.ts'
import { identityOf } from '../views/user.ts'

export const LOGIN_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/login',
    access: 'open',
    summary: 'Logs in with a form of username and password',
    hasRawBody: true,
    response: {
      type: 'object',
      properties: { user: { type: 'object' }, token: { type: 'object' } },
    },
    handle: login,
  },
  {
    method: 'DELETE',
    path: '/login',
    access: 'open',
    summary: 'Logs out',
    hasRawBody: true,
    handle: () => NO_CONTENT,
  },
  {
    ...get(
      '/config/effective',
      'administrator',
      'The settings in effect',
      { type: 'string' },
      (call) => ({
        text: effectiveConfig(call),
        type: 'text/plain',
      }),
    ),
    acceptsAnything: true,
  },
]

async function login({ broker, rawBody, peer }: Call): Promise<Reply> {
  const form = new URLSearchParams(rawBody.toString())
  const name = form.get('username') ?? ''
  const password = form.get('password') ?? ''
  const user = await logIn(broker, { name, password }, peer)
  const value = Buffer.from(`${name}:${password}`).toString('base64')
  return { json: { user: identityOf(user), token: { type: 'basic', value } } }
}

/** In lines of `rabbitmq.conf`. */
function effectiveConfig({ broker }: Call): string {
  const listeners = broker
    .listeners()
    .map(({ protocol, host, port }) => `${protocol} = ${host}:${port}`)
  return [`version = ${broker.version}`, `node = ${broker.nodeName}`, ...listeners, ''].join('\n')
}
