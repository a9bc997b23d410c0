import type { Table } from '../common/table.ts'
import { Binding, bindingIdentity, type Destination } from './binding.ts'
import { type Exchange, NO_ROUTER } from './exchange/exchange.ts'

/** A binding to be added; null when it is there already. Throws a Refusal when the exchange type does not take it. */
export function newBinding(
  source: Exchange,
  destination: Destination,
  routingKey: string,
  args: Table,
): Binding | null {
  const binding = new Binding(source, destination, routingKey, args)
  source.router.validate(binding)
  return source.bindings.has(binding.identity) ? null : binding
}

export function addBinding(binding: Binding): void {
  binding.source.bindings.set(binding.identity, binding)
  binding.source.router.add(binding)
  binding.destination.incoming.add(binding)
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

/** Removes all bindings of an exchange that is deleted: its router need not be kept right for each of them. */
export function removeBindingsFrom(source: Exchange): void {
  for (const binding of source.bindings.values()) binding.destination.incoming.delete(binding)
  source.bindings.clear()
  source.router = NO_ROUTER
}
