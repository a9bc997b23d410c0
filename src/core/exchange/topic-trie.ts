/**
 * Topic patterns as a trie of words. A key is matched by following all patterns at once, word by word, as a set of
 * nodes: the cost grows with the words of the key and the nodes reached, never with their product of choices, so
 * that no pattern of many `#` can hold the broker up.
 *
 *     a.*.c   a.#          root ── a ─┬─ * ── c (1)
 *      (1)    (2)                     └─ # (2)
 */
export class TopicTrie<T> {
  private readonly root = new Node<T>(null, '')
  private step = 0

  add(pattern: string, value: T): void {
    let node = this.root
    for (const word of wordsOf(pattern)) node = node.childOrNew(word)
    node.values.add(value)
  }

  remove(pattern: string, value: T): void {
    let node: Node<T> | undefined = this.root
    for (const word of wordsOf(pattern)) {
      node = node?.children.get(word)
    }
    node?.values.delete(value)
    node?.removeIfEmpty()
  }

  /**
   * Every value whose pattern matches, in no particular order. A word of the key that reads `*` or `#` is no
   * wildcard, but these nodes match it in any case.
   */
  match(key: string): T[] {
    let reached: Node<T>[] = []
    this.reach(this.root, reached, ++this.step)
    for (const word of wordsOf(key)) {
      const next: Node<T>[] = []
      const step = ++this.step
      for (const node of reached) {
        if (node.word === ANY_WORDS) this.reach(node, next, step)
        this.reach(node.children.get(word), next, step)
        this.reach(node.children.get(ONE_WORD), next, step)
      }
      reached = next
    }
    return reached.flatMap((node) => [...node.values])
  }

  /** Adds a node, and the `#` below it, which may stand for no word at all. */
  private reach(node: Node<T> | undefined, into: Node<T>[], step: number): void {
    let next = node
    while (next !== undefined && next.reachedAt !== step) {
      next.reachedAt = step
      into.push(next)
      next = next.children.get(ANY_WORDS)
    }
  }
}

class Node<T> {
  readonly children = new Map<string, Node<T>>()
  readonly values = new Set<T>()
  readonly word: string
  reachedAt = 0
  private readonly parent: Node<T> | null

  constructor(parent: Node<T> | null, word: string) {
    this.parent = parent
    this.word = word
  }

  childOrNew(word: string): Node<T> {
    let child = this.children.get(word)
    if (child === undefined) {
      child = new Node<T>(this, word)
      this.children.set(word, child)
    }
    return child
  }

  removeIfEmpty(): void {
    if (this.parent === null || this.values.size > 0 || this.children.size > 0) return
    this.parent.children.delete(this.word)
    this.parent.removeIfEmpty()
  }
}

const ONE_WORD = '*'
const ANY_WORDS = '#'

/** The empty key has no words; every dot separates two words, empty ones included. */
function wordsOf(key: string): string[] {
  return key === '' ? [] : key.split('.')
}
