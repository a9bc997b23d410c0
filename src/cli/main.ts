#!/usr/bin/env node
import { readCommandLine } from './command-line.ts'
import { EXIT_USAGE } from './exit-code.ts'

const command = readCommandLine(process.argv.slice(2))

// Each branch loads only what it needs, which keeps the start short.
switch (command.name) {
  case 'serve': {
    const { serve } = await import('./serve.ts')
    await serve(command)
    break
  }
  case 'store': {
    const { runStoreCommand } = await import('./store-command.ts')
    runStoreCommand(command)
    break
  }
  case 'ctl': {
    const { control } = await import('../ctl/main.ts')
    await control(command.args)
    break
  }
  case 'help': {
    const { helpText } = await import('./help.ts')
    process.stdout.write(helpText())
    break
  }
  case 'version': {
    const { packageVersion } = await import('./version.ts')
    process.stdout.write(`${packageVersion()}\n`)
    break
  }
  case 'unknown':
    process.stderr.write(`leveret: ${command.problem}\n`)
    process.exitCode = EXIT_USAGE
}
