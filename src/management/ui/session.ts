import type { WhoAmI } from './api-types.ts'
import { Store } from './store.ts'

/** Who is signed in; null for nobody. */
export const user = new Store<WhoAmI | null>(null)

/** Why nobody is signed in any more, for the sign-in form. */
export const farewell = new Store<string | null>(null)

const KEY = 'leveret.credentials'

/** The value of the Authorization header. It lives as long as the tab does. */
export function credentials(): string | null {
  return sessionStorage.getItem(KEY)
}

export function basicCredentials(name: string, password: string): string {
  const bytes = new TextEncoder().encode(`${name}:${password}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}

export function keepCredentials(value: string): void {
  sessionStorage.setItem(KEY, value)
}

export function signOut(reason: string | null = null): void {
  sessionStorage.removeItem(KEY)
  farewell.set(reason)
  user.set(null)
}

export function isAdministrator(who: WhoAmI | null): boolean {
  return who?.tags.includes('administrator') ?? false
}
