/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [name: string]: Json
}

/** Whether a value that was read from JSON, or is part of one, is an object. */
export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

export function isJsonList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
