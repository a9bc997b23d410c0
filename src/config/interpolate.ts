/** Text with `$(NAME)` filled in, or what is wrong with it. */
export type Interpolated = { readonly text: string } | { readonly problem: string }

/** What a name stands for; undefined for nothing. */
export type Lookup = (name: string) => string | undefined

/** Fills in `$(NAME)` for environment variables and for other keys, whose values may do the same. */
export function interpolate(text: string, lookup: Lookup): Interpolated {
  const open: string[] = []
  let problem: string | null = null
  function fill(part: string): string {
    return part.replaceAll(/\$\(([^()]+)\)/g, (whole, name: string) => {
      const value = lookup(name)
      if (open.includes(name)) problem ??= `$(${name}) stands for itself`
      else if (value === undefined) problem ??= `$(${name}) is no variable and no key`
      if (problem !== null || value === undefined) return whole
      open.push(name)
      const filled = fill(value)
      open.pop()
      return filled
    })
  }
  const filled = fill(text)
  return problem === null ? { text: filled } : { problem }
}
