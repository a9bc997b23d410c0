/** Why a data directory cannot be used. */
export type StoreErrorCode =
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_NOT_WRITABLE'
  | 'DATA_DIR_TOO_NEW'
  | 'DATA_DIR_TOO_OLD'
  | 'DATA_DIR_DAMAGED'

/** A data directory cannot be used. The message is for people and names the directory; the code stays as it is. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}

/** The code of an error of the system, as ENOSPC; empty for other errors. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
