import type { Json, JsonObject } from '../../common/json.ts'
import { ITEMS_PER_LOOK, Slices } from '../../common/slices.ts'

/** A list that is too long to be held as JSON: its items are made when they are written. */
export class Items {
  readonly all: Iterable<JsonObject>

  constructor(all: Iterable<JsonObject>) {
    this.all = all
  }
}

/** An object as JSON in pieces, its lists written in slices, so that their length stops nothing. */
export async function written(
  object: Readonly<Record<string, Json | Items>>,
): Promise<readonly Buffer[]> {
  const slices = new Slices()
  const pieces: Buffer[] = []
  let text = ''
  let count = 0
  for (const [name, value] of Object.entries(object)) {
    text += `${text === '' && pieces.length === 0 ? '{' : ','}${JSON.stringify(name)}:`
    if (!(value instanceof Items)) {
      text += JSON.stringify(value)
      continue
    }
    let before = '['
    for (const item of value.all) {
      text += before + JSON.stringify(item)
      before = ','
      if (text.length >= PIECE_SIZE) {
        pieces.push(Buffer.from(text))
        text = ''
      }
      if (++count % ITEMS_PER_LOOK === 0 && slices.isOver) await slices.pause()
    }
    text += before === '[' ? '[]' : ']'
  }
  pieces.push(Buffer.from(`${text}}`))
  return pieces
}

const PIECE_SIZE = 65_536
