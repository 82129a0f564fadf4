import { dirname } from 'node:path'
import type { Surroundings } from '../../src/surroundings.ts'
import { home, program, shell } from './run-sower.ts'

/** What a command that is called here gets, and what it has said so far. */
export const surroundings = (
  change: Partial<Surroundings> = {},
): Readonly<{ given: Surroundings; said: { stdout: string; stderr: string } }> => {
  const said = { stdout: '', stderr: '' }
  return {
    said,
    given: {
      environment: shell(),
      directory: home,
      print: text => {
        said.stdout += text
      },
      report: text => {
        said.stderr += text
      },
      isTerminal: false,
      columns: 100,
      terminated: () => new Promise(() => undefined),
      home: dirname(program),
      node: process.execPath,
      ...change,
    },
  }
}
