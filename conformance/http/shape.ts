/**
 * What a JSON value looks like, without its values: a type's name; an object with the shapes of its fields, those that not
 * every item of a list has under `name?`; a list with the shape of its items; several shapes under `|`.
 */
export type Shape = string | ShapeOfObject | readonly Shape[]

export interface ShapeOfObject {
  readonly [field: string]: Shape
}

/** How a difference ends that is a field too many. */
export const MORE = ': more than expected'

/** Objects whose fields are their users' own. */
const FREE = new Set([
  'arguments',
  'client_properties',
  'definition',
  'effective_policy_definition',
  'value',
  'headers',
  'cluster_state',
  'open_files',
  'messages_by_priority',
  'socket_opts',
  'mqtt_port_to_vhost_mapping',
])

export function shapeOf(json: unknown, name = ''): Shape {
  if (json === null) return 'null'
  if (Array.isArray(json)) {
    return json.length === 0 ? [] : [json.map((item) => shapeOf(item)).reduce(either)]
  }
  if (!isObject(json)) return typeof json
  if (FREE.has(name)) return 'object'
  const fields = Object.entries(json).map(([field, value]) => [field, shapeOf(value, field)])
  return Object.fromEntries(fields)
}

/** A shape that both fit. */
function either(a: Shape, b: Shape): Shape {
  if (JSON.stringify(a) === JSON.stringify(b)) return a
  if (isShapeOfObject(a) && isShapeOfObject(b)) return eitherObject(a, b)
  if (isList(a) && isList(b)) {
    const [first = b[0], second = first] = [a[0], b[0]]
    return first === undefined || second === undefined ? [] : [either(first, second)]
  }
  const alternatives = [...alternativesOf(a), ...alternativesOf(b)]
  const texts = new Map(alternatives.map((shape) => [JSON.stringify(shape), shape]))
  return { '|': [...texts.values()] }
}

function eitherObject(a: ShapeOfObject, b: ShapeOfObject): ShapeOfObject {
  const merged: Record<string, Shape> = {}
  for (const field of new Set([...fieldsOf(a), ...fieldsOf(b)])) {
    const [left, right] = [fieldOf(a, field), fieldOf(b, field)]
    if (left !== null && right !== null) {
      const isOptional = left.isOptional || right.isOptional
      merged[isOptional ? `${field}?` : field] = either(left.shape, right.shape)
      continue
    }
    const only = left ?? right
    if (only !== null) merged[`${field}?`] = only.shape
  }
  return merged
}

/** How a value differs from a shape, each as `path: what`. */
export function differences(expected: Shape, json: unknown, path = ''): readonly string[] {
  const actual = shapeOf(json, path.split('.').at(-1))
  return compare(expected, actual, path === '' ? 'body' : path)
}

function compare(expected: Shape, actual: Shape, path: string): readonly string[] {
  const options = alternativesOf(expected)
  const found = alternativesOf(actual)
  if (options.length > 1 || found.length > 1) {
    const strange = found.filter((one) => !options.some((option) => kindOf(option) === kindOf(one)))
    return strange.map(
      (one) => `${path}: ${kindOf(one)} instead of ${options.map(kindOf).join(' or ')}`,
    )
  }
  if (kindOf(expected) !== kindOf(actual)) {
    return [`${path}: ${kindOf(actual)} instead of ${kindOf(expected)}`]
  }
  if (isList(expected) && isList(actual)) return compareLists(expected, actual, path)
  return isShapeOfObject(expected) && isShapeOfObject(actual)
    ? compareObjects(expected, actual, path)
    : []
}

function compareLists(
  [expected]: readonly Shape[],
  [actual]: readonly Shape[],
  path: string,
): readonly string[] {
  if (expected === undefined) return []
  return actual === undefined ? [`${path}: empty`] : compare(expected, actual, `${path}[]`)
}

function compareObjects(
  expected: ShapeOfObject,
  actual: ShapeOfObject,
  path: string,
): readonly string[] {
  const wanted = new Set(fieldsOf(expected))
  const missing = [...wanted].flatMap((field) => {
    const isThere = fieldOf(actual, field) !== null
    return isThere || fieldOf(expected, field)?.isOptional ? [] : [`${path}.${field}: missing`]
  })
  const others = fieldsOf(actual).flatMap((field) => {
    const [want, have] = [fieldOf(expected, field), fieldOf(actual, field)]
    if (want === null) return [`${path}.${field}${MORE}`]
    return have === null ? [] : compare(want.shape, have.shape, `${path}.${field}`)
  })
  return [...missing, ...others]
}

function alternativesOf(shape: Shape): readonly Shape[] {
  if (!isShapeOfObject(shape)) return [shape]
  const alternatives = shape['|']
  return alternatives !== undefined && isList(alternatives) ? alternatives : [shape]
}

function kindOf(shape: Shape): string {
  if (typeof shape === 'string') return shape
  return isList(shape) ? 'array' : 'object'
}

function fieldsOf(shape: ShapeOfObject): string[] {
  return Object.keys(shape).map((field) => field.replace(/\?$/, ''))
}

function fieldOf(
  shape: ShapeOfObject,
  field: string,
): { readonly shape: Shape; readonly isOptional: boolean } | null {
  const always = shape[field]
  if (always !== undefined) return { shape: always, isOptional: false }
  const sometimes = shape[`${field}?`]
  return sometimes === undefined ? null : { shape: sometimes, isOptional: true }
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape)
}

function isShapeOfObject(shape: Shape): shape is ShapeOfObject {
  return typeof shape === 'object' && !Array.isArray(shape)
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null
}
