import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Container, Outcome } from './container.ts'

/** Who logs in where. */
export interface Login {
  readonly user: string
  readonly password: string
  readonly vhost?: string
  readonly port?: number
}

export const GUEST: Login = { user: 'guest', password: 'guest' }

/** An address of the container that is not its loopback, as Docker gives it. */
export const OUTSIDE = '172.17.0.2'

/** What pika says who logs in from outside, and looks for a queue if one is named. */
export function probe(container: Container, login: Login, queue?: string): Promise<Outcome> {
  const { user, password, vhost = '/', port = 5672 } = login
  const program = join(import.meta.dirname, 'probe.py')
  const args = [OUTSIDE, `${port}`, user, password, vhost, ...(queue === undefined ? [] : [queue])]
  return container.runBeside(['/usr/bin/python3', '-B', program, ...args])
}

export async function canLogIn(container: Container, login: Login, queue?: string): Promise<void> {
  const { exitCode, stderr } = await probe(container, login, queue)
  assert.equal(exitCode, 0, `${login.user} cannot log in: ${stderr}`)
}

export async function cannotLogIn(container: Container, login: Login): Promise<void> {
  const { exitCode } = await probe(container, login)
  assert.notEqual(exitCode, 0, `${login.user} can log in`)
}

export function logHas(container: Container, text: string): void {
  assert.ok(
    container.lines.some((line) => line.includes(text)),
    `no '${text}' in:\n${container.lines.join('\n')}`,
  )
}

/** Of a command inside that has to succeed, what it prints. */
export async function printed(container: Container, ...command: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await container.exec(command)
  assert.equal(exitCode, 0, `${command.join(' ')}: ${stderr}${stdout}`)
  return stdout.trim()
}

/** Who the process is that listens, by its user id. */
export async function brokerUser(container: Container): Promise<string> {
  const script = 'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" = node ] && stat -c %u $p; done'
  const [uid = ''] = (await printed(container, 'sh', '-c', `${script} | sort -u`)).split('\n')
  return uid
}
