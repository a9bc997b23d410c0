import type { Command, CommandCall } from '../command.ts'
import { refused, WrongArguments } from '../failure.ts'

/** The few expressions that test suites of clients and scripts evaluate, matched as texts. */
export const EVAL_COMMANDS: readonly Command[] = [
  {
    name: 'eval',
    tools: ['rabbitmqctl'],
    group: 'Operations',
    about: 'Evaluates a snippet of Erlang code on the target node',
    usage: '<expression>',
    arguments: [1, Number.POSITIVE_INFINITY],
    check: ({ args }) => {
      const [expression = ''] = args
      const [, word] = /^\s*[a-z]\w*\s+(\w+)\s*$/.exec(expression) ?? []
      if (word !== undefined) throw new WrongArguments(`"syntax error before: ${word}"`)
      if (!isBalanced(expression)) throw new WrongArguments('"syntax error before: "')
    },
    run: async (call) => ({ text: await evaluated(call) }),
  },
]

/** Whether every bracket has its other half; those in texts count as well. */
function isBalanced(expression: string): boolean {
  const open: string[] = []
  for (const [bracket] of expression.matchAll(/[()[\]{}]/g)) {
    const other = OPENING.get(bracket)
    if (other === undefined) open.push(bracket)
    else if (open.pop() !== other) return false
  }
  return open.length === 0
}

const OPENING = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

type Snippet = readonly [RegExp, (call: CommandCall, found: readonly string[]) => Promise<string>]

async function evaluated(call: CommandCall): Promise<string> {
  const text = (call.args[0] ?? '').trim().replace(/\.$/, '').trim()
  for (const [pattern, evaluate] of SNIPPETS) {
    const match = pattern.exec(text)
    if (match !== null) return evaluate(call, match.slice(1))
  }
  const [, module, name] = /^(\w+):(\w+)\(/.exec(text) ?? []
  if (module === undefined) throw refused('this expression is none of those that are understood')
  throw refused(`{:undef, [{:${module}, :${name}, [], []}]}`)
}

const SNIPPETS: readonly Snippet[] = [
  [/^(\d+)\s*\+\s*(\d+)$/, async (_call, [a, b]) => String(Number(a) + Number(b))],
  [/^(\d+|ok|true|false|'\w+')$/, async (_call, [term = '']) => term],
  [/^node\(\)$/, async ({ nodeName }) => nodeName],
  [
    /^application:set_env\(rabbit,\s*channel_max,\s*(\d+)\)$/,
    async ({ broker }, [count]) => {
      await broker.put('/control/settings', { channel_max: Number(count) })
      return 'ok'
    },
  ],
  [
    /^application:set_env\(rabbit,\s*loopback_users,\s*\[(.*)\]\)$/,
    async ({ broker }, [list = '']) => {
      const names = [...list.matchAll(/<<"((?:[^"\\]|\\.)*)">>/g)].map(([, name = '']) => name)
      await broker.put('/control/settings', { loopback_users: names })
      return 'ok'
    },
  ],
  [
    /^\{ok,\s*(\w+)\}\s*=\s*application:get_env\(rabbit,\s*(loopback_users|channel_max)\),\s*\1$/,
    async ({ broker }, [, name = '']) => termOf((await broker.object('/control/settings'))[name]),
  ],
  [
    /^application:get_env\(rabbit,\s*(loopback_users|channel_max)\)$/,
    async ({ broker }, [name = '']) => {
      return `{ok,${termOf((await broker.object('/control/settings'))[name])}}`
    },
  ],
  [
    /^rabbit_alarm:set_alarm\(\{\{resource_limit,\s*(disk|memory),\s*node\(\)\},\s*\[\]\}\)$/,
    async ({ broker }, [alarm]) => {
      await broker.put(`/control/alarms/${alarm}`)
      return 'ok'
    },
  ],
  [
    /^rabbit_alarm:clear_alarm\(\{resource_limit,\s*(disk|memory),\s*node\(\)\}\)$/,
    async ({ broker }, [alarm]) => {
      await broker.delete(`/control/alarms/${alarm}`)
      return 'ok'
    },
  ],
]

function termOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => `<<"${String(one)}">>`).join(',')}]`
  return String(value)
}
