import type { Table } from '../common/table.ts'
import { Binding, bindingIdentity, type Destination } from './binding.ts'
import type { Exchange } from './exchange/exchange.ts'

/** Adds a binding; null when it was there already. Throws a Refusal when the exchange type does not take it. */
export function addBinding(
  source: Exchange,
  destination: Destination,
  routingKey: string,
  args: Table,
): Binding | null {
  const binding = new Binding(source, destination, routingKey, args)
  source.router.validate(binding)
  if (source.bindings.has(binding.identity)) return null
  source.bindings.set(binding.identity, binding)
  source.router.add(binding)
  destination.incoming.add(binding)
  return binding
}

export function findBinding(
  source: Exchange,
  destination: Destination,
  routingKey: string,
  args: Table,
): Binding | undefined {
  return source.bindings.get(bindingIdentity(destination, routingKey, args))
}

export function removeBinding(binding: Binding): void {
  binding.source.bindings.delete(binding.identity)
  binding.source.router.remove(binding)
  binding.destination.incoming.delete(binding)
}
