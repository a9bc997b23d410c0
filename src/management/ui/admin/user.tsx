import { path, request } from '../api.ts'
import type { Permission, User } from '../api-types.ts'
import { confirmed } from '../parts/dialog.tsx'
import { Field, PageHead, Section, textOf } from '../parts/fields.tsx'
import { Empty, Failure, Loading } from '../parts/notice.tsx'
import { attempt } from '../parts/toasts.tsx'
import { VhostField } from '../parts/vhost-field.tsx'
import { usePolled } from '../polling.ts'
import { goTo } from '../router.ts'
import { TagField } from './users.tsx'

export function UserPage({ name }: { name: string }) {
  const own = path('users', name)
  const user = usePolled<User>(own, 10_000)
  const permissions = usePolled<readonly Permission[]>(`${own}/permissions`, 10_000)
  const { data, error } = user
  if (error !== null && error.status === 404) return <Failure error={error} />
  if (data === null) return error === null ? <Loading /> : <Failure error={error} />
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
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">vhost</th>
            <th scope="col">Configure</th>
            <th scope="col">Write</th>
            <th scope="col">Read</th>
            <th scope="col">
              <span class="hidden">Clear</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {permissions.map((one) => (
            <tr key={one.vhost}>
              <td>{one.vhost}</td>
              {[one.configure, one.write, one.read].map((pattern, i) => (
                <td key={i}>
                  <code>{pattern || '(nothing)'}</code>
                </td>
              ))}
              <td class="number">
                <button type="button" onClick={() => clear(one).then(onChange)}>
                  Clear
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function PermissionForm({ user, onDone }: { user: string; onDone: () => void }) {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const fields = new FormData(event.currentTarget)
    const [configure, write, read] = ['configure', 'write', 'read'].map((n) => textOf(fields, n))
    await attempt(async () => {
      const own = path('permissions', textOf(fields, 'vhost'), user)
      await request('PUT', own, { body: { configure, write, read } })
      return 'The permissions are set.'
    })
    onDone()
  }
  return (
    <form class="stack" onSubmit={submit} aria-label="Set permissions">
      <div class="quad">
        <VhostField />
        {['configure', 'write', 'read'].map((name) => (
          <Field key={name} label={name[0]?.toUpperCase() + name.slice(1)}>
            <input name={name} defaultValue=".*" autocomplete="off" />
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
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const fields = new FormData(event.currentTarget)
    const password = textOf(fields, 'password')
    const kept = { password_hash: user.password_hash }
    await attempt(async () => {
      const body = { tags: textOf(fields, 'tags'), ...(password === '' ? kept : { password }) }
      await request('PUT', path('users', user.name), { body })
      return 'The user is changed.'
    })
    onDone()
  }
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
