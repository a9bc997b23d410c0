/** The limits that a broker has which nobody has given any, as RabbitMQ's (its `vm_memory_high_watermark` and `disk_free_limit`). */

/** Of the memory that there is. */
export const DEFAULT_MEMORY_SHARE = 0.6

export const DEFAULT_DISK_FREE_BYTES = 50_000_000
