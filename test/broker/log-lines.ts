import type { LogFields, Logger } from '../../src/common/log.ts'

/** A logger that keeps its lines, each as its level and what it says. */
export class LogLines implements Logger {
  readonly lines: string[] = []
  private readonly waiting = new Set<() => void>()

  debug(first: LogFields | string, message?: string): void {
    this.add('debug', message ?? first)
  }

  info(first: LogFields | string, message?: string): void {
    this.add('info', message ?? first)
  }

  warn(first: LogFields | string, message?: string): void {
    this.add('warn', message ?? first)
  }

  error(first: LogFields | string, message?: string): void {
    this.add('error', message ?? first)
  }

  /** The lines, once there are `count` that contain `text`. */
  async until(text: string, count = 1): Promise<readonly string[]> {
    for (;;) {
      const found = this.lines.filter((line) => line.includes(text))
      if (found.length >= count) return found
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  private add(level: string, message: LogFields | string): void {
    this.lines.push(`${level} ${message}`)
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}
