/** The HTTP API of one broker, for a user. */
export class Api {
  private readonly place: { readonly host: string; readonly port: number }

  constructor(place: { readonly host: string; readonly port: number }) {
    this.place = place
  }

  /** The answer's JSON. Rejects for any status of an error. */
  async get(path: string): Promise<unknown> {
    return JSON.parse(await (await this.send('GET', path)).text())
  }

  /** Rejects for any status of an error. */
  async put(path: string, body: object): Promise<void> {
    await this.send('PUT', path, JSON.stringify(body))
  }

  /** Rejects for any status of an error. */
  async post(path: string, body: object | string): Promise<void> {
    await this.send('POST', path, typeof body === 'string' ? body : JSON.stringify(body))
  }

  /** Whether a user may log in with a password. */
  async lets(user: string, password: string): Promise<boolean> {
    const { status } = await this.ask('GET', '/api/whoami', undefined, `${user}:${password}`)
    return status === 200
  }

  private async send(method: string, path: string, body?: string): Promise<Response> {
    const answer = await this.ask(method, path, body, 'guest:guest')
    if (answer.ok) return answer
    throw new Error(`${method} ${path} ${body ?? ''}: ${answer.status} ${await answer.text()}`)
  }

  private ask(method: string, path: string, body: string | undefined, login: string) {
    const { host, port } = this.place
    const authorization = `Basic ${Buffer.from(login).toString('base64')}`
    return fetch(`http://${host}:${port}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    })
  }
}

/** The part of a path for a name. */
export function named(name: string): string {
  return encodeURIComponent(name)
}
