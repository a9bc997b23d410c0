import type { Stage } from './stage.ts'

/** A way in which people let messages die and come back. */
export type Topology = {
  readonly name: string
  /** Builds it, sends messages through and notes what consumers see. */
  play(stage: Stage): Promise<void>
}

export const TOPOLOGIES: readonly Topology[] = [
  { name: 'ladder of queues with TTLs', play: ladder },
  { name: 'rejected to a parking lot', play: parkingLot },
  { name: 'retry with a delay queue and back', play: retry },
  { name: 'cycles', play: cycles },
  { name: 'CC and BCC', play: copies },
  { name: 'length limit to a dead-letter queue', play: lengthLimit },
  { name: 'expiration per message', play: expirations },
  { name: 'dead-letter routing key', play: routingKey },
  { name: 'fanout dead-letter exchange', play: fanout },
  { name: 'two dead-letter exchanges in a row', play: twoHops },
  { name: 'published again by its consumer', play: publishedAgain },
]

async function ladder(stage: Stage): Promise<void> {
  await stage.queue('end')
  await stage.queue('third', [...stage.deadLettersTo('', 'end'), ['x-message-ttl', 'I', 60]])
  await stage.queue('second', [...stage.deadLettersTo('', 'third'), ['x-message-ttl', 'I', 50]])
  await stage.queue('first', [...stage.deadLettersTo('', 'second'), ['x-message-ttl', 'I', 40]])
  stage.publish('first', 'plain')
  await stage.see('end')
  stage.publish('first', 'with headers', {
    headers: [
      ['zz', 'I', 1],
      ['aa', 'S', 'x'],
    ],
  })
  await stage.see('end')
}

async function parkingLot(stage: Stage): Promise<void> {
  await stage.exchange('parking')
  await stage.queue('parked')
  await stage.bind('parked', 'parking')
  await stage.queue('work', stage.deadLettersTo('parking'))
  stage.publish('work', 'rejected')
  stage.reject(await stage.see('work'))
  await stage.see('parked')
  stage.publish('work', 'nacked', { deliveryMode: 2, messageId: 'id' })
  stage.nack(await stage.see('work'))
  await stage.see('parked')
}

async function retry(stage: Stage): Promise<void> {
  await stage.queue('work', stage.deadLettersTo('', 'retry'))
  await stage.queue('retry', [...stage.deadLettersTo('', 'work'), ['x-message-ttl', 'I', 50]])
  stage.publish('work', 'm')
  for (let turn = 0; turn < 5; turn++) stage.reject(await stage.see('work'))
  stage.ack(await stage.see('work'))
}

/** By rejections for ever; by TTLs there and back once, which leaves both queues empty. */
async function cycles(stage: Stage): Promise<void> {
  await stage.queue('self', stage.deadLettersTo('', 'self'))
  stage.publish('self', 'rejected')
  for (let turn = 0; turn < 4; turn++) stage.reject(await stage.see('self'))
  await stage.queue('here', [...stage.deadLettersTo('', 'there'), ['x-message-ttl', 'I', 40]])
  await stage.queue('there', stage.deadLettersTo('', 'here'))
  stage.publish('here', 'there and back')
  for (let turn = 0; turn < 3; turn++) stage.reject(await stage.see('there'))
  await stage.queue('alone', [...stage.deadLettersTo('', 'alone'), ['x-message-ttl', 'I', 20]])
  stage.publish('alone', 'dropped')
  await stage.emptied('alone')
}

async function copies(stage: Stage): Promise<void> {
  await stage.exchange('topic', 'topic')
  await stage.queue('by key', stage.deadLettersTo('topic', 'dead'))
  await stage.queue('by copies', stage.deadLettersTo('topic'))
  await stage.queue('dead ones')
  await stage.bind('dead ones', 'topic', '#')
  const headers = {
    headers: [
      [
        'CC',
        'A',
        [
          ['S', 'c1'],
          ['S', 'c2'],
        ],
      ],
      ['BCC', 'A', [['S', 'b1']]],
    ] satisfies [string, string, [string, string][]][],
  }
  for (const queue of ['by key', 'by copies']) {
    stage.publish(queue, queue, headers)
    stage.reject(await stage.see(queue))
    await stage.see('dead ones')
  }
}

async function lengthLimit(stage: Stage): Promise<void> {
  await stage.queue('overflow')
  const limit = ['x-max-length', 'I', 2] satisfies [string, string, number]
  await stage.queue('short', [...stage.deadLettersTo('', 'overflow'), limit])
  for (const body of ['1', '2', '3', '4']) stage.publish('short', body)
  for (let at = 0; at < 2; at++) await stage.see('overflow')
  await stage.queue('strict', [
    ...stage.deadLettersTo('', 'overflow'),
    ['x-max-length', 'I', 0],
    ['x-overflow', 'S', 'reject-publish-dlx'],
  ])
  stage.publish('strict', 'refused')
  await stage.see('overflow')
  await stage.queue('bytes', [
    ...stage.deadLettersTo('', 'overflow'),
    ['x-max-length-bytes', 'I', 3],
  ])
  stage.publish('bytes', 'too long')
  await stage.see('overflow')
}

async function expirations(stage: Stage): Promise<void> {
  await stage.queue('expired')
  await stage.queue('delay', stage.deadLettersTo('', 'expired'))
  await stage.queue('limited', [...stage.deadLettersTo('', 'expired'), ['x-message-ttl', 'I', 40]])
  for (const expiration of ['10', '30', '0']) {
    stage.publish('delay', expiration, { expiration })
    await stage.see('expired')
  }
  stage.publish('limited', "the queue's", { expiration: '60000' })
  await stage.see('expired')
  stage.publish('delay', 'rejected', { expiration: '60000' })
  stage.reject(await stage.see('delay'))
  await stage.see('expired')
}

async function routingKey(stage: Stage): Promise<void> {
  await stage.exchange('source', 'topic')
  await stage.exchange('dead', 'direct')
  for (const kind of ['mail', 'bill']) {
    await stage.queue(kind, stage.deadLettersTo('dead', `dead ${kind}`))
    await stage.bind(kind, 'source', kind)
    await stage.queue(`dead ${kind}`)
    await stage.bind(`dead ${kind}`, 'dead', `dead ${kind}`)
  }
  for (const kind of ['mail', 'bill']) {
    stage.publish(kind, kind, {}, 'source')
    stage.reject(await stage.see(kind))
    await stage.see(`dead ${kind}`)
  }
}

async function fanout(stage: Stage): Promise<void> {
  await stage.exchange('dead', 'fanout')
  const targets = ['log', 'alarm', 'parked']
  for (const target of targets) {
    await stage.queue(target)
    await stage.bind(target, 'dead')
  }
  await stage.queue('work', stage.deadLettersTo('dead'))
  stage.publish('work', 'm', { headers: [['kept', 'S', 'v']] })
  stage.reject(await stage.see('work'))
  for (const target of targets) await stage.see(target)
}

async function twoHops(stage: Stage): Promise<void> {
  await stage.exchange('source', 'direct')
  await stage.exchange('first', 'fanout')
  await stage.exchange('second', 'topic')
  await stage.queue('work', stage.deadLettersTo('first'))
  await stage.bind('work', 'source', 'key')
  await stage.queue('waiting', [
    ...stage.deadLettersTo('second', 'second key'),
    ['x-message-ttl', 'I', 40],
  ])
  await stage.bind('waiting', 'first')
  await stage.queue('end')
  await stage.bind('end', 'second', '#')
  stage.publish('key', 'm', { expiration: '5000' }, 'source')
  stage.reject(await stage.see('work'))
  await stage.see('end')
}

/** What consumers do that have no delay queue of their own: acknowledge, and publish to a queue with a TTL. */
async function publishedAgain(stage: Stage): Promise<void> {
  await stage.queue('work')
  await stage.queue('delay', [...stage.deadLettersTo('', 'work'), ['x-message-ttl', 'I', 40]])
  stage.publish('work', 'm')
  for (let turn = 0; turn < 4; turn++) {
    const message = await stage.see('work')
    const { headers } = message.properties
    stage.ack(message)
    if (turn < 3) stage.publish('delay', 'm', headers === undefined ? {} : { headers })
  }
}
