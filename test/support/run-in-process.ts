import { EventEmitter } from 'node:events'
import { dirname } from 'node:path'
import { cleanOutput } from '../../src/cli/output/clean-output.ts'
import { declareCommands } from '../../src/cli/declare-commands.ts'
import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { home, program, shell, type Options, type Result } from './run-sower.ts'

/** `generate` keeps its slot for as long as its process lives; `bot` and `demo` are processes of their own. */
const alone = ['generate', 'bot', 'demo']

/**
 * Runs a command line to its end as the program does, without the start of a process for it: for tests of
 * what commands do, not of how a process begins and ends. There is no standard input.
 */
export const runInProcess = async (
  words: readonly string[],
  options: Pick<Options, 'cwd' | 'env'> = {},
): Promise<Result> => {
  if (words[0] !== undefined && alone.includes(words[0]))
    throw new Error(`${words[0]} needs a process of its own`)
  let [stdout, stderr] = ['', '']
  const process = Object.assign(new EventEmitter(), {
    stdout: Object.assign(new EventEmitter(), { write: (text: string) => (stdout += text) }),
    stderr: Object.assign(new EventEmitter(), { write: (text: string) => (stderr += text) }),
  })
  const redactor = createRedactor()
  const surroundings = {
    environment: options.env ?? shell(),
    directory: options.cwd ?? home,
    ...cleanOutput(process as unknown as NodeJS.Process, redactor),
    isTerminal: false,
    columns: 100,
    terminated: () => Promise.reject(new Error('nothing here waits for a signal')),
    home: dirname(program),
    node: globalThis.process.execPath,
  }
  const exitCode = await runCommandLine({ words, surroundings, redactor }, declareCommands)
  process.emit('exit')
  return { exitCode, stdout, stderr }
}
