import { expect, test } from 'vitest'
import { Command } from './command.ts'

test('a variable of RabbitMQ that would change who may log in is not ignored silently', async () => {
  const env = { RABBITMQ_DEFAULT_USER: 'app' }
  const command = new Command(['--host', '127.0.0.1', '--port', '0'], { env })
  await command.port()
  command.kill('SIGTERM')
  const { stdout } = await command.ending()
  expect(stdout.join('\n')).toContain('RABBITMQ_DEFAULT_USER is not supported yet')
})
