import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../common/json.ts'
import { DefinitionsError } from './definitions-error.ts'

/** An object among definitions. Its fields are checked as they are taken; a DefinitionsError tells which one is wrong. */
export class Fields {
  readonly json: JsonObject
  private readonly place: string

  /** `place` says in errors where it stands. */
  constructor(json: JsonObject, place: string) {
    this.json = json
    this.place = place
  }

  has(name: string): boolean {
    return Object.hasOwn(this.json, name)
  }

  value(name: string, otherwise?: Json): Json {
    const value = this.has(name) ? this.json[name] : otherwise
    if (value === undefined) throw new DefinitionsError(`${this.place}: ${name} is missing`)
    return value
  }

  text(name: string, otherwise?: string): string {
    const value = this.value(name, otherwise)
    if (typeof value === 'string') return value
    throw this.wrong(name, 'a text')
  }

  /** RabbitMQ's API takes them as texts too. */
  boolean(name: string, otherwise: boolean): boolean {
    const value = this.value(name, otherwise)
    if (value === true || value === 'true') return true
    if (value === false || value === 'false') return false
    throw this.wrong(name, 'true or false')
  }

  /** The field's fields, none when it is absent. Old exports have `[]` for an empty object. */
  object(name: string): Fields {
    const value = this.value(name, {})
    if (isJsonList(value) && value.length === 0) return new Fields({}, this.place)
    if (isJsonObject(value)) return new Fields(value, `${this.place}.${name}`)
    throw this.wrong(name, 'an object')
  }

  /** Words in a list, or in a text with commas. */
  tags(name: string): readonly string[] {
    const value = this.value(name)
    if (typeof value === 'string') {
      const words = value.split(',').map((word) => word.trim())
      return words.filter((word) => word !== '')
    }
    if (!isJsonList(value)) throw this.wrong(name, 'a list of texts')
    return value.map((tag) => {
      if (typeof tag === 'string') return tag
      throw this.wrong(name, 'a list of texts')
    })
  }

  /** Undefined when the field is absent, null or `undefined`, as some exports have it. */
  optionalText(name: string): string | undefined {
    const value = this.json[name]
    if (!this.has(name) || value === null || value === 'undefined') return undefined
    return this.text(name)
  }

  private wrong(name: string, expected: string): DefinitionsError {
    return new DefinitionsError(`${this.place}: ${name} should be ${expected}`)
  }
}
