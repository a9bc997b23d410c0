/** All of the standard input, once it has ended, or its first line. */
export async function standardInput(amount: 'all' | 'line'): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (amount === 'line' && text.includes('\n')) break
  }
  return amount === 'line' ? (text.split(/\r?\n/)[0] ?? '') : text
}
