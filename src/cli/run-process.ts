import { once } from 'node:events'
import { createRedactor } from '../redact/redactor.ts'
import type { Surroundings } from '../surroundings.ts'
import { cleanOutput } from './output/clean-output.ts'
import { createProgress } from './output/create-progress.ts'
import { runCommandLine, type Declare } from './run-command-line.ts'

const terminated = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        resolve()
      })
  })

/** Progress where a person sees both streams on one terminal: it would be noise in a file, a pipe or the log of a CI job. */
const progressOf = ({ stdout, stderr, env }: NodeJS.Process, clean: (text: string) => string) =>
  stdout.isTTY && stderr.isTTY && !env['CI'] && env['TERM'] !== 'dumb'
    ? createProgress({
        write: text => {
          stderr.write(clean(text))
        },
        columns: stderr.columns || 80,
        after: (milliseconds, call) => {
          const timer = setTimeout(call, milliseconds).unref()
          return () => {
            clearTimeout(timer)
          }
        },
      })
    : undefined

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

/**
 * Runs the command line of this process with the commands that `declare` adds, and resolves to the exit code. `home` is
 * the directory of the built program.
 */
export const runProcess = async (home: string, declare: Declare): Promise<number> => {
  const redactor = createRedactor()
  const { print, report } = cleanOutput(process, redactor)
  const progress = progressOf(process, redactor.clean)
  const surroundings: Surroundings = {
    environment: process.env,
    directory: process.cwd(),
    ...(progress ? { progress } : {}),
    // What is printed is the result, or begins it.
    print: text => {
      progress?.end()
      print(text)
    },
    report: text => {
      if (progress)
        progress.beside(() => {
          report(text)
        })
      else report(text)
    },
    conceal: redactor.add,
    isTerminal: process.stdout.isTTY,
    // A terminal without a size has 0.
    columns: (process.stdout.isTTY && process.stdout.columns) || 100,
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
    terminated,
    home,
    node: process.execPath,
  }
  return runCommandLine({ surroundings, redactor, words: process.argv.slice(2) }, declare)
}
