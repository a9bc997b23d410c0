import { Store } from './store.ts'

const KEY = 'leveret.vhost'

/** The vhost whose things lists show; null for all. */
export const vhost = new Store<string | null>(sessionStorage.getItem(KEY))

export function chooseVhost(name: string | null): void {
  if (name === null) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, name)
  vhost.set(name)
}
