import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { findOnPath } from './find-on-path.ts'
import { killTree } from './kill-tree.ts'

/** The limits of a program: seconds of time, bytes of memory, bytes of output. */
export type Limits = Readonly<{ time: number; memory: number; output: number }>

/** How a program ended; without an exit code it was killed, by `limit` if that is not null. */
export type Ended = Readonly<{
  stdout: string
  stderr: string
  exitCode: number | null
  limit: 'time' | 'output' | null
}>

type Run = Readonly<{
  file: string
  arguments: readonly string[]
  directory: string
  environment: Readonly<Record<string, string>>
  /** A variable of it with its value, such as `TMPDIR=/tmp/a-b`, that no other process has. */
  mark: string
  limits: Limits
  /** Where `setpriv` and `prlimit` of util-linux are looked for. */
  path: string
}>

/**
 * Runs a program that may be given hostile input. It dies with all that it started when a limit is reached, and what it
 * left behind dies at its end, also in other groups and sessions.
 * It also dies with us, whoever kills us: Argo CD kills our process group, of which the program's own is no
 * part, so with `setpriv` the kernel kills it when we end; where there is none it stays in our group.
 */
export const runLimited = async (run: Run): Promise<Ended> => {
  const { limits, path } = run
  const setpriv = findOnPath('setpriv', path)
  const prlimit = findOnPath('prlimit', path)
  const guards = [
    ...(setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--']),
    ...(prlimit === undefined
      ? []
      : [
          prlimit,
          `--as=${Math.ceil(limits.memory)}`,
          // Ends it where nobody is left to do so; Go's garbage collector works beside the program itself.
          `--cpu=${Math.ceil(limits.time) * 2}`,
          '--',
        ]),
  ]
  const ended = await start(run, { guards, hasOwnGroup: setpriv !== undefined })
  // Older ones and busybox lack an option; a lower hard limit cannot be raised, and holds anyway.
  return ended.exitCode !== 0 && /^(?:setpriv|prlimit): /.test(ended.stderr)
    ? start(run, { guards: [], hasOwnGroup: false })
    : ended
}

const start = (
  { file, arguments: words, directory, environment, mark, limits }: Run,
  { guards, hasOwnGroup }: Readonly<{ guards: readonly string[]; hasOwnGroup: boolean }>,
): Promise<Ended> =>
  new Promise(resolve => {
    const [first = file, ...rest] = [...guards, file, ...words]
    const child = spawn(first, rest, {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: hasOwnGroup,
    })
    const isAlive = (): boolean => child.exitCode === null && child.signalCode === null
    const killAll = (): void => {
      if (!hasOwnGroup) child.kill('SIGKILL')
      else if (child.pid !== undefined) killGroup(child.pid)
      killTree({ leader: isAlive() ? (child.pid ?? null) : null, mark })
    }
    let limit: Ended['limit'] = null
    const stop = (reached: 'time' | 'output'): void => {
      limit ??= reached
      killAll()
      // Something that left the group may still hold the other end.
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = setTimeout(() => {
      stop('time')
    }, limits.time * 1000)
    process.once('exit', killAll)

    let size = 0
    const collect = (stream: Readable): readonly Buffer[] => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > limits.output) stop('output')
        else chunks.push(chunk)
      })
      return chunks
    }
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    const end = (exitCode: number | null, errors: string): void => {
      clearTimeout(timer)
      process.off('exit', killAll)
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: errors, exitCode, limit })
    }
    child.once('error', error => {
      end(null, error.message)
    })
    // What it left behind in its group would hold its output open.
    child.once('exit', killAll)
    child.once('close', exitCode => {
      end(exitCode, Buffer.concat(stderr).toString())
    })
  })

const killGroup = (leader: number): void => {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // All of it has ended already.
  }
}
