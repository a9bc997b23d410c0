import { useState } from 'preact/hooks'

/** Has a form do its work with what is in it, and not again before that is done. */
export function useSubmit(work: (fields: FormData, form: HTMLFormElement) => Promise<unknown>) {
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget
    if (isBusy || !(form instanceof HTMLFormElement)) return
    setBusy(true)
    await work(new FormData(form), form)
    setBusy(false)
  }
  return { isBusy, submit }
}
