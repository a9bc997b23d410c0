/** A command that did not do what it was told; the text goes to stderr, or to stdout where it is a result. */
export class AdminFailure extends Error {
  readonly exitCode: number
  readonly isResult: boolean

  constructor(exitCode: number, text: string, isResult = false, cause?: unknown) {
    super(text, cause === undefined ? {} : { cause })
    this.name = 'AdminFailure'
    this.exitCode = exitCode
    this.isResult = isResult
  }
}

/** What version 2 of rabbitmqadmin exits with. */
export const ADMIN_EXIT = { usage: 2, data: 65, unavailable: 69 } as const

/** `error: …`, as its command line says it. */
export function wrongUsage(what: string, usage: string): AdminFailure {
  const text = `error: ${what}\n\nUsage: rabbitmqadmin ${usage}\n\nFor more information, try '--help'.`
  return new AdminFailure(ADMIN_EXIT.usage, text)
}
