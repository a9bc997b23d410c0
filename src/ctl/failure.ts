/** A command that did not do what it was told; the text goes to stderr. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(exitCode: number, text: string, cause?: unknown) {
    super(text, cause === undefined ? {} : { cause })
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}

/** What RabbitMQ's tools exit with (sysexits.h). */
export const EXIT = {
  usage: 64,
  data: 65,
  noUser: 67,
  unavailable: 69,
  software: 70,
  temporary: 75,
} as const

/** The arguments are wrong: what is said is followed by how the command is used. */
export class WrongArguments extends Failure {
  /** `what` is empty where the reason speaks for itself. */
  constructor(
    reason: string,
    exitCode: number = EXIT.usage,
    what = 'Error (argument validation): ',
  ) {
    super(exitCode, `${what}${reason}`)
    this.name = 'WrongArguments'
  }
}

/** The broker refused, or something was not there: the reason stands below the word Error. */
export function refused(
  reason: string,
  exitCode: number = EXIT.unavailable,
  cause?: unknown,
): Failure {
  return new Failure(exitCode, `Error:\n${reason}`, cause)
}

export function badArgument(reason: string): WrongArguments {
  return new WrongArguments(reason === '' ? 'Bad argument.' : `Bad argument: ${reason}`, EXIT.data)
}
