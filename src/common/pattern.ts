/**
 * A regular expression as operators write them for RabbitMQ (PCRE), not anchored. What PCRE and JavaScript spell
 * differently and people use is translated: flags in front such as `(?i)`, and the anchors `\A`, `\z` and `\Z`.
 * Throws a SyntaxError for what JavaScript cannot express.
 */
export function patternOf(pcre: string): RegExp {
  const [, flags = '', rest = pcre] = /^\(\?([ims]+)\)(.*)$/s.exec(pcre) ?? []
  return new RegExp(
    rest.replaceAll(/\\[\s\S]/g, (escape) => ANCHORS.get(escape) ?? escape),
    flags,
  )
}

const ANCHORS = new Map([
  ['\\A', '^'],
  ['\\z', '$'],
  ['\\Z', '$'],
])
