/** What a case needs does not exist yet, so that it says nothing about the broker. */
export class NotYet extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotYet'
  }
}

/** Why a case may fail for now; null where it may not. */
export function notYetReason({ name, request }: { name: string; request: string }): string | null {
  const isAboutStreams = /^(arg )?stream/.test(name) || request.includes('"stream"')
  return isAboutStreams ? 'streams' : null
}
