import { ALL_PERMISSIONS, assertPatterns } from '../../auth/permissions.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import { eachInSlices, Slices } from '../../common/slices.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Vhost } from '../../core/vhost.ts'
import { NullNotAllowed } from '../amqp-json.ts'
import type { ChangeableBroker } from './defined-broker.ts'
import { DefinitionsError } from './definitions-error.ts'
import { erlangOfJson, objectOfJson } from './erlang-json.ts'
import { Fields } from './fields.ts'
import { setParameter, vhostLimitsOf } from './parameters.ts'
import { policyOfJson } from './policy-json.ts'
import { addBinding, addExchange, addQueue } from './topology.ts'
import { userOfJson } from './user-json.ts'

/**
 * Adds the definitions of a broker to what there is. As in RabbitMQ, queues and exchanges that exist stay as they are,
 * users, permissions, policies and parameters are set anew, and what stood before a mistake has been done. Rejects with
 * a DefinitionsError, with RabbitMQ's reason where it has one. `actingUser` is who imports them over the API, and may do
 * anything in new vhosts; null for a file.
 */
export async function importDefinitions(
  broker: ChangeableBroker,
  json: unknown,
  actingUser: string | null = null,
): Promise<void> {
  const lists = new Lists(json, broker)
  const { administration } = broker
  await lists.each('users', (user) => administration.putUser(userOfJson(user)))
  await lists.each('vhosts', (vhost) => addVhost(broker, vhost, actingUser))
  await lists.each('permissions', (permissions) => addPermissions(broker, permissions))
  await lists.each('topic_permissions', (topics) => addTopicPermissions(broker, topics))
  const vhostOf = (item: Fields) => existingVhost(broker, item.text('vhost'))
  await lists.each('exchanges', (exchange) => addExchange(vhostOf(exchange), exchange))
  await lists.each('global_parameters', (parameter) => {
    administration.setGlobalParameter(parameter.text('name'), parameter.value('value'))
  })
  await lists.each('policies', (policy) => addPolicy(broker, vhostOf(policy), policy))
  await lists.each('queues', (queue) => addQueue(vhostOf(queue), queue))
  await lists.each('bindings', (binding) => addBinding(vhostOf(binding), binding))
  await lists.each('parameters', (parameter) => addParameter(broker, vhostOf(parameter), parameter))
}

/** Adds definitions to one vhost, whatever vhost they name. Rejects with a DefinitionsError. */
export async function importVhostDefinitions(
  broker: ChangeableBroker,
  name: string,
  json: unknown,
): Promise<void> {
  const lists = new Lists(json, broker)
  const vhost = () => existingVhost(broker, name)
  await lists.each('exchanges', (exchange) => addExchange(vhost(), exchange))
  await lists.each('policies', (policy) => addPolicy(broker, vhost(), policy))
  await lists.each('queues', (queue) => addQueue(vhost(), queue))
  await lists.each('bindings', (binding) => addBinding(vhost(), binding))
  await lists.each('parameters', (parameter) => addParameter(broker, vhost(), parameter))
}

/** Definitions as lists of things, which are gone through in slices: meanwhile everybody else goes on. */
class Lists {
  private readonly definitions: JsonObject
  private readonly closing: AbortSignal
  private readonly slices = new Slices()

  constructor(json: unknown, { closing }: ChangeableBroker) {
    if (!isJsonObject(json)) throw new DefinitionsError('failed_to_parse_json')
    this.definitions = json
    this.closing = closing.signal
  }

  /** Every one of a list that may be absent. */
  async each(name: string, add: (item: Fields) => void): Promise<void> {
    const list: Json = this.definitions[name] ?? []
    if (!isJsonList(list)) throw new DefinitionsError(`${name} should be a list`)
    let at = 0
    await eachInSlices(list, this.slices, (item) => {
      if (this.closing.aborted) throw new DefinitionsError('the broker is stopping')
      // RabbitMQ takes a vhost that is no more than its name
      const fields = name === 'vhosts' && typeof item === 'string' ? { name: item } : item
      const place = `${name}[${at++}]`
      if (!isJsonObject(fields)) throw new DefinitionsError(`${place} should be an object`)
      try {
        add(new Fields(fields, place))
      } catch (error) {
        throw reasonOf(error)
      }
    })
  }
}

/** What core and administration refuse is a reason like any other; what remains is a bug of ours. */
function reasonOf(error: unknown): unknown {
  if (error instanceof Refusal) {
    const code = error.kind.replaceAll('-', '_')
    return new DefinitionsError(`${code}: ${error.message}`, { cause: error })
  }
  if (error instanceof NullNotAllowed) return new DefinitionsError(error.message, { cause: error })
  return error
}

function existingVhost({ vhosts }: ChangeableBroker, name: string): Vhost {
  const vhost = vhosts.get(name)
  if (vhost !== undefined) return vhost
  throw new DefinitionsError(`Please create virtual host "${name}" prior to importing definitions.`)
}

/** What describes it may stand in `metadata` or beside its name. */
function addVhost(
  { administration, vhosts, users }: ChangeableBroker,
  vhost: Fields,
  actingUser: string | null,
): void {
  const name = vhost.text('name')
  const isNew = vhosts.get(name) === undefined
  if (isNew) administration.addVhost(name)
  if (isNew && actingUser !== null && users.get(actingUser) !== null) {
    administration.setPermissions(actingUser, name, ALL_PERMISSIONS)
  }
  for (const fields of [vhost, vhost.object('metadata')]) {
    const text = fields.optionalText('description')
    if (text !== undefined) administration.describeVhost(name, { text })
    if (fields.has('tags')) administration.describeVhost(name, { tags: fields.tags('tags') })
    const defaultQueueType = fields.optionalText('default_queue_type')
    if (defaultQueueType !== undefined) administration.describeVhost(name, { defaultQueueType })
    const isProtected = fields.boolean('protected_from_deletion', false)
    if (isProtected) administration.describeVhost(name, { isProtected })
  }
  const limits = objectOfJson(vhost.value('limits', {}))
  if (limits !== null && Object.keys(limits).length > 0) {
    administration.setVhostLimits(name, vhostLimitsOf(limits))
  }
}

function addPermissions(broker: ChangeableBroker, permissions: Fields): void {
  const user = existingUser(broker, permissions.text('user'))
  const vhost = existingVhost(broker, permissions.text('vhost'))
  const [configure, write, read] = ['configure', 'write', 'read'].map((name) => {
    return patternIn(permissions, name)
  })
  broker.administration.setPermissions(user, vhost.name, {
    configure: configure ?? '',
    write: write ?? '',
    read: read ?? '',
  })
}

function addTopicPermissions(broker: ChangeableBroker, permissions: Fields): void {
  const user = existingUser(broker, permissions.text('user'))
  const vhost = existingVhost(broker, permissions.text('vhost'))
  const exchange = permissions.text('exchange')
  const write = patternIn(permissions, 'write')
  const read = patternIn(permissions, 'read')
  broker.administration.setTopicPermissions(user, vhost.name, exchange, { write, read })
}

function patternIn(permissions: Fields, name: string): string {
  const pattern = permissions.text(name)
  try {
    assertPatterns(pattern)
    return pattern
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const reason = `{invalid_regexp,${erlangOfJson(pattern)},${erlangOfJson(error.message)}}`
    throw new DefinitionsError(reason, { cause: error })
  }
}

function existingUser({ users }: ChangeableBroker, name: string): string {
  if (users.get(name) !== null) return name
  throw new DefinitionsError(`{no_such_user,${erlangOfJson(name)}}`)
}

function addPolicy({ administration }: ChangeableBroker, vhost: Vhost, policy: Fields): void {
  const name = policy.text('name')
  validated(vhost, name, () => {
    administration.setPolicy(vhost.name, policyOfJson(name, policy.json))
  })
}

function addParameter(broker: ChangeableBroker, vhost: Vhost, parameter: Fields): void {
  const name = parameter.text('name')
  const component = parameter.text('component')
  const value = parameter.value('value')
  validated(vhost, name, () => {
    setParameter(broker, { component, vhost: vhost.name, name, value })
  })
}

/** Does what a policy or a parameter asks for, and tells of a mistake as RabbitMQ does. */
function validated(vhost: Vhost, key: string, set: () => void): void {
  try {
    set()
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof DefinitionsError)) throw error
    const text = `Validation failed\n\n${error.message}\n (vhost: "${vhost.name}" key: "${key}")`
    throw new DefinitionsError(text, { cause: error })
  }
}
