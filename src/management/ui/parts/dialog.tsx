import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Store, useStore } from '../store.ts'
import { useSubmit } from '../submitting.ts'

/** A dialog over the page. Esc closes it, and so does Cancel. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={ref} aria-label={title} onClose={onClose}>
      <h2>{title}</h2>
      {children}
    </dialog>
  )
}

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** A form in a dialog, with its buttons; Enter submits it. It stays open until what it does has succeeded. */
export function FormDialog({
  title,
  action,
  isDanger = false,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string
  readonly action: string
  readonly isDanger?: boolean
  /** True to close. */
  readonly onSubmit: (fields: FormData) => Promise<boolean>
  readonly onClose: () => void
  readonly children?: ComponentChildren
}) {
  const { isBusy, submit } = useSubmit(async (fields) => {
    if (await onSubmit(fields)) onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class={isDanger ? 'primary danger' : 'primary'} disabled={isBusy}>
            {isBusy ? 'Working…' : action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface Question {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly answer: (isYes: boolean) => void
}

const question = new Store<Question | null>(null)

/** Asks before something is done that cannot be undone. */
export function confirmed(title: string, text: string, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (isYes: boolean) => {
      question.set(null)
      resolve(isYes)
    }
    question.set({ title, text, action, answer })
  })
}

/** Where `confirmed` asks; the page has one of these. */
export function Confirmation() {
  const asked = useStore(question)
  if (asked === null) return null
  const { title, text, action, answer } = asked
  const yes = async () => {
    answer(true)
    return false
  }
  return (
    <FormDialog
      key={title}
      title={title}
      action={action}
      isDanger
      onSubmit={yes}
      onClose={() => answer(false)}
    >
      <p>{text}</p>
    </FormDialog>
  )
}
