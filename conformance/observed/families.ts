import {
  alternateExchanges,
  exchangeTypes,
  hashArguments,
  queueArguments,
  queueProperties,
  recentHistoryLengths,
  transientQueues,
} from './errors/arguments.ts'
import { bindings, otherBindings } from './errors/bindings.ts'
import { channels } from './errors/channels.ts'
import { consumerPriorities, consumerTimeouts, consuming, flowControl } from './errors/consuming.ts'
import { conditionalDeletes, inUse } from './errors/deleting.ts'
import { exclusiveQueues } from './errors/exclusive.ts'
import { firstBytes } from './errors/first-bytes.ts'
import { bodySizes, contentFrames, frameOctets, unknownTypes } from './errors/frames.ts'
import { limits, operatorCloses } from './errors/limits.ts'
import { logins, secrets, tuning } from './errors/login.ts'
import { methodArguments, wrongMethods } from './errors/methods.ts'
import { modes } from './errors/modes.ts'
import { notFound } from './errors/not-found.ts'
import { permissions, topicPermissions } from './errors/permissions.ts'
import { expirations, extraKeys, publishing, replyTo } from './errors/publishing.ts'
import { exchangeRedeclares, queueRedeclares, systemRedeclares } from './errors/redeclare.ts'
import { reserved } from './errors/reserved.ts'
import { streamArguments, streams } from './errors/streams.ts'
import { deliveryTags } from './errors/tags.ts'
import type { Family } from './family.ts'

/** Every way to provoke an error; the first that knows an observation provokes it. */
export const FAMILIES: readonly Family[] = [
  notFound,
  queueRedeclares,
  exchangeRedeclares,
  systemRedeclares,
  queueArguments,
  queueProperties,
  transientQueues,
  exchangeTypes,
  alternateExchanges,
  hashArguments,
  recentHistoryLengths,
  bindings,
  otherBindings,
  inUse,
  conditionalDeletes,
  deliveryTags,
  modes,
  expirations,
  extraKeys,
  publishing,
  replyTo,
  reserved,
  consuming,
  consumerPriorities,
  flowControl,
  exclusiveQueues,
  streams,
  streamArguments,
  consumerTimeouts,
  logins,
  secrets,
  tuning,
  firstBytes,
  contentFrames,
  bodySizes,
  unknownTypes,
  frameOctets,
  methodArguments,
  wrongMethods,
  channels,
  permissions,
  topicPermissions,
  limits,
  operatorCloses,
]
