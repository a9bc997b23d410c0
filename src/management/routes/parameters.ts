import type { Json } from '../../common/json.ts'
import type { Parameter } from '../../core/parameters.ts'
import { assertMakesPolicyFor, isAdministrator, vhostToChange, visibleVhost } from '../access.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { globalParametersOf, parametersOf, setParameter } from '../definitions/parameters.ts'
import { badRequest, objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, type Route } from '../route.ts'
import { shown, type View } from '../views/view.ts'
import { validated } from './validated.ts'

const ANY = ['object', 'array', 'string', 'number', 'boolean', 'null'] as const

const parameterView: View<Parameter> = {
  value: { type: ANY, read: ({ value }) => value },
  vhost: { type: 'string', read: ({ vhost }) => vhost },
  component: { type: 'string', read: ({ component }) => component },
  name: { type: 'string', read: ({ name }) => name },
}

interface GlobalParameter {
  readonly name: string
  readonly value: Json
}

const globalParameterView: View<GlobalParameter> = {
  value: { type: ANY, read: ({ value }) => value },
  name: { type: 'string', read: ({ name }) => name },
}

const LISTING = {
  view: parameterView,
  order: ['vhost', 'component', 'name'],
  hasPages: false,
}

const VALUE = bodyWith({ value: ANY }, 'value')

export const PARAMETER_ROUTES: readonly Route[] = [
  get('/parameters', 'policymaker', 'Parameters of components', listOf(parameterView), (call) =>
    list(LISTING, visible(call), call),
  ),
  get(
    '/parameters/:component',
    'policymaker',
    'Those of a component',
    listOf(parameterView),
    (call) => list(LISTING, ofComponent(call), call),
  ),
  get(
    '/parameters/:component/:vhost',
    'policymaker',
    'Those of a component in a vhost',
    listOf(parameterView),
    (call) => {
      const { vhost = '' } = call.params
      assertMakesPolicyFor(call.user, vhost)
      const { name } = visibleVhost(call)
      return list(
        LISTING,
        ofComponent(call).filter(({ vhost }) => vhost === name),
        call,
      )
    },
  ),
  get(
    '/parameters/:component/:vhost/:name',
    'policymaker',
    'A parameter',
    objectOf(parameterView),
    (call) => ({
      json: shown(parameterView, parameterOf(call), call, call.query.columns),
    }),
  ),
  {
    method: 'PUT',
    path: '/parameters/:component/:vhost/:name',
    access: 'policymaker',
    summary: 'Sets a parameter',
    body: VALUE,
    handle: putParameter,
  },
  {
    method: 'DELETE',
    path: '/parameters/:component/:vhost/:name',
    access: 'policymaker',
    summary: 'Deletes a parameter',
    handle: (call) => clear(call, parameterOf(call)),
  },
  get(
    '/global-parameters',
    'policymaker',
    'Global parameters',
    listOf(globalParameterView),
    (call) => {
      const listing = { view: globalParameterView, order: ['name'], hasPages: false }
      return list(listing, globalParametersOf(call.broker), call)
    },
  ),
  get(
    '/global-parameters/:name',
    'policymaker',
    'A global parameter',
    objectOf(globalParameterView),
    (call) => ({ json: shown(globalParameterView, globalOf(call), call) }),
  ),
  {
    method: 'PUT',
    path: '/global-parameters/:name',
    access: 'policymaker',
    summary: 'Sets a global parameter',
    body: VALUE,
    handle: (call) => {
      const { broker, params, body } = call
      const { name = '' } = params
      const isNew = !globalParametersOf(broker).some((parameter) => parameter.name === name)
      broker.administration.setGlobalParameter(name, body.value ?? null)
      return put(isNew)
    },
  },
  {
    method: 'DELETE',
    path: '/global-parameters/:name',
    access: 'policymaker',
    summary: 'Deletes a global parameter',
    handle: (call) => {
      call.broker.administration.clearGlobalParameter(globalOf(call).name)
      return NO_CONTENT
    },
  },
]

function visible({ broker, user }: Call): Parameter[] {
  return [...parametersOf(broker)].filter(
    ({ vhost }) => isAdministrator(user) || user.permissions.has(vhost),
  )
}

function ofComponent(call: Call): Parameter[] {
  return visible(call).filter(({ component }) => component === call.params.component)
}

function parameterOf(call: Call): Parameter {
  const { vhost = '', name } = call.params
  assertMakesPolicyFor(call.user, vhost)
  const found = ofComponent(call).find((one) => one.vhost === vhost && one.name === name)
  if (found === undefined) throw objectNotFound()
  return found
}

function putParameter(call: Call): Reply {
  const { broker, user, params, body } = call
  const { component = '', name = '' } = params
  if (component === 'policy') throw badRequest('policies may not be set using this method')
  assertMakesPolicyFor(user, params.vhost ?? '')
  const { name: vhost } = vhostToChange(call)
  const isNew = !ofComponent(call).some((one) => one.vhost === vhost && one.name === name)
  validated(() => setParameter(broker, { component, vhost, name, value: body.value ?? null }))
  return put(isNew)
}

function clear({ broker }: Call, { component, vhost, name }: Parameter): Reply {
  const { administration } = broker
  switch (component) {
    case 'vhost-limits':
      administration.setVhostLimits(vhost, { maxConnections: null, maxQueues: null })
      break
    case 'operator_policy':
      administration.deleteOperatorPolicy(vhost, name)
      break
    default:
      administration.clearParameter(component, vhost, name)
  }
  return NO_CONTENT
}

function globalOf({ broker, params }: Call): GlobalParameter {
  const found = globalParametersOf(broker).find(({ name }) => name === params.name)
  if (found === undefined) throw objectNotFound()
  return found
}
