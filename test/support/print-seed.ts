/**
 * Chooses the seed of all random values of a run and prints it, so that a run can be repeated: LEVERET_SEED sets it.
 */
export function setup(): void {
  process.env.LEVERET_SEED ??= `${Math.floor(Math.random() * 2 ** 31)}`
  process.stdout.write(
    `to repeat the random values of this run: LEVERET_SEED=${process.env.LEVERET_SEED}\n`,
  )
}
