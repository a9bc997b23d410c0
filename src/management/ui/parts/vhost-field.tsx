import type { Vhost } from '../api-types.ts'
import { usePolled } from '../polling.ts'
import { vhost } from '../vhost-choice.ts'
import { Field } from './fields.tsx'

/** The vhost in which something is to be made: that which is looked at, unless another is chosen. */
export function VhostField() {
  const { data } = usePolled<readonly Vhost[]>('vhosts', 60_000)
  const names = data?.map(({ name }) => name) ?? ['/']
  return (
    <Field label="Virtual host">
      <select name="vhost" key={names.length} defaultValue={vhost.value ?? '/'}>
        {names.map((name) => (
          <option key={name} value={name} selected={name === (vhost.value ?? '/')}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  )
}
