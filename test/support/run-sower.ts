import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import type { Test } from 'tap'

/** The repository of this test. */
export const home = fileURLToPath(new URL('../..', import.meta.url))
export const program = join(home, 'dist', 'sower.js')
const fetched = join(home, 'node_modules', '.cache', 'sower', 'kubectl')

/**
 * What a person's shell gives to a program: where programs are, and which kustomize, if one was chosen. Node 20 then
 * warns of what later ones warn of unasked, and no user is to see that.
 */
export const shell = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_PENDING_DEPRECATION: '1',
  ...(process.env['SOWER_KUSTOMIZE'] ? { SOWER_KUSTOMIZE: process.env['SOWER_KUSTOMIZE'] } : {}),
})

export const kustomizePlaces = {
  configured: process.env['SOWER_KUSTOMIZE'],
  path: process.env['PATH'] ?? '',
  fallback: fetched,
}

/** What a command is run with; without `env` that of a shell. */
export type Options = {
  cwd?: string
  env?: Record<string, string>
  input?: string
  program?: string
}
export type Result = { exitCode?: number | undefined; stdout: string; stderr: string }

/**
 * A command that starts a program with that environment and nothing else: tap would add its own preloads to
 * every child.
 */
export const alone = (
  environment: Readonly<Record<string, string>>,
  ...command: readonly string[]
): [string, ...string[]] => [
  '/usr/bin/env',
  '-i',
  ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  ...command,
]

/** Runs the built program to its end, as a user does. */
export const runSower = async (
  words: readonly string[],
  options: Options = {},
): Promise<Result> => {
  const [file, ...rest] = alone(
    options.env ?? shell(),
    process.execPath,
    options.program ?? program,
    ...words,
  )
  return execa(file, rest, {
    cwd: options.cwd ?? home,
    input: options.input ?? '',
    reject: false,
    stripFinalNewline: false,
    timeout: 60_000,
  })
}

/** A new directory outside of any repository; tap's own fixtures lie inside this one. */
export const temporaryDirectory = (t: Pick<Test, 'teardown'>, base = tmpdir()): string => {
  const directory = realpathSync(mkdtempSync(join(base, 'sower-test-')))
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}

/** git as a person who commits. */
export const gitIn =
  (directory: string) =>
  async (...words: string[]): Promise<string> =>
    (
      await execa('git', words, {
        cwd: directory,
        extendEnv: false,
        stripFinalNewline: false,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: directory,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: 'Ada',
          GIT_AUTHOR_EMAIL: 'ada@example.com',
          GIT_COMMITTER_NAME: 'Ada',
          GIT_COMMITTER_EMAIL: 'ada@example.com',
        },
      })
    ).stdout

/** Checks that a command said one thing, with a code and what to do, and nothing on standard output. */
export const isOneMessage = (
  t: Pick<Test, 'match' | 'equal'>,
  { exitCode, stdout, stderr }: Result,
  expected: { exitCode: number; code: string; says: RegExp; stdout?: RegExp },
): void => {
  t.equal(exitCode, expected.exitCode, `exit ${expected.exitCode} for ${expected.code}`)
  t.match(stderr, new RegExp(`^sower: [^\\n]+ \\[${expected.code}\\]\\n {7}\\S[^\\n]+\\n$`))
  t.match(stderr, expected.says)
  if (expected.stdout) t.match(stdout, expected.stdout)
  else t.equal(stdout, '', 'nothing on standard output')
}
