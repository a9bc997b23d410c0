/** Names of columns on a command line stand apart, or together with commas. */
export function columnNames(args: readonly string[]): readonly string[] {
  return args.flatMap((arg) => arg.split(',')).filter((name) => name !== '')
}
