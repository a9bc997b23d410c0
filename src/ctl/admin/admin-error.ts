/** What rabbitmqadmin cannot do; `isUsage` when the command line is wrong. */
export class AdminError extends Error {
  readonly isUsage: boolean

  constructor(message: string, isUsage: boolean) {
    super(message)
    this.name = 'AdminError'
    this.isUsage = isUsage
  }
}
