import { Store } from './store.ts'

export type Theme = 'light' | 'dark' | 'system'

const KEY = 'leveret.theme'

export const theme = new Store<Theme>(kept())

/** Without a choice, the page is as light or dark as the system. */
export function chooseTheme(choice: Theme): void {
  localStorage.setItem(KEY, choice)
  theme.set(choice)
}

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
}

function kept(): Theme {
  const value = localStorage.getItem(KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}
