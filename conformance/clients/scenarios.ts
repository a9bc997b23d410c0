/** The scenarios of RabbitMQ's tutorials that every client plays, in the order of the table. */
export const SCENARIOS = [
  'hello-world',
  'work-queue',
  'publish-subscribe',
  'routing',
  'topics',
  'rpc',
  'confirms',
] as const

export type Scenario = (typeof SCENARIOS)[number]
