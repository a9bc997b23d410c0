import { GUEST, OUTSIDE, probe } from './checks.ts'
import type { Container } from './container.ts'

/** How a test tool finds out that a container is ready. */
export interface Wait {
  readonly name: string
  isReady(container: Container): Promise<boolean>
}

/** The strategies of drop-in 9. */
export const WAITS: readonly Wait[] = [
  {
    name: 'log line (Testcontainers for Java, Go, Node)',
    isReady: async ({ lines }) =>
      lines.filter((line) => /^.*Server startup complete.*$/.test(line)).length === 1,
  },
  {
    name: 'port, from outside and inside (Spring Boot, Testcontainers)',
    async isReady(container) {
      const { exitCode } = await container.runBeside(['bash', '-c', `</dev/tcp/${OUTSIDE}/5672`])
      if (exitCode !== 0) return false
      const inside = await Promise.all(INSIDE.map((script) => container.exec(['sh', '-c', script])))
      return inside.every((outcome) => outcome.exitCode === 0)
    },
  },
  {
    name: 'HTTP (management API)',
    async isReady(container) {
      const url = `http://${OUTSIDE}:15672/api/overview`
      const curl = ['curl', '-sf', '-o', '/dev/null', '-u', 'guest:guest', url]
      return (await container.runBeside(curl)).exitCode === 0
    },
  },
  {
    name: 'pika poll (Testcontainers for Python)',
    isReady: async (container) => (await probe(container, GUEST)).exitCode === 0,
  },
]

/** The ways in which Testcontainers looks for a port inside. */
const INSIDE = [
  "cat /proc/net/tcp* | awk '{print $2}' | grep -i :1628",
  'nc -vz -w 1 localhost 5672',
  "/bin/bash -c '</dev/tcp/localhost/5672'",
]
