import { useState } from 'preact/hooks'
import { ApiError, request } from './api.ts'
import type { WhoAmI } from './api-types.ts'
import { Field, textOf } from './parts/fields.tsx'
import { basicCredentials, farewell, keepCredentials, user } from './session.ts'
import { useStore } from './store.ts'
import { useSubmit } from './submitting.ts'

export function SignIn() {
  const [error, setError] = useState<string | null>(null)
  const reason = useStore(farewell)
  const { isBusy, submit } = useSubmit(async (fields) => {
    setError(await signIn(textOf(fields, 'name'), textOf(fields, 'password')))
  })
  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit} aria-label="Sign in">
        <h1>
          <img src="icon.svg" alt="" width="40" height="40" /> Leveret
        </h1>
        {(error ?? reason) !== null && (
          <p class="notice danger" role="alert">
            {error ?? reason}
          </p>
        )}
        <Field label="User">
          <input name="name" autocomplete="username" required autofocus />
        </Field>
        <Field label="Password">
          <input name="password" type="password" autocomplete="current-password" />
        </Field>
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}

/** What went wrong; null when one is in. */
async function signIn(name: string, password: string): Promise<string | null> {
  const authorization = basicCredentials(name, password)
  try {
    const who = await request<WhoAmI>('GET', 'whoami', { authorization })
    keepCredentials(authorization)
    farewell.set(null)
    user.set(who)
    return null
  } catch (error) {
    return error instanceof ApiError ? (REASONS[error.message] ?? error.message) : String(error)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  Not_Authorized: 'The broker knows no such user, or not with this password.',
  'Not management user': 'This user may not look at the management: it has no tag for that.',
  'User can only log in via localhost': 'This user may only sign in from the broker’s own machine.',
}
