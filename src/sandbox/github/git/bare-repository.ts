import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'

type RunOptions = Readonly<{ input?: string | Uint8Array; environment?: Record<string, string> }>

/** A real bare git repository and the few ways in which the simulated GitHub asks it things. */
export type BareRepository = Readonly<{
  directory: string
  defaultBranch: string
  environment: Readonly<Record<string, string>>
  /** Output of `git ...`; throws when it fails. */
  run: (commandLine: readonly string[], options?: RunOptions) => Promise<string>
  /** Output of `git ...` as bytes, or null when it fails. */
  attempt: (commandLine: readonly string[], options?: RunOptions) => Promise<Buffer | null>
  /** The commit that a branch, ref or SHA names, or null. */
  resolve: (name: string) => Promise<string | null>
  heads: () => Promise<ReadonlyMap<string, string>>
  /** Moves a ref, but only when it is still at `from`. */
  moveRef: (
    move: Readonly<{ ref: string; to: string | null; from: string | null }>,
  ) => Promise<void>
}>

const isDirectory = async (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )

/** Asked by git for each ref that is pushed; what the API moves is not pushed. */
const updateHook = `#!/bin/sh
printf '%s' "$SANDBOX_PROTECTED" | grep -qxF "\${1#refs/heads/}" || exit 0
echo "error: GH013: Repository rule violations found for $1." >&2
echo "- Changes must be made through a pull request." >&2
exit 1
`

const mostKnown = 1000
const isCommit = (word: string): boolean => /^\^?[0-9a-f]{40}(?:\^\{commit\})?$/.test(word)

/** Tells a question whose answer never changes: it names commits by their full SHA alone. */
const asksOfCommits = ([command = '', ...words]: readonly string[]): boolean =>
  ['log', 'diff', 'diff-tree', 'merge-base', 'rev-parse'].includes(command) &&
  words.every(word => word.startsWith('-') || isCommit(word)) &&
  words.some(isCommit)

/** The readings of a name, in git’s order; GitHub takes no branch that is called like a commit. */
const namesFor = (name: string): readonly string[] => {
  if (/^(?:[0-9a-f]{40}$|refs\/)/.test(name)) return [name]
  const refs = [`refs/heads/${name}`, `refs/tags/${name}`]
  return /^[0-9a-f]{7,39}$/.test(name) ? [...refs, name] : refs
}

/** The commit of a branch that has a file of its own, which git would read first; else null. */
const looseRef = async (directory: string, ref: string): Promise<string | null> => {
  if (!/^refs\/heads\/[\w-]+(?:\/[\w-]+)*$/.test(ref)) return null
  const text = await readFile(join(directory, ref), 'latin1').catch(() => '')
  return /^[0-9a-f]{40}(?=\n$)/.exec(text)?.[0] ?? null
}

const noObject = '0'.repeat(40)

/** Opens the bare repository at `directory`, creating an empty one with the branch main when none is there. */
export const openBareRepository = async (
  directory: string,
  home: string,
): Promise<BareRepository> => {
  // Git itself must be found on PATH; nothing else of the surroundings may change what it does.
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
  const ask: BareRepository['attempt'] = async (commandLine, options = {}) => {
    const { exitCode, stdout } = await execa('git', [...commandLine], {
      cwd: directory,
      extendEnv: false,
      shell: false,
      reject: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      env: { ...environment, ...options.environment },
      input: options.input ?? '',
    })
    return exitCode === 0 ? Buffer.from(stdout) : null
  }
  // What commits hold never changes; a process for each question would take most of the simulation's time.
  const known = new Map<string, Buffer>()
  const attempt: BareRepository['attempt'] = async (commandLine, options) => {
    if (options !== undefined || !asksOfCommits(commandLine)) return ask(commandLine, options)
    const question = commandLine.join('\0')
    const answer = known.get(question) ?? (await ask(commandLine))
    if (known.size >= mostKnown) known.clear()
    if (answer !== null) known.set(question, answer)
    return answer
  }
  const run: BareRepository['run'] = async (commandLine, options) => {
    const output = await attempt(commandLine, options)
    if (output === null) throw new Error(`git ${commandLine.join(' ')} in ${directory} went wrong`)
    return output.toString('utf8')
  }
  await mkdir(home, { recursive: true })
  if (!(await isDirectory(directory))) {
    await mkdir(directory, { recursive: true })
    await run(['init', '--quiet', '--bare', '--initial-branch=main', '.'])
  }
  await mkdir(join(directory, 'hooks'), { recursive: true })
  await writeFile(join(directory, 'hooks', 'update'), updateHook, { mode: 0o755 })
  // As on GitHub: pull request refs can be fetched, never pushed; any commit can be fetched by its SHA.
  await run(['config', '--replace-all', 'receive.hideRefs', 'refs/pull'])
  await run(['config', 'http.receivepack', 'true'])
  await run(['config', 'uploadpack.allowAnySHA1InWant', 'true'])
  await run(['config', 'gc.auto', '0'])

  return {
    directory,
    defaultBranch: (await run(['symbolic-ref', '--short', 'HEAD'])).trim(),
    environment,
    run,
    attempt,
    resolve: async name => {
      for (const candidate of namesFor(name)) {
        const loose = await looseRef(directory, candidate)
        if (loose !== null) return loose
        const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options']
        const found = await attempt([...verify, `${candidate}^{commit}`])
        if (found !== null) return found.toString('utf8').trim()
      }
      return null
    },
    heads: async () => {
      const format = '--format=%(objectname) %(refname:lstrip=2)'
      const lines = (await run(['for-each-ref', format, 'refs/heads'])).split('\n')
      return new Map(lines.filter(line => line).map(line => [line.slice(41), line.slice(0, 40)]))
    },
    moveRef: async ({ ref, to, from }) => {
      await run(['update-ref', '--no-deref', ref, to ?? noObject, from ?? noObject])
    },
  }
}
