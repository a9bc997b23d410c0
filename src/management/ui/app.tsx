import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { request } from './api.ts'
import type { WhoAmI } from './api-types.ts'
import { Pages } from './pages.tsx'
import { Confirmation } from './parts/dialog.tsx'
import { Loading } from './parts/notice.tsx'
import { Toasts } from './parts/toasts.tsx'
import { credentials, user } from './session.ts'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { useStore } from './store.ts'
import { applyTheme, theme } from './theme.ts'

function App() {
  const who = useStore(user)
  const isKnown = useLoginOfTheTab()
  if (!isKnown) return <Loading />
  return (
    <>
      {who === null ? (
        <SignIn />
      ) : (
        <Shell>
          <Pages />
        </Shell>
      )}
      <Confirmation />
      <Toasts />
    </>
  )
}

/** Whoever has signed in stays so when the page is loaded again; false until that is clear. */
function useLoginOfTheTab(): boolean {
  const [isKnown, setKnown] = useState(credentials() === null)
  useEffect(() => {
    if (isKnown) return
    request<WhoAmI>('GET', 'whoami')
      .then((who) => user.set(who))
      .catch(() => {}) // the sign-in form tells why
      .finally(() => setKnown(true))
  }, [])
  return isKnown
}

applyTheme()
theme.subscribe(applyTheme)
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
