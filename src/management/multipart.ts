/**
 * The first file of a form as browsers send it (RFC 7578); null when the body is no such form. Of a form without a file
 * it is the empty one.
 */
export function uploadedFile(body: Buffer, contentType: string): Buffer | null {
  const [, quoted, plain] =
    /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return null
  for (const part of partsOf(body, `--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n')
    if (end >= 0 && /name="file"/i.test(part.toString('latin1', 0, end))) {
      return part.subarray(end + 4)
    }
  }
  return Buffer.alloc(0)
}

/** What stands between the boundaries, without the line breaks that belong to them. */
function* partsOf(body: Buffer, boundary: string): Iterable<Buffer> {
  let start = body.indexOf(boundary)
  while (start >= 0) {
    const from = start + boundary.length + 2
    const next = body.indexOf(`\r\n${boundary}`, from)
    if (next < 0) return
    yield body.subarray(from, next)
    start = next + 2
  }
}
