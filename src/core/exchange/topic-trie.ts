import { Few } from './few.ts'

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
  private reached: Node<T>[] = [] // empty between two matches, as is `next`
  private next: Node<T>[] = []
  private step = 0

  add(pattern: string, value: T): void {
    let node = this.root
    for (const word of wordsOf(pattern)) node = node.childOrNew(word)
    if (node.values === null) node.values = new Few(value)
    else node.values.add(value)
  }

  remove(pattern: string, value: T): void {
    let node: Node<T> | null = this.root
    for (const word of wordsOf(pattern)) node = node?.child(word) ?? null
    if (node === null || node.values === null) return
    node.values.delete(value)
    if (node.values.isEmpty) node.values = null
    node.removeIfEmpty()
  }

  /**
   * Every value whose pattern matches, in no particular order. A word of the key that reads `*` or `#` is no
   * wildcard, but these nodes match it in any case.
   */
  match(key: string): T[] {
    this.reach(this.root, this.reached, ++this.step)
    for (const word of wordsOf(key)) {
      const { reached, next } = this
      const step = ++this.step
      for (const node of reached) {
        if (node.word === ANY_WORDS) this.reach(node, next, step)
        const named = node.named(word)
        if (named !== null) this.reach(named, next, step)
        if (node.oneWord !== null) this.reach(node.oneWord, next, step)
      }
      reached.length = 0
      this.reached = next
      this.next = reached
    }
    const found: T[] = []
    for (const { values } of this.reached) values?.each((value) => found.push(value))
    this.reached.length = 0
    return found
  }

  /** Adds a node, and the `#` below it, which may stand for no word at all. */
  private reach(start: Node<T>, into: Node<T>[], step: number): void {
    let node: Node<T> | null = start
    while (node !== null && node.reachedAt !== step) {
      node.reachedAt = step
      into.push(node)
      node = node.anyWords
    }
  }
}

/** There may be millions: what most of them do not need, they do not have. */
class Node<T> {
  readonly word: string
  values: Few<T> | null = null
  oneWord: Node<T> | null = null
  anyWords: Node<T> | null = null
  reachedAt = 0
  private readonly parent: Node<T> | null
  private only: Node<T> | null = null // of its named children, as long as there is but one
  private children: Map<string, Node<T>> | null = null // from the second on

  constructor(parent: Node<T> | null, word: string) {
    this.parent = parent
    this.word = word
  }

  child(word: string): Node<T> | null {
    if (word === ONE_WORD) return this.oneWord
    return word === ANY_WORDS ? this.anyWords : this.named(word)
  }

  /** The child of a word that is no wildcard. */
  named(word: string): Node<T> | null {
    if (this.children !== null) return this.children.get(word) ?? null
    return this.only !== null && this.only.word === word ? this.only : null
  }

  childOrNew(word: string): Node<T> {
    const existing = this.child(word)
    if (existing !== null) return existing
    const child = new Node<T>(this, word)
    if (word === ONE_WORD) this.oneWord = child
    else if (word === ANY_WORDS) this.anyWords = child
    else this.addNamed(child)
    return child
  }

  removeIfEmpty(): void {
    if (this.parent === null || this.values !== null || this.hasChildren) return
    this.parent.removeChild(this)
    this.parent.removeIfEmpty()
  }

  private get hasChildren(): boolean {
    const { oneWord, anyWords, only, children } = this
    return oneWord !== null || anyWords !== null || only !== null || children !== null
  }

  private addNamed(child: Node<T>): void {
    if (this.children !== null) this.children.set(child.word, child)
    else if (this.only === null) this.only = child
    else {
      this.children = new Map([
        [this.only.word, this.only],
        [child.word, child],
      ])
      this.only = null
    }
  }

  private removeChild(child: Node<T>): void {
    if (this.oneWord === child) this.oneWord = null
    if (this.anyWords === child) this.anyWords = null
    if (this.only === child) this.only = null
    if (this.children?.delete(child.word) !== true || this.children.size > 1) return
    for (const last of this.children.values()) this.only = last
    this.children = null
  }
}

const ONE_WORD = '*'
const ANY_WORDS = '#'

/** The empty key has no words; every dot separates two words, empty ones included. */
function wordsOf(key: string): string[] {
  return key === '' ? [] : key.split('.')
}
