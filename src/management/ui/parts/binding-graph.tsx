import type { Binding } from '../api-types.ts'
import { json } from '../format.ts'
import { exchangeLink, queueLink } from '../router.ts'

/** Draws bindings: exchanges on the left, what they lead to on the right, the routing keys on the lines between. */
export function BindingGraph({ bindings }: { bindings: readonly Binding[] }) {
  const shown = bindings.slice(0, MOST)
  const widths = matchMedia('(max-width: 760px)').matches ? NARROW : WIDE
  const { nodes, edges, width, height } = laidOut(shown, widths)
  const title = `Bindings: ${shown.map(told).join('; ')}`
  return (
    <div class="graph">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Bindings, drawn">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img">
          <title>{title}</title>
          {edges.map((edge) => (
            <path key={edge.key} class="edge" d={edge.line} />
          ))}
          {edges.map((edge) => (
            <EdgeLabel key={edge.key} edge={edge} width={widths.label} />
          ))}
          {nodes.map((node) => (
            <NodeBox key={node.key} node={node} widths={widths} />
          ))}
        </svg>
      </section>
      {bindings.length > MOST && (
        <p class="muted">{bindings.length - MOST} more bindings are not drawn.</p>
      )}
    </div>
  )
}

/** More lines than this show nothing. */
const MOST = 40

const NODE = { height: 42, gap: 18 }
const LABEL = { height: 24, gap: 10 }
const MARGIN = 4

interface Widths {
  readonly node: number
  readonly label: number
  /** Between the columns, for the lines. */
  readonly space: number
  /** Characters that fit on a line, and in a box. */
  readonly letters: number
  readonly nameLetters: number
}

const WIDE: Widths = { node: 180, label: 150, space: 260, letters: 20, nameLetters: 22 }
const NARROW: Widths = { node: 84, label: 108, space: 124, letters: 14, nameLetters: 10 }

interface Node {
  readonly key: string
  readonly kind: 'exchange' | 'queue'
  readonly name: string
  readonly link: string
  readonly x: number
  readonly y: number
}

interface Edge {
  readonly key: string
  readonly line: string
  readonly text: string
  readonly full: string
  readonly x: number
  readonly y: number
}

function laidOut(bindings: readonly Binding[], widths: Widths) {
  const columns = columnsOf(bindings)
  const rows = Math.max(...columns.map((keys) => keys.length))
  const nodesHeight = rows * (NODE.height + NODE.gap) - NODE.gap
  const labelsHeight = bindings.length * (LABEL.height + LABEL.gap) - LABEL.gap
  const height = Math.max(nodesHeight, labelsHeight) + 2 * MARGIN
  const nodes = new Map<string, Node>()
  for (const [column, ends] of columns.entries()) {
    for (const [row, end] of ends.entries()) {
      const share = (height - 2 * MARGIN) / ends.length
      const y = MARGIN + share * row + (share - NODE.height) / 2
      nodes.set(end.key, { ...end, x: MARGIN + column * (widths.node + widths.space), y })
    }
  }
  const edges = edgesOf(bindings, nodes, height, widths)
  const width = columns.length * widths.node + (columns.length - 1) * widths.space + 2 * MARGIN
  return { nodes: [...nodes.values()], edges, width, height }
}

type End = Omit<Node, 'x' | 'y'>

/** Sources, then what is a destination only; an exchange that is both stands with the sources. */
function columnsOf(bindings: readonly Binding[]): readonly (readonly End[])[] {
  const sources = new Map(bindings.map((one) => [sourceOf(one).key, sourceOf(one)]))
  const others = new Map<string, End>()
  for (const one of bindings) {
    const end = destinationOf(one)
    if (!sources.has(end.key)) others.set(end.key, end)
  }
  return [[...sources.values()], [...others.values()]].filter((ends) => ends.length > 0)
}

function sourceOf({ vhost, source }: Binding): End {
  return { key: `e ${source}`, kind: 'exchange', name: source, link: exchangeLink(vhost, source) }
}

function destinationOf({ vhost, destination, destination_type: kind }: Binding): End {
  const link = kind === 'queue' ? queueLink(vhost, destination) : exchangeLink(vhost, destination)
  return { key: `${kind === 'queue' ? 'q' : 'e'} ${destination}`, kind, name: destination, link }
}

function edgesOf(
  bindings: readonly Binding[],
  nodes: ReadonlyMap<string, Node>,
  height: number,
  widths: Widths,
): readonly Edge[] {
  const share = (height - 2 * MARGIN) / Math.max(1, bindings.length)
  return bindings.flatMap((binding, i) => {
    const from = nodes.get(sourceOf(binding).key)
    const to = nodes.get(destinationOf(binding).key)
    if (from === undefined || to === undefined) return []
    const x = MARGIN + widths.node + widths.space / 2
    const y = MARGIN + share * (i + 0.5)
    const full = labelOf(binding)
    const key = `${binding.source} ${binding.destination} ${binding.properties_key}`
    return [
      { key, line: lineOf(from, to, [x, y], widths), text: cut(full, widths.letters), full, x, y },
    ]
  })
}

/** From one box through the label to the other. */
function lineOf(from: Node, to: Node, [x, y]: readonly [number, number], widths: Widths): string {
  const [startX, startY] = [from.x + widths.node, from.y + NODE.height / 2]
  const [endX, endY] = [to.x > from.x ? to.x : to.x + widths.node, to.y + NODE.height / 2]
  const [left, right] = [x - widths.label / 2, x + widths.label / 2]
  const before = (startX + left) / 2
  const after = (right + endX) / 2
  return (
    `M${startX} ${startY} C${before} ${startY} ${before} ${y} ${left} ${y} H${right} ` +
    `C${after} ${y} ${after} ${endY} ${endX} ${endY}`
  )
}

function EdgeLabel({ edge: { x, y, text, full }, width }: { edge: Edge; width: number }) {
  return (
    <g class="edge-label">
      <title>{full}</title>
      <rect
        x={x - width / 2}
        y={y - LABEL.height / 2}
        width={width}
        height={LABEL.height}
        rx={LABEL.height / 2}
      />
      <text x={x} y={y + 4} text-anchor="middle">
        {text}
      </text>
    </g>
  )
}

function NodeBox({ node, widths }: { node: Node; widths: Widths }) {
  const { kind, name, link, x, y } = node
  const middle = x + widths.node / 2
  return (
    <a href={link} class={`node ${kind}`}>
      <title>{`${kind} ${name}`}</title>
      <rect x={x} y={y} width={widths.node} height={NODE.height} rx={kind === 'queue' ? 6 : 21} />
      <text x={middle} y={y + 18} text-anchor="middle">
        {cut(name, widths.nameLetters)}
      </text>
      <text x={middle} y={y + 33} text-anchor="middle" class="kind">
        {kind}
      </text>
    </a>
  )
}

function labelOf({ routing_key: key, arguments: args }: Binding): string {
  const entries = Object.entries(args).map(([name, value]) => `${name}=${json(value)}`)
  const text = [key, ...entries].filter((part) => part !== '').join(' ')
  return text === '' ? '(empty)' : text
}

function told(binding: Binding): string {
  return `${binding.source} to ${binding.destination} by ${labelOf(binding)}`
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
