import type { Route } from './route.ts'

/** The API as a page for people: every method of every path, and who may use it. */
export function apiPage(routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, access, summary }) => {
    const cells = [method, `/api${path}`, summary, access].map(
      (text) => `<td>${escaped(text)}</td>`,
    )
    return `<tr>${cells.join('')}</tr>`
  })
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Leveret Management HTTP API</title></head>
<body>
<h1>Leveret Management HTTP API</h1>
<p>The same for programs: <a href="/api/openapi.json">OpenAPI</a>.</p>
<table>
<tr><th>Method</th><th>Path</th><th>Meaning</th><th>Tag</th></tr>
${rows.join('\n')}
</table>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
