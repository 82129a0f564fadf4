import { spawn } from 'node:child_process'

/** How a plugin ended; killed at the deadline it has no exit code. */
export type PluginResult = Readonly<{ exitCode: number | null; stdout: string; stderr: string }>

type PluginRun = Readonly<{
  command: readonly [string, ...string[]]
  /** The variables of the sidecar; the request's are added and win. */
  sidecar: Readonly<Record<string, string>>
  environment: Readonly<Record<string, string>>
  /** The application path, absolute. */
  directory: string
  /** When the repo-server loses patience. */
  deadline: Promise<void>
}>

/**
 * Runs a plugin as cmp-server does (argo-cd cmpserver/plugin/plugin.go:80-156): in the application path, without
 * standard input, in a process group of its own, everything it prints kept. At the deadline the leader is killed
 * at once, its group asked to end, and killed after five seconds; what it left running when it ended by itself
 * goes the same way.
 */
export const runPlugin = ({
  command: [program, ...programArguments],
  sidecar,
  environment,
  directory,
  deadline,
}: PluginRun): Promise<PluginResult> =>
  new Promise(resolve => {
    const child = spawn(program, programArguments, {
      cwd: directory,
      env: { ...sidecar, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const group = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // All of it has ended.
      }
    }
    let isOver = false
    void deadline.then(() => {
      if (!isOver) child.kill('SIGKILL')
    })
    const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => chunks[name].push(chunk))
    child.once('exit', () => {
      group('SIGTERM')
      setTimeout(group, 5000, 'SIGKILL').unref()
    })
    const end = (exitCode: number | null, more: string): void => {
      isOver = true
      const [stdout, stderr] = [chunks.stdout, chunks.stderr].map(all =>
        Buffer.concat(all).toString(),
      )
      resolve({ exitCode, stdout: stdout ?? '', stderr: `${stderr ?? ''}${more}` })
    }
    child.once('error', error => {
      end(1, error.message)
    })
    child.once('close', exitCode => {
      end(exitCode, '')
    })
  })

/** The message of cmp-server about a failure, which people read in the Application (plugin.go:164-174). */
export const describePluginFailure = (
  command: readonly string[],
  { exitCode, stderr }: PluginResult,
): string => {
  const how = exitCode === null ? 'signal: killed' : `exit status ${exitCode}`
  return `\`${command.join(' ')}\` failed ${how}: ${stderr.trim()}`
}
