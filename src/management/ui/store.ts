import { useEffect, useState } from 'preact/hooks'

/** A value that parts of the page share, and are told of when it changes. */
export class Store<T> {
  private current: T
  private readonly listeners = new Set<(value: T) => void>()

  constructor(first: T) {
    this.current = first
  }

  get value(): T {
    return this.current
  }

  set(value: T): void {
    if (value === this.current) return
    this.current = value
    for (const listener of this.listeners) listener(value)
  }

  subscribe(listener: (value: T) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

/** The value of a store; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.value)
  useEffect(() => {
    setValue(() => store.value)
    return store.subscribe((next) => setValue(() => next))
  }, [store])
  return value
}
