/** The broker did not start: a port in use, an address that is not there. */
export const EXIT_NOT_STARTED = 1
/** The disk did not take what was left to be written when the broker was stopped. */
export const EXIT_NOT_WRITTEN = 1
/** A data directory is damaged, or cannot be read. */
export const EXIT_DAMAGED = 1
/** The command line or the environment is wrong. */
export const EXIT_USAGE = 2
/** A process that a signal ended has this plus the signal's number. */
export const EXIT_SIGNAL_BASE = 128
