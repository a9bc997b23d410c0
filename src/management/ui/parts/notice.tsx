import type { ComponentChildren } from 'preact'
import type { ApiError } from '../api.ts'

/** Nothing is there, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 48 48" aria-hidden="true" class="empty-mark">
        <path d="M17 26C13 16 13 6 17 5c4-1 6 8 6.500 18M31 26c4-10 4-20 0-21-4-1-6 8-6.500 18" />
        <path d="M12.500 33c0-6 5-10.500 11.500-10.500S35.500 27 35.500 33 31 43 24 43 12.500 39 12.500 33z" />
      </svg>
      <p class="empty-title">{title}</p>
      {children && <p class="muted">{children}</p>}
    </div>
  )
}

export function Loading() {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  )
}

/**
 * In place of what the API has not given: why, if it has said so. A broker that is gone is told of elsewhere.
 */
export function Missing({ error }: { error: ApiError | null }) {
  if (error === null || error.status === 0) return <Loading />
  if (error.status === 404) {
    return <Empty title="Not here">It has been deleted, or it never was.</Empty>
  }
  return (
    <p class="notice danger" role="alert">
      {error.message}
    </p>
  )
}

export function Pill({ tone = '', children }: { tone?: string; children: ComponentChildren }) {
  return <span class={`pill ${tone}`}>{children}</span>
}
