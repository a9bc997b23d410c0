import { Administration } from '../../../src/administration.ts'
import type { ChangeableBroker } from '../../../src/management/definitions/defined-broker.ts'
import { TestBroker } from '../../support/test-broker.ts'

/** A broker whose definitions a test sets and reads. It begins with the vhost `/` and the users guest and nobody. */
export function definedBroker(broker = new TestBroker()): ChangeableBroker {
  const { services } = broker
  const { vhosts, users, parameters, settings, closing } = services
  return {
    vhosts,
    users,
    parameters,
    version: settings.compat.version,
    nodeName: settings.nodeName,
    closing,
    administration: new Administration(services),
  }
}
