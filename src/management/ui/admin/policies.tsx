import { useState } from 'preact/hooks'
import { path, request } from '../api.ts'
import type { Policy } from '../api-types.ts'
import { confirmed, FormDialog } from '../parts/dialog.tsx'
import { ArgumentList, Field, objectOf, PageHead, Section, textOf } from '../parts/fields.tsx'
import { Empty, Missing } from '../parts/notice.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { VhostField } from '../parts/vhost-field.tsx'
import { usePolled } from '../polling.ts'

type Kind = 'policies' | 'operator-policies'

export function PoliciesPage() {
  return (
    <>
      <PageHead title="Policies" />
      <PolicyList kind="policies" title="Policies" />
      <PolicyList kind="operator-policies" title="Operator policies" />
    </>
  )
}

function PolicyList({ kind, title }: { kind: Kind; title: string }) {
  const { data, error, reload } = usePolled<readonly Policy[]>(kind, 10_000)
  const [edited, setEdited] = useState<Policy | 'new' | null>(null)
  const add = (
    <button type="button" onClick={() => setEdited('new')}>
      New
    </button>
  )
  return (
    <Section title={title} actions={add}>
      {data === null && <Missing error={error} />}
      {data?.length === 0 && (
        <Empty title={`No ${title.toLowerCase()}`}>
          A policy gives arguments to queues and exchanges by their names, also to those that exist.
        </Empty>
      )}
      {data !== null && data.length > 0 && (
        <Table
          columns={columnsOf(kind, setEdited, reload)}
          items={data}
          keyOf={({ vhost, name }) => `${vhost}\n${name}`}
        />
      )}
      {edited !== null && (
        <PolicyDialog
          kind={kind}
          policy={edited === 'new' ? null : edited}
          onDone={reload}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  )
}

function columnsOf(
  kind: Kind,
  onEdit: (policy: Policy) => void,
  onChange: () => void,
): readonly Column<Policy>[] {
  return [
    {
      title: 'Name',
      show: (one) => (
        <button type="button" class="link" onClick={() => onEdit(one)}>
          {one.name}
        </button>
      ),
    },
    { title: 'vhost', isWide: true, show: (one) => one.vhost },
    { title: 'Pattern', show: (one) => <code>{one.pattern}</code> },
    { title: 'Applies to', isWide: true, show: (one) => one['apply-to'] },
    { title: 'Definition', show: (one) => <ArgumentList values={one.definition} /> },
    { title: 'Priority', isNumber: true, isWide: true, show: (one) => one.priority },
    {
      title: 'Delete',
      isAction: true,
      show: (one) => (
        <button type="button" class="danger" onClick={() => remove(kind, one).then(onChange)}>
          Delete
        </button>
      ),
    },
  ]
}

const TARGETS = ['all', 'queues', 'classic_queues', 'quorum_queues', 'exchanges']

function PolicyDialog({
  kind,
  policy,
  onDone,
  onClose,
}: {
  kind: Kind
  policy: Policy | null
  onDone: () => void
  onClose: () => void
}) {
  const submit = (fields: FormData) => save(kind, policy, fields, onDone)
  const title = policy === null ? 'New policy' : `Policy ${policy.name}`
  return (
    <FormDialog title={title} action="Save" onSubmit={submit} onClose={onClose}>
      {policy === null && (
        <>
          <VhostField />
          <Field label="Name">
            <input name="name" required autofocus autocomplete="off" />
          </Field>
        </>
      )}
      <Field label="Pattern" hint="a regular expression of names">
        <input name="pattern" required defaultValue={policy?.pattern ?? ''} autocomplete="off" />
      </Field>
      <div class="pair">
        <Field label="Applies to">
          <select name="apply-to">
            {TARGETS.map((target) => (
              <option key={target} value={target} selected={target === policy?.['apply-to']}>
                {target}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Priority">
          <input name="priority" type="number" step="1" defaultValue={policy?.priority ?? 0} />
        </Field>
      </div>
      <Field label="Definition" hint="JSON, such as {&quot;message-ttl&quot;: 60000}">
        <textarea
          name="definition"
          rows={4}
          required
          defaultValue={policy === null ? '' : JSON.stringify(policy.definition, null, 2)}
        />
      </Field>
    </FormDialog>
  )
}

function save(
  kind: Kind,
  policy: Policy | null,
  fields: FormData,
  onDone: () => void,
): Promise<boolean> {
  const vhost = policy?.vhost ?? textOf(fields, 'vhost')
  const name = policy?.name ?? textOf(fields, 'name')
  return attempt(async () => {
    const body = {
      pattern: textOf(fields, 'pattern'),
      'apply-to': textOf(fields, 'apply-to'),
      priority: Number(textOf(fields, 'priority')),
      definition: objectOf(fields, 'definition'),
    }
    await request('PUT', path(kind, vhost, name), { body })
    onDone()
    return `The policy ${name} holds from now on.`
  })
}

async function remove(kind: Kind, { vhost, name }: Policy): Promise<void> {
  const text = `What ${name} gave to queues and exchanges of ${vhost} holds no more, at once.`
  if (!(await confirmed('Delete the policy?', text, 'Delete'))) return
  await attempt(async () => {
    await request('DELETE', path(kind, vhost, name))
    return `The policy ${name} is deleted.`
  })
}
