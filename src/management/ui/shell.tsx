import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isReachable } from './api.ts'
import type { Vhost } from './api-types.ts'
import { usePolled } from './polling.ts'
import { linkTo, place } from './router.ts'
import { isAdministrator, signOut, user } from './session.ts'
import { useStore } from './store.ts'
import { chooseTheme, type Theme, theme } from './theme.ts'
import { chooseVhost, vhost } from './vhost-choice.ts'

const SECTIONS = [
  ['', 'Overview'],
  ['connections', 'Connections'],
  ['channels', 'Channels'],
  ['exchanges', 'Exchanges'],
  ['queues', 'Queues'],
] as const

const ADMINISTRATION = [
  ['users', 'Users'],
  ['vhosts', 'Virtual hosts'],
  ['policies', 'Policies'],
  ['definitions', 'Definitions'],
] as const

/** What is around every page. */
export function Shell({ children }: { children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  const { names } = useStore(place)
  useEffect(() => setOpen(false), [names])
  useShortcuts(() => setOpen(false))
  return (
    <div class={isOpen ? 'shell menu-open' : 'shell'}>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the content
      </button>
      <header class="top">
        <button
          type="button"
          class="menu-button"
          aria-expanded={isOpen}
          aria-controls="menu"
          aria-label="Menu"
          onClick={() => setOpen(!isOpen)}
        >
          ☰
        </button>
        <a class="brand" href="#/">
          <img src="icon.svg" alt="" width="28" height="28" /> Leveret
        </a>
        <VhostChoice />
        <ThemeChoice />
        <WhoIsHere />
      </header>
      <Menu current={names[0] ?? ''} />
      <main id="main" tabIndex={-1}>
        <Reachability />
        {children}
      </main>
    </div>
  )
}

/** No link: the address says where the page is. */
function skipToMain(): void {
  document.getElementById('main')?.focus()
}

function Menu({ current }: { current: string }) {
  const who = useStore(user)
  const item = ([name, title]: readonly [string, string]) => (
    <li key={name}>
      <a
        href={name === '' ? '#/' : linkTo(name)}
        aria-current={name === current ? 'page' : undefined}
      >
        {title}
      </a>
    </li>
  )
  return (
    <nav id="menu" class="menu" aria-label="Sections">
      <ul>{SECTIONS.map(item)}</ul>
      {isAdministrator(who) && <ul>{ADMINISTRATION.map(item)}</ul>}
    </nav>
  )
}

function VhostChoice() {
  const { data, reload } = usePolled<readonly Vhost[]>('vhosts', 30_000)
  const chosen = useStore(vhost)
  const known = data?.map(({ name }) => name) ?? []
  const isNew = chosen !== null && !known.includes(chosen)
  const names = isNew ? [...known, chosen] : known
  useEffect(() => {
    if (isNew) reload()
  }, [isNew])
  if (names.length < 2) return <span class="spring" />
  return (
    <label class="vhost-choice spring">
      <span class="muted">vhost</span>{' '}
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) => chooseVhost(value === '' ? null : value)}
      >
        <option value="">all</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const MARKS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' }

function ThemeChoice() {
  const chosen = useStore(theme)
  return (
    <button
      type="button"
      class="plain theme"
      title={`Colours: ${chosen}`}
      aria-label={`Colours: ${chosen}. Change to ${NEXT[chosen]}`}
      onClick={() => chooseTheme(NEXT[chosen])}
    >
      <span aria-hidden="true">{MARKS[chosen]}</span>
    </button>
  )
}

function WhoIsHere() {
  const who = useStore(user)
  return (
    <div class="who">
      <span class="who-name" title={who?.tags.join(', ')}>
        {who?.name}
      </span>
      <button type="button" onClick={() => signOut()}>
        Sign out
      </button>
    </div>
  )
}

function Reachability() {
  if (useStore(isReachable)) return null
  return (
    <p class="notice danger" role="alert">
      The broker does not answer. What you see is how it was; trying to reach it again…
    </p>
  )
}

/** `/` goes to the search of a list, Esc closes the menu. */
function useShortcuts(onEscape: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onEscape()
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return
      if (event.target instanceof HTMLTextAreaElement) return
      const search = document.querySelector<HTMLElement>('[data-shortcut="/"]')
      if (search === null) return
      event.preventDefault()
      search.focus()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
