import { path, request } from '../api.ts'
import { confirmed } from '../parts/dialog.tsx'
import { Field, PageHead, Section } from '../parts/fields.tsx'
import { attempt, tell } from '../parts/toasts.tsx'
import { useStore } from '../store.ts'
import { useSubmit } from '../submitting.ts'
import { vhost } from '../vhost-choice.ts'

/** Everything that is declared and set, as one file in RabbitMQ's format. */
export function DefinitionsPage() {
  const chosen = useStore(vhost)
  const what = chosen === null ? 'the whole broker' : `the virtual host ${chosen}`
  const own = chosen === null ? 'definitions' : path('definitions', chosen)
  const { submit } = useSubmit((fields, form) => upload(own, fields, form))
  return (
    <>
      <PageHead title="Definitions" />
      <Section title="Export">
        <p>
          Users, virtual hosts, permissions, policies, exchanges, queues and bindings of {what}, in
          the format of RabbitMQ. Messages are not part of it.
        </p>
        <div class="actions">
          <button type="button" class="primary" onClick={() => download(own)}>
            Download
          </button>
        </div>
      </Section>
      <Section title="Import">
        <p>
          What the file names is added to {what}, or set anew; nothing is deleted. Files that
          RabbitMQ has exported will do.
        </p>
        <form class="stack" onSubmit={submit} aria-label="Import definitions">
          <Field label="File">
            <input name="file" type="file" accept=".json,application/json" required />
          </Field>
          <div class="actions">
            <button type="submit" class="primary">
              Import
            </button>
          </div>
        </form>
      </Section>
    </>
  )
}

async function download(own: string): Promise<void> {
  await attempt(async () => {
    const definitions = await request<unknown>('GET', own)
    const text = `${JSON.stringify(definitions, null, 2)}\n`
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    link.download = `definitions-${new Date().toISOString().slice(0, 10)}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    return null
  })
}

async function upload(own: string, fields: FormData, form: HTMLFormElement): Promise<void> {
  const file = fields.get('file')
  if (!(file instanceof File)) return
  const text = `${file.name} may change users, permissions and policies of the same names.`
  if (!(await confirmed('Import definitions?', text, 'Import'))) return
  const isDone = await attempt(async () => {
    await request('POST', own, { body: await file.text() })
    return null
  })
  if (!isDone) return
  form.reset()
  tell('The definitions are imported.')
}
