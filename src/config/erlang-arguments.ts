import type { ConfEntry } from './conf-file.ts'

/**
 * What RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS sets, as far as it is `-rabbit KEY VALUE` or the definitions of
 * `-rabbitmq_management`; all else is for the Erlang runtime.
 */
export function readErlangArguments(text: string): readonly ConfEntry[] {
  const words = text.match(/"[^"]*"|'[^']*'|\[[^\]]*\]|\S+/g)?.map(unquoted) ?? []
  const entries: ConfEntry[] = []
  let application = ''
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word.startsWith('-') || word.startsWith('+')) {
      application = word
      continue
    }
    const value = words[at + 1]
    if (value === undefined || !/^-rabbit/.test(application)) continue
    at++
    const key = application === '-rabbit' ? word : KEYS.get(`${application} ${word}`)
    if (key !== undefined) entries.push({ key: KEYS.get(key) ?? key, value, place: PLACE })
  }
  return entries
}

const PLACE = 'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS'

/** Erlang's names of settings that rabbitmq.conf calls otherwise. */
const KEYS = new Map([
  ['-rabbitmq_management load_definitions', 'management.load_definitions'],
  ['-rabbitmq_stream advertised_host', 'stream.advertised_host'],
  ['log_levels', 'log.levels'],
])

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, '$2').replace(/^<<"(.*)">>$/, '$1')
}
