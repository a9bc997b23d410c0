import { useState } from 'preact/hooks'
import { path, request } from '../api.ts'
import type { User } from '../api-types.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { Field, PageHead, textOf } from '../parts/fields.tsx'
import { Pill } from '../parts/notice.tsx'
import { ResourceList } from '../parts/resource-list.tsx'
import type { Column } from '../parts/table.tsx'
import { attempt } from '../parts/toasts.tsx'
import { goTo, linkTo } from '../router.ts'

const COLUMNS: readonly Column<User>[] = [
  {
    title: 'Name',
    sort: 'name',
    show: ({ name }) => <a href={linkTo('users', name)}>{name}</a>,
  },
  { title: 'Tags', show: ({ tags }) => <Tags tags={tags} /> },
  {
    title: 'Password',
    isWide: true,
    show: ({ password_hash: hash }) => (hash === '' ? 'none: cannot sign in with one' : 'set'),
  },
]

export function UsersPage() {
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <PageHead
        title="Users"
        actions={
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New user
          </button>
        }
      />
      <ResourceList
        resource="users"
        words={['user', 'users']}
        inVhost={null}
        columns={COLUMNS}
        fields={['name', 'tags', 'password_hash']}
        keyOf={({ name }) => name}
        hint=""
      />
      {isAdding && <NewUser onClose={() => setAdding(false)} />}
    </>
  )
}

export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return <span class="muted">none</span>
  return (
    <>
      {tags.map((tag) => (
        <Pill key={tag}>{tag}</Pill>
      ))}
    </>
  )
}

export const TAGS = ['', 'management', 'policymaker', 'monitoring', 'administrator'] as const

function NewUser({ onClose }: { onClose: () => void }) {
  const submit = (fields: FormData) => {
    const name = textOf(fields, 'name')
    return attempt(async () => {
      const body = { password: textOf(fields, 'password'), tags: textOf(fields, 'tags') }
      await request('PUT', path('users', name), { body })
      goTo(linkTo('users', name))
      return `The user ${name} is there. It may do nothing until it has permissions.`
    })
  }
  return (
    <FormDialog title="New user" action="Add" onSubmit={submit} onClose={onClose}>
      <Field label="Name">
        <input name="name" required autofocus autocomplete="off" />
      </Field>
      <Field label="Password">
        <input name="password" type="password" required autocomplete="new-password" />
      </Field>
      <TagField />
    </FormDialog>
  )
}

export function TagField({ chosen = '' }: { chosen?: string }) {
  return (
    <Field label="Tags" hint="separated by commas; management and above may use this page">
      <input name="tags" list="user-tags" defaultValue={chosen} autocomplete="off" />
      <datalist id="user-tags">
        {TAGS.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
    </Field>
  )
}
