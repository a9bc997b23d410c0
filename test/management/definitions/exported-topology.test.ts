import { expect, test } from 'vitest'
import { ExportedTopology } from '../../../src/management/definitions/exported-topology.ts'
import { importDefinitions } from '../../../src/management/definitions/import.ts'
import { definedBroker } from './defined-broker.ts'

test('what comes and goes while it is exported leaves no binding that leads nowhere', async () => {
  const broker = definedBroker()
  const at = { vhost: '/' }
  const bound = (destination: string) => ({ ...at, source: 'x', destination, routing_key: 'k' })
  await importDefinitions(broker, {
    exchanges: [{ ...at, name: 'x', type: 'direct' }],
    queues: ['stays', 'goes'].map((name) => ({ ...at, name })),
    bindings: ['stays', 'goes'].map(bound),
  })
  const vhost = broker.vhosts.get('/')
  if (vhost === undefined) throw new Error('no /')
  const topology = new ExportedTopology(vhost, true)
  await importDefinitions(broker, {
    queues: [{ ...at, name: 'comes' }],
    bindings: [bound('comes')],
  })
  const queues = [...topology.queues()]
  vhost.deleteQueue('goes', false, false, {})
  const exchanges = [...topology.exchanges()]
  const bindings = [...topology.bindings()]
  expect(queues.map(({ name }) => name)).toEqual(['stays', 'goes'])
  expect(bindings.map(({ destination }) => destination)).toEqual(['stays'])
  await importDefinitions(definedBroker(), { queues, exchanges, bindings })
})
