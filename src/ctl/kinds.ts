import { isJsonList, isJsonObject, type Json, type JsonObject } from '../common/json.ts'

/** How values of one kind look: in lines of text, in JSON, and as an Erlang term. */
export interface Kind {
  readonly text: (value: Json) => string
  readonly json: (value: Json) => Json
  readonly erlang: (value: Json) => string
}

const same = (value: Json): Json => value

/** Text, which Erlang has as a binary. */
export const TEXT: Kind = {
  text: plain,
  json: same,
  erlang: (value) => (value === '' || value === null ? "''" : `<<"${plain(value)}">>`),
}

/** A word, which Erlang has as an atom. */
export const WORD: Kind = { text: plain, json: same, erlang: plain }

export const NUMBER: Kind = { text: plain, json: same, erlang: (value) => plain(value) || "''" }

/** A fraction: 1.0, but 0 where there is nothing to divide. */
export const FRACTION: Kind = {
  text: fraction,
  json: same,
  erlang: (value) => fraction(value) || "''",
}

/** A process identifier. */
export const PID: Kind = {
  text: plain,
  json: (value) => pidJson(plain(value)),
  erlang: (value) => plain(value) || "''",
}

/** Arguments of a queue, an exchange, a binding, a consumer: a field table, whose types are told by JSON. */
export const FIELD_TABLE: Kind = {
  text: (value) =>
    `[${entriesOf(value)
      .map(([name, one]) => `{"${name}",${fieldText(one)}}`)
      .join(',')}]`,
  json: (value) => entriesOf(value).map(([name, one]) => [name, typeOf(one), fieldJson(one)]),
  erlang: (value) =>
    `[${entriesOf(value)
      .map(([name, one]) => `{<<"${name}">>,${typeOf(one)},${fieldErlang(one)}}`)
      .join(',')}]`,
}

/** What policies come to: a list of settings. */
export const SETTINGS: Kind = {
  text: (value) => {
    const entries = entriesOf(value).sort(byName)
    if (entries.length === 0) return '#{}'
    return `[${entries.map(([name, one]) => `{<<"${name}">>, ${plain(one)}}`).join(', ')}]`
  },
  json: same,
  erlang: (value) =>
    `[${entriesOf(value)
      .sort(byName)
      .map(([name, one]) => `{<<"${name}">>,${binary(one)}}`)
      .join(',')}]`,
}

/** Words in a list. */
export const TAGS: Kind = {
  text: (value) => `[${wordsOf(value).join(', ')}]`,
  json: (value) => wordsOf(value),
  erlang: (value) => `[${wordsOf(value).join(',')}]`,
}

/** A map that is shown as Erlang does, without the types of what is in it. */
export const MAP: Kind = {
  text: (value) => {
    const entries = entriesOf(value).sort(byName)
    return `#{${entries.map(([name, one]) => `${name} => ${mapText(one)}`).join(', ')}}`
  },
  json: same,
  erlang: (value) => MAP.text(value),
}

/** The state of the one node that there is. */
export const STATES: Kind = {
  text: (value) =>
    `[${entriesOf(value)
      .map(([name, one]) => `{${name}, ${plain(one)}}`)
      .join(', ')}]`,
  json: same,
  erlang: (value) => STATES.text(value),
}

/** Version of a protocol: `AMQP 0-9-1` is `{0,9,1}`. */
export const VERSION: Kind = {
  text: (value) => {
    const numbers = plain(value).match(/\d+/g)
    return numbers === null ? '' : `{${numbers.join(',')}}`
  },
  json: (value) => (plain(value).match(/\d+/g) ?? []).map(Number),
  erlang: (value) => VERSION.text(value),
}

/** A JSON document as one text. */
export const DOCUMENT: Kind = {
  text: (value) => JSON.stringify(value),
  json: (value) => JSON.stringify(value),
  erlang: (value) => `<<${JSON.stringify(JSON.stringify(value))}>>`,
}

function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

function fraction(value: Json): string {
  if (typeof value !== 'number' || value === 0) return plain(value)
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

function pidJson(pid: string): string {
  const [, number] = /\.(\d+)\.0>$/.exec(pid) ?? []
  return number === undefined ? '' : `Pid(#PID<0.${number}.0>)`
}

function binary(value: Json): string {
  return typeof value === 'string' ? `<<"${value}">>` : plain(value)
}

function byName([a]: [string, Json], [b]: [string, Json]): number {
  return a < b ? -1 : 1
}

function entriesOf(value: Json): [string, Json][] {
  return isJsonObject(value) ? Object.entries(value) : []
}

function wordsOf(value: Json): readonly string[] {
  return isJsonList(value) ? value.map(plain) : []
}

function mapText(value: Json): string {
  return isJsonList(value) ? `[${value.map(plain).join(', ')}]` : plain(value)
}

function typeOf(value: Json): string {
  if (typeof value === 'string') return 'longstr'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double'
  if (isJsonList(value)) return 'array'
  return value === null ? 'void' : 'table'
}

function fieldText(value: Json): string {
  if (typeof value === 'string') return `"${value}"`
  if (isJsonList(value)) return `[${value.map(fieldText).join(',')}]`
  return isJsonObject(value) ? FIELD_TABLE.text(value) : plain(value)
}

function fieldJson(value: Json): Json {
  if (isJsonList(value)) return value.map((one) => [typeOf(one), fieldJson(one)])
  return isJsonObject(value) ? FIELD_TABLE.json(value) : value
}

function fieldErlang(value: Json): string {
  if (isJsonList(value)) {
    return `[${value.map((one) => `{${typeOf(one)},${fieldErlang(one)}}`).join(',')}]`
  }
  return isJsonObject(value) ? FIELD_TABLE.erlang(value) : binary(value)
}

/** An object under one of its names, where that is an object. */
export function inside(row: JsonObject, name: string): JsonObject {
  const value = row[name]
  return isJsonObject(value) ? value : {}
}
