import { LOGIN_DELAY_MS } from '../auth/login-delays.ts'
import type { Services } from './services.ts'

/**
 * What becomes of a login that has failed elsewhere than over AMQP: it resolves when that may be told, or with `cut` when
 * too many wait. As long as a connection of AMQP would be kept, it keeps a place.
 */
export function refuseLogin(
  { loginDelays, deadlines, clock }: Pick<Services, 'loginDelays' | 'deadlines' | 'clock'>,
  address: string,
  user: string,
): Promise<'told' | 'cut'> {
  const delay = loginDelays.failed(address, user, clock.now())
  if (delay === 'cut') return Promise.resolve(delay)
  return new Promise((resolve) => {
    if (delay === 'hold') resolve('told')
    deadlines.after(LOGIN_DELAY_MS, () => {
      loginDelays.release(address)
      resolve('told')
    })
  })
}
