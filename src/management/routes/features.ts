import { NO_CONTENT } from '../call.ts'
import { badRequest } from '../http-error.ts'
import { list } from '../listing.ts'
import type { ManagedBroker } from '../managed-broker.ts'
import { get, listOf, type Route } from '../route.ts'
import type { View } from '../views/view.ts'

const featureFlagView: View<string> = {
  name: { type: 'string', read: (name) => name },
  desc: { type: 'string', read: () => '' },
  doc_url: { type: 'string', read: () => '' },
  state: { type: 'string', read: () => 'enabled' },
  stability: { type: 'string', read: () => 'stable' },
  require_level: { type: 'string', read: () => 'none' },
  experiment_level: { type: 'string', read: () => 'supported' },
  callbacks: { type: 'array', read: () => [] },
  provided_by: { type: 'string', read: () => 'rabbit' },
}

interface DeprecatedFeature {
  readonly name: string
  readonly phase: 'permitted_by_default' | 'denied_by_default' | 'removed'
  readonly isPermitted: boolean
}

const deprecatedFeatureView: View<DeprecatedFeature> = {
  name: { type: 'string', read: ({ name }) => name },
  state: { type: 'string', read: ({ isPermitted }) => (isPermitted ? 'permitted' : 'denied') },
  desc: { type: 'string', read: () => '' },
  deprecation_phase: { type: 'string', read: ({ phase }) => phase },
  doc_url: { type: 'string', read: () => '' },
  provided_by: { type: 'string', read: () => 'rabbit' },
}

const { state: _state, ...usedFeatureView } = deprecatedFeatureView

export const FEATURE_ROUTES: readonly Route[] = [
  get('/feature-flags', 'management', 'What the broker can', listOf(featureFlagView), (call) =>
    list({ view: featureFlagView, order: ['name'], hasPages: false }, FEATURE_FLAGS, call),
  ),
  {
    method: 'PUT',
    path: '/feature-flags/:name/enable',
    access: 'administrator',
    summary: 'Nothing: all of them are on',
    handle: ({ params }) => {
      if (!FEATURE_FLAGS.includes(params.name ?? '')) throw badRequest('unsupported')
      return NO_CONTENT
    },
  },
  get(
    '/deprecated-features',
    'management',
    'What is on its way out',
    listOf(deprecatedFeatureView),
    (call) =>
      list(
        { view: deprecatedFeatureView, order: [], hasPages: false },
        featuresOf(call.broker),
        call,
      ),
  ),
  get(
    '/deprecated-features/used',
    'management',
    'What of it is in use',
    listOf(usedFeatureView),
    (call) => {
      const used = featuresOf(call.broker).filter(({ name }) => isUsed(call.broker, name))
      return list({ view: usedFeatureView, order: [], hasPages: false }, used, call)
    },
  ),
]

/** Names that tools ask for. */
const FEATURE_FLAGS = [
  'classic_mirrored_queue_version',
  'classic_queue_type_delivery_support',
  'detailed_queues_endpoint',
  'direct_exchange_routing_v2',
  'drop_unroutable_metric',
  'empty_basic_get_metric',
  'feature_flags_v2',
  'implicit_default_bindings',
  'maintenance_mode_status',
  'message_containers',
  'quorum_queue',
  'rabbit_exchange_type_local_random',
  'stream_queue',
  'user_limits',
  'virtual_host_metadata',
]

function featuresOf({ compat }: ManagedBroker): readonly DeprecatedFeature[] {
  return [
    {
      name: 'queue_master_locator',
      phase: 'denied_by_default',
      isPermitted: compat.hasMasterLocator,
    },
    { name: 'global_qos', phase: 'denied_by_default', isPermitted: compat.hasGlobalQos },
    {
      name: 'transient_nonexcl_queues',
      phase: 'permitted_by_default',
      isPermitted: compat.hasTransientQueues,
    },
    { name: 'classic_queue_mirroring', phase: 'removed', isPermitted: false },
    { name: 'ram_node_type', phase: 'removed', isPermitted: false },
  ]
}

function isUsed({ vhosts }: ManagedBroker, feature: string): boolean {
  if (feature !== 'transient_nonexcl_queues') return false
  for (const { queues } of vhosts) {
    for (const { durable, exclusiveOwner } of queues) {
      if (!durable && exclusiveOwner === null) return true
    }
  }
  return false
}
