import { expect, test } from 'vitest'
import { copyBytes } from '../../src/common/copy-bytes.ts'

test('exactly the range is copied, to exactly its place, however long it is', () => {
  const from = Buffer.from(Array.from({ length: 300 }, (_, i) => i & 0xff))
  for (let size = 0; size <= 200; size++) {
    const to = Buffer.alloc(300, 0xaa)
    copyBytes(from, 7, 7 + size, to, 11)
    const expected = Buffer.alloc(300, 0xaa)
    from.copy(expected, 11, 7, 7 + size)
    expect(to.equals(expected), `${size} bytes`).toBe(true)
  }
})
