#!/usr/bin/env node
import { createRedactor } from '../redact/redactor.ts'
import { cleanOutput } from './output/clean-output.ts'
import type { Surroundings } from '../surroundings.ts'
import { runCommandLine } from './run-command-line.ts'

const redactor = createRedactor()
const { print, report } = cleanOutput(process, redactor)

const terminated = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        resolve()
      })
  })

const surroundings: Surroundings = {
  environment: process.env,
  directory: process.cwd(),
  print,
  report,
  conceal: redactor.add,
  isTerminal: process.stdout.isTTY,
  // A terminal without a size has 0.
  columns: (process.stdout.isTTY && process.stdout.columns) || 100,
  terminated,
  home: import.meta.dirname,
  node: process.execPath,
}

process.exitCode = await runCommandLine(process.argv.slice(2), surroundings, redactor)
