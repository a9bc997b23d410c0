import { messageOf } from '../api.ts'
import { Store, useStore } from '../store.ts'

interface Toast {
  readonly id: number
  readonly text: string
  readonly isError: boolean
}

const toasts = new Store<readonly Toast[]>([])
let lastId = 0

/** Tells that something is done. */
export function tell(text: string): void {
  show(text, false, TOLD_MS)
}

/** Does something and tells how it went; true when it went well. */
export async function attempt(work: () => Promise<string | null>): Promise<boolean> {
  try {
    const told = await work()
    if (told !== null) tell(told)
    return true
  } catch (error) {
    show(messageOf(error), true, ERROR_MS)
    return false
  }
}

export function Toasts() {
  const shown = useStore(toasts)
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, isError }) => (
        <p key={id} class={isError ? 'toast danger' : 'toast'}>
          <span>{text}</span>
          <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  )
}

const TOLD_MS = 4000
const ERROR_MS = 10_000

function show(text: string, isError: boolean, forMs: number): void {
  const id = ++lastId
  toasts.set([...toasts.value, { id, text, isError }])
  setTimeout(() => dismiss(id), forMs)
}

function dismiss(id: number): void {
  toasts.set(toasts.value.filter((toast) => toast.id !== id))
}
