import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SpawnedBroker } from './spawned-broker.ts'

const PROGRAM = '/usr/bin/garagemq'

/** Debian's garagemq, configured as the package does but for its places. Throws where it is not installed. */
export function garageMq(): SpawnedBroker {
  if (!existsSync(PROGRAM)) throw new Error('garagemq is not installed (apt-get install garagemq)')
  return new SpawnedBroker('GarageMQ', ({ port, directory }) => {
    const file = join(directory, 'config.yaml')
    writeFileSync(file, config(port, directory))
    return { command: PROGRAM, args: ['--config', file, '--log-level', 'error'] }
  })
}

function config(port: number, directory: string): string {
  return `proto: amqp-rabbit
users:
  - username: guest
    password: 084e0343a0486ff05530df6c705c8bb4 # guest, as MD5
tcp:
  ip: 127.0.0.1
  port: ${port}
  nodelay: false
  readBufSize: 196608
  writeBufSize: 196608
admin:
  ip: 127.0.0.1
  port: 0
queue:
  shardSize: 8192
  maxMessagesInRam: 131072
db:
  defaultPath: ${join(directory, 'db')}
  engine: badger
vhost:
  defaultPath: /
security:
  passwordCheck: md5
connection:
  channelsMax: 4096
  frameMaxSize: 65536
`
}
