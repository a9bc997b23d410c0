import { path, request } from '../api.ts'
import type { Permission, User } from '../api-types.ts'
import { confirmed } from '../parts/dialog.tsx'
import { Field, PageHead, Section, textOf } from '../parts/fields.tsx'
import { Empty, Missing } from '../parts/notice.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { VhostField } from '../parts/vhost-field.tsx'
import { usePolled } from '../polling.ts'
import { goTo } from '../router.ts'
import { useSubmit } from '../submitting.ts'
import { TagField } from './users.tsx'

export function UserPage({ name }: { name: string }) {
  const own = path('users', name)
  const user = usePolled<User>(own, 10_000)
  const permissions = usePolled<readonly Permission[]>(`${own}/permissions`, 10_000)
  const { data, error } = user
  if (data === null || error?.status === 404) return <Missing error={error} />
  return (
    <>
      <PageHead
        title={name}
        above="User"
        actions={
          <button type="button" class="danger" onClick={() => remove(name)}>
            Delete
          </button>
        }
      />
      <Section title="Permissions">
        <PermissionTable permissions={permissions.data ?? []} onChange={permissions.reload} />
        <PermissionForm user={name} onDone={permissions.reload} />
      </Section>
      <Section title="Tags and password">
        <UserForm user={data} onDone={user.reload} />
      </Section>
    </>
  )
}

function PermissionTable({
  permissions,
  onChange,
}: {
  permissions: readonly Permission[]
  onChange: () => void
}) {
  if (permissions.length === 0) {
    return <Empty title="No permissions">Without any, the user cannot open a connection.</Empty>
  }
  const columns: readonly Column<Permission>[] = [
    { title: 'vhost', show: (one) => one.vhost },
    ...RIGHTS.map(({ right, title }) => ({
      title,
      show: (one: Permission) => <code>{one[right] || '(nothing)'}</code>,
    })),
    {
      title: 'Clear',
      isAction: true,
      show: (one) => (
        <button type="button" onClick={() => clear(one).then(onChange)}>
          Clear
        </button>
      ),
    },
  ]
  return <Table columns={columns} items={permissions} keyOf={({ vhost }) => vhost} />
}

const RIGHTS = [
  { right: 'configure', title: 'Configure' },
  { right: 'write', title: 'Write' },
  { right: 'read', title: 'Read' },
] as const

function PermissionForm({ user, onDone }: { user: string; onDone: () => void }) {
  const { submit } = useSubmit(async (fields) => {
    const body = Object.fromEntries(RIGHTS.map(({ right }) => [right, textOf(fields, right)]))
    await attempt(async () => {
      const own = path('permissions', textOf(fields, 'vhost'), user)
      await request('PUT', own, { body })
      return 'The permissions are set.'
    })
    onDone()
  })
  return (
    <form class="stack" onSubmit={submit} aria-label="Set permissions">
      <div class="quad">
        <VhostField />
        {RIGHTS.map(({ right, title }) => (
          <Field key={right} label={title}>
            <input name={right} defaultValue=".*" autocomplete="off" />
          </Field>
        ))}
      </div>
      <div class="actions">
        <small class="muted">Regular expressions of the names of queues and exchanges.</small>
        <button type="submit">Set permissions</button>
      </div>
    </form>
  )
}

function UserForm({ user, onDone }: { user: User; onDone: () => void }) {
  const { submit } = useSubmit(async (fields) => {
    const password = textOf(fields, 'password')
    const kept = { password_hash: user.password_hash }
    await attempt(async () => {
      const body = { tags: textOf(fields, 'tags'), ...(password === '' ? kept : { password }) }
      await request('PUT', path('users', user.name), { body })
      return 'The user is changed.'
    })
    onDone()
  })
  return (
    <form class="stack" onSubmit={submit} aria-label="Change the user">
      <div class="pair">
        <TagField chosen={user.tags.join(',')} />
        <Field label="New password" hint="empty to keep the one it has">
          <input name="password" type="password" autocomplete="new-password" />
        </Field>
      </div>
      <div class="actions">
        <button type="submit">Save</button>
      </div>
    </form>
  )
}

async function clear({ user, vhost }: Permission): Promise<void> {
  const text = `${user} may do nothing more in ${vhost}.`
  if (!(await confirmed('Clear the permissions?', text, 'Clear'))) return
  await attempt(async () => {
    await request('DELETE', path('permissions', vhost, user))
    return 'The permissions are cleared.'
  })
}

async function remove(name: string): Promise<void> {
  const text = `${name} loses its permissions, and its connections are closed.`
  if (!(await confirmed('Delete the user?', text, 'Delete'))) return
  const isGone = await attempt(async () => {
    await request('DELETE', path('users', name))
    return `The user ${name} is deleted.`
  })
  if (isGone) goTo('#/users')
}
