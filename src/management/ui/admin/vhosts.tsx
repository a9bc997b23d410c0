import { useState } from 'preact/hooks'
import { path, request } from '../api.ts'
import type { Vhost } from '../api-types.ts'
import { count } from '../format.ts'
import { confirmed, FormDialog } from '../parts/dialog.tsx'
import { Field, PageHead, textOf } from '../parts/fields.tsx'
import { Missing } from '../parts/notice.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { usePolled } from '../polling.ts'
import { goTo } from '../router.ts'
import { chooseVhost, vhost as chosenVhost } from '../vhost-choice.ts'

export function VhostsPage() {
  const { data, error, reload } = usePolled<readonly Vhost[]>('vhosts')
  const [isAdding, setAdding] = useState(false)
  if (data === null) return <Missing error={error} />
  return (
    <>
      <PageHead
        title="Virtual hosts"
        actions={
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New virtual host
          </button>
        }
      />
      <div class="card list">
        <Table columns={columnsOf(reload)} items={data} keyOf={({ name }) => name} />
      </div>
      {isAdding && <NewVhost onDone={reload} onClose={() => setAdding(false)} />}
    </>
  )
}

function columnsOf(onChange: () => void): readonly Column<Vhost>[] {
  return [
    {
      title: 'Name',
      show: ({ name }) => (
        <button type="button" class="link" onClick={() => showQueues(name)}>
          {name}
        </button>
      ),
    },
    { title: 'Description', isWide: true, show: (one) => one.description },
    { title: 'Default queue type', isWide: true, show: (one) => one.default_queue_type },
    { title: 'Ready', isNumber: true, show: (one) => count(one.messages_ready ?? 0) },
    { title: 'Unacked', isNumber: true, show: (one) => count(one.messages_unacknowledged ?? 0) },
    {
      title: 'Delete',
      isAction: true,
      show: (one) => (
        <button type="button" class="danger" onClick={() => remove(one).then(onChange)}>
          Delete
        </button>
      ),
    },
  ]
}

function showQueues(vhost: string): void {
  chooseVhost(vhost)
  goTo('#/queues')
}

function NewVhost({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const submit = (fields: FormData) => {
    const name = textOf(fields, 'name')
    return attempt(async () => {
      const body = {
        description: textOf(fields, 'description'),
        default_queue_type: textOf(fields, 'type'),
      }
      await request('PUT', path('vhosts', name), { body })
      onDone()
      return `The virtual host ${name} is there.`
    })
  }
  return (
    <FormDialog title="New virtual host" action="Add" onSubmit={submit} onClose={onClose}>
      <Field label="Name">
        <input name="name" required autofocus autocomplete="off" />
      </Field>
      <Field label="Description">
        <input name="description" />
      </Field>
      <Field label="Default queue type">
        <select name="type">
          <option value="classic">classic</option>
          <option value="quorum">quorum</option>
        </select>
      </Field>
    </FormDialog>
  )
}

async function remove({ name }: Vhost): Promise<void> {
  const text = `${name} goes with all its queues, messages, exchanges, permissions and policies; its connections are closed.`
  if (!(await confirmed('Delete the virtual host?', text, 'Delete'))) return
  await attempt(async () => {
    await request('DELETE', path('vhosts', name))
    if (chosenVhost.value === name) chooseVhost(null)
    return `The virtual host ${name} is deleted.`
  })
}
