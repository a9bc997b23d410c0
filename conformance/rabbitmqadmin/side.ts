import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import amqplib, { type ChannelModel } from 'amqplib'
import { wordsOf } from '../ctl/capture.ts'
import type { Case } from './case.ts'
import type { CaseOutcome } from './compare.ts'
import type { AdminTool } from './tool.ts'

const LISTING_MS = 30_000

export interface SidePlace {
  readonly url: string
  readonly management: { readonly host: string; readonly port: number }
  readonly directory: string
  readonly nodeName: string
  readonly clusterName: string
}

/** One of the brokers that are compared, with its clients and its files. */
export class Side {
  private readonly tool: AdminTool
  private readonly place: SidePlace
  private client: ChannelModel | null = null
  private connectionName = ''

  constructor(tool: AdminTool, place: SidePlace) {
    this.tool = tool
    this.place = place
    mkdirSync(place.directory, { recursive: true })
    this.writeFiles()
  }

  async run(one: Case): Promise<CaseOutcome> {
    if (one.file !== null) rmSync(join(this.place.directory, one.file), { force: true })
    const { host, port } = this.place.management
    const words = wordsOf(one.line).map((word) => this.placed(word))
    const all = one.isPlaced ? words : ['-H', host, '-P', String(port), ...words]
    const outcome = await this.tool.run(all, this.place.directory, one.input)
    const file = one.file === null ? null : join(this.place.directory, one.file)
    return {
      ...outcome,
      stdout: this.named(outcome.stdout),
      stderr: this.named(outcome.stderr),
      file: file !== null && existsSync(file) ? this.named(readFileSync(file, 'utf8')) : null,
    }
  }

  /** What its clients do before a case. */
  async prepare({ before }: Case): Promise<void> {
    if (before === 'connect') await this.connect()
    if (before === 'disconnect') await this.close()
  }

  async close(): Promise<void> {
    const { client } = this
    this.client = null
    await client?.close().catch(() => {}) // a case has closed it
  }

  /** A client with a consumer, and a channel in confirm mode. */
  private async connect(): Promise<void> {
    this.client = await amqplib.connect(`${this.place.url}/admin`, {
      clientProperties: { connection_name: 'client of the suite' },
    })
    this.client.on('error', () => {})
    const channel = await this.client.createChannel()
    await channel.prefetch(7)
    await channel.consume('q.classic', () => {}, {
      consumerTag: 'tag',
      arguments: { 'x-priority': 1 },
    })
    await this.client.createConfirmChannel()
    this.connectionName = await this.untilListed()
  }

  private async untilListed(): Promise<string> {
    const { host, port } = this.place.management
    const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`
    const deadlineMs = performance.now() + LISTING_MS
    while (performance.now() < deadlineMs) {
      const url = `http://${host}:${port}/api/connections?columns=name,channels`
      const answer = await fetch(url, { headers: { authorization } })
      const connections: readonly { name?: string; channels?: number }[] = JSON.parse(
        await answer.text(),
      )
      const [first] = connections
      if (first?.name !== undefined && first.channels === 2) return first.name
      await delay(100)
    }
    throw new Error(`the connection is not listed after ${LISTING_MS} ms`)
  }

  private placed(word: string): string {
    const { management, directory, nodeName } = this.place
    return word
      .replaceAll('{host}', management.host)
      .replaceAll('{port}', String(management.port))
      .replaceAll('{directory}', directory)
      .replaceAll('{node}', nodeName)
      .replaceAll('{connection}', this.connectionName)
  }

  /** The output with the names that both brokers have. */
  private named(text: string): string {
    const { management, directory, nodeName, clusterName, url } = this.place
    return text
      .replaceAll(directory, '{directory}')
      .replaceAll(`:${management.port}`, ':15672')
      .replaceAll(`:${new URL(url).port}`, ':5672')
      .replaceAll(/127\.0\.0\.1:\d+ -> /g, '127.0.0.1:1024 -> ')
      .replaceAll(/127\.0\.0\.1%3A\d+%20-%3E%20127\.0\.0\.1%3A\d+/g, '{connection}')
      .replaceAll(nodeName, '{node}')
      .replaceAll(clusterName, '{node}')
  }

  /** Files that cases name. */
  private writeFiles(): void {
    const { directory, management } = this.place
    const config = [
      '[here]',
      `hostname = ${management.host}`,
      `port = ${management.port}`,
      'username = guest',
      'password = guest',
      'declare_vhost = admin',
      '[wrong]',
      `hostname = ${management.host}`,
      `port = ${management.port}`,
      'password = wrong',
      '',
    ]
    const files = {
      'admin.conf': config.join('\n'),
      'broken.json': '{"users":',
      'no-object.json': '[]',
      'wrong-type.json': '{"queues":[{"vhost":"/","name":"x","durable":true,"arguments":3}]}',
      'no-vhost.json': '{"queues":[{"vhost":"nosuch","name":"x","durable":true,"arguments":{}}]}',
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  }
}
