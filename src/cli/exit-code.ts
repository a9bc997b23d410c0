/** The broker did not start: a port in use, an address that is not there. */
export const EXIT_NOT_STARTED = 1
/** The command line or the environment is wrong. */
export const EXIT_USAGE = 2
/** A process that a signal ended has this plus the signal's number. */
export const EXIT_SIGNAL_BASE = 128
