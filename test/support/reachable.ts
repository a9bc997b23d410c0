/**
 * How much an object holds on to: the slots of every array, map, set and plain field that can be reached from it.
 * Says whether something grows, without a look at how it is built. What `isForeign` says is not looked into.
 */
export function reachableSlots(
  root: object,
  isForeign: (part: object) => boolean = () => false,
): number {
  const seen = new Set<object>([root])
  const toVisit: object[] = [root]
  let slots = 0
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    const parts = partsOf(next)
    slots += Array.isArray(next) ? next.length : parts.length
    for (const part of parts) {
      if (typeof part !== 'object' || part === null || seen.has(part) || isForeign(part)) continue
      seen.add(part)
      toVisit.push(part)
    }
  }
  return slots
}

function partsOf(value: object): readonly unknown[] {
  const fields: readonly unknown[] = Object.values(value)
  if (value instanceof Map) return [...fields, ...value.keys(), ...value.values()]
  if (value instanceof Set) return [...fields, ...value]
  return fields
}
