import type { ComponentChildren } from 'preact'
import type { Arguments } from '../api-types.ts'
import { json } from '../format.ts'

/** Names and what belongs to them. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function ArgumentList({ values }: { values: Arguments | readonly [] | undefined }) {
  const entries = Object.entries(values ?? {})
  if (entries.length === 0) return <span class="muted">none</span>
  return (
    <ul class="arguments">
      {entries.map(([name, value]) => (
        <li key={name}>
          <code>{name}</code> {json(value)}
        </li>
      ))}
    </ul>
  )
}

/** An input under its name. */
export function Field({
  label,
  hint,
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly children: ComponentChildren
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label class="field">
      <span>{label}</span>
      {children}
      {hint && <small class="muted">{hint}</small>}
    </label>
  )
}

export function Check({
  name,
  label,
  checked = false,
}: {
  readonly name: string
  readonly label: string
  readonly checked?: boolean
}) {
  return (
    <label class="check">
      <input type="checkbox" name={name} defaultChecked={checked} /> {label}
    </label>
  )
}

/** The text of a field of a form. */
export function textOf(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}

/** The object that a field of a form has as JSON, nothing for an empty one. Throws an Error for what is none. */
export function objectOf(fields: FormData, name: string): Readonly<Record<string, unknown>> {
  const text = textOf(fields, name).trim()
  if (text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${name}: this is not JSON`, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${name}: a JSON object is needed, such as {"x-max-length": 100}`)
  }
  return { ...value }
}

/** A part of a page under a heading. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}) {
  return (
    <section class="card" aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** The head of a page: what it is about, and what can be done with it. */
export function PageHead({
  title,
  above,
  actions,
}: {
  readonly title: string
  readonly above?: ComponentChildren
  readonly actions?: ComponentChildren
}) {
  return (
    <div class="page-head">
      <div>
        {above && <p class="above">{above}</p>}
        <h1>{title}</h1>
      </div>
      {actions && <div class="head-actions">{actions}</div>}
    </div>
  )
}
