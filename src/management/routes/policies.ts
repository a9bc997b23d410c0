import type { JsonObject } from '../../common/json.ts'
import type { Vhost } from '../../core/vhost.ts'
import { assertMakesPolicyFor, vhostToChange, visibleVhost, visibleVhosts } from '../access.ts'
import { type Call, NO_CONTENT, put, type Reply } from '../call.ts'
import { policyOfJson } from '../definitions/policy-json.ts'
import { objectNotFound } from '../http-error.ts'
import { list } from '../listing.ts'
import { bodyWith, get, listOf, objectOf, type Route } from '../route.ts'
import { object } from '../schema.ts'
import { type PolicyInVhost, policyView } from '../views/policy.ts'
import { shown } from '../views/view.ts'
import { validated } from './validated.ts'

const BODY = bodyWith(
  {
    pattern: 'string',
    definition: 'object',
    priority: 'integer',
    'apply-to': 'string',
  },
  'pattern',
  'definition',
)

export const POLICY_ROUTES: readonly Route[] = [
  ...policyRoutes('/policies', 'policy', 'user'),
  ...policyRoutes('/operator-policies', 'operator policy', 'operator'),
]

type Sort = 'user' | 'operator'

function policyRoutes(path: string, what: string, sort: Sort): readonly Route[] {
  const access = sort === 'operator' ? 'administrator' : 'policymaker'
  const listing = { view: policyView, order: ['priority', 'vhost', 'name'], hasPages: false }
  return [
    get(path, 'management', `Every ${what}`, listOf(policyView), (call) => {
      const vhosts = visibleVhosts(call.broker, call.user)
      return list(listing, vhosts.flatMap(policiesOf(sort)), call)
    }),
    get(`${path}/:vhost`, 'management', `Every ${what} of a vhost`, listOf(policyView), (call) => {
      const vhost = visibleVhost(call)
      return list(listing, policiesOf(sort)(vhost), call)
    }),
    get(`${path}/:vhost/:name`, access, `One ${what}`, objectOf(policyView), (call) => ({
      json: shown(policyView, policyIn(call, sort), call, call.query.columns),
    })),
    {
      method: 'PUT',
      path: `${path}/:vhost/:name`,
      access,
      summary: `Sets one ${what}`,
      body: BODY,
      handle: (call) => putPolicy(call, sort),
    },
    {
      method: 'DELETE',
      path: `${path}/:vhost/:name`,
      access,
      summary: `Deletes one ${what}`,
      handle: (call) => {
        const { vhost, policy } = policyIn(call, sort)
        const { administration } = call.broker
        if (sort === 'operator') administration.deleteOperatorPolicy(vhost.name, policy.name)
        else administration.deletePolicy(vhost.name, policy.name)
        return NO_CONTENT
      },
    },
  ]
}

function policiesOf(sort: Sort): (vhost: Vhost) => PolicyInVhost[] {
  return (vhost) => [...vhost.policies[sort]].map((policy) => ({ vhost, policy }))
}

function policyIn(call: Call, sort: Sort): PolicyInVhost {
  const { vhost: vhostName = '', name = '' } = call.params
  assertMakesPolicyFor(call.user, vhostName)
  const vhost = visibleVhost(call)
  const policy = vhost.policies[sort].get(name)
  if (policy === null) throw objectNotFound()
  return { vhost, policy }
}

function putPolicy(call: Call, sort: Sort): Reply {
  const { broker, user, params, body } = call
  const { vhost: vhostName = '', name = '' } = params
  assertMakesPolicyFor(user, vhostName)
  const vhost = vhostToChange(call)
  object(body, 'definition')
  const isNew = vhost.policies[sort].get(name) === null
  validated(() => {
    const policy = policyOfJson(name, known(body))
    if (sort === 'operator') broker.administration.setOperatorPolicy(vhost.name, policy)
    else broker.administration.setPolicy(vhost.name, policy)
  })
  return put(isNew)
}

/** Other fields are passed over. */
function known(body: JsonObject): JsonObject {
  const names = ['pattern', 'definition', 'priority', 'apply-to']
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)))
}
