/** The rule of topic exchanges as the specification states it: slow, and too simple to be wrong. */
export function matchesTopic(pattern: string, key: string): boolean {
  return matchesWords(topicWords(pattern), topicWords(key))
}

function matchesWords(pattern: readonly string[], words: readonly string[]): boolean {
  const [wanted, ...patternRest] = pattern
  if (wanted === undefined) return words.length === 0
  if (wanted === '#') {
    if (matchesWords(patternRest, words)) return true
    return words.length > 0 && matchesWords(pattern, words.slice(1))
  }
  const [word, ...rest] = words
  if (word === undefined) return false
  return (wanted === '*' || wanted === word) && matchesWords(patternRest, rest)
}

function topicWords(text: string): readonly string[] {
  return text.length === 0 ? [] : text.split('.')
}
