/** Numbers that are seen at once, each under its name; some lead to what they count. */
export function Tiles({
  tiles,
  columns,
}: {
  readonly tiles: readonly (readonly [name: string, value: string, link?: string])[]
  /** Eight unless given. */
  readonly columns?: 'four'
}) {
  return (
    <ul class={columns === undefined ? 'tiles' : `tiles ${columns}`}>
      {tiles.map(([name, value, link]) => (
        <li key={name}>
          {link === undefined ? (
            <Tile name={name} value={value} />
          ) : (
            <a href={link}>
              <Tile name={name} value={value} />
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <>
      <span class="tile-name">{name}</span>
      <span class="tile-value">{value}</span>
    </>
  )
}
