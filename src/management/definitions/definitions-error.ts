/** Definitions cannot be imported. The message is the reason that RabbitMQ gives, where it gives one. */
export class DefinitionsError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'DefinitionsError'
  }
}
