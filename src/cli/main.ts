#!/usr/bin/env node
import { once } from 'node:events'
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

/** Asks on the errors' stream, so that what is printed stays clean. */
const ask = async (question: string): Promise<string> => {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    // Whoever ends the input has said nothing.
    const ended = once(terminal, 'close').then(() => '')
    return await Promise.race([terminal.question(question), ended])
  } finally {
    terminal.close()
  }
}

const surroundings: Surroundings = {
  environment: process.env,
  directory: process.cwd(),
  print,
  report,
  conceal: redactor.add,
  isTerminal: process.stdout.isTTY,
  // A terminal without a size has 0.
  columns: (process.stdout.isTTY && process.stdout.columns) || 100,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  terminated,
  home: import.meta.dirname,
  node: process.execPath,
}

process.exitCode = await runCommandLine(process.argv.slice(2), surroundings, redactor)
