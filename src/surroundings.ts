import { join, resolve } from 'node:path'
import type { TakeMore } from './adapters/kustomize/create-turns.ts'
import type { Kustomize } from './operations/ports/kustomize.ts'

/** Says what is done that takes time. */
export type Progress = Readonly<{
  /** Does a work, and may say so meanwhile: `what` is a phrase such as `asking the hub`. */
  during: <Value>(what: string, work: () => Promise<Value>) => Promise<Value>
  /** Says something else on the same terminal. */
  beside: (say: () => void) => void
  /** Says nothing more. */
  end: () => void
}>

/** The surroundings that a command gets; only run-process.ts reads `process`. */
export type Surroundings = Readonly<{
  environment: Readonly<Record<string, string | undefined>>
  directory: string
  print: (text: string) => void
  /** Writes to stderr. */
  report: (text: string) => void
  isTerminal: boolean
  columns: number
  /** Asks the person at the terminal; without it nobody is there to answer. */
  ask?: (question: string) => Promise<string>
  /** Without it nobody is there to read it. */
  progress?: Progress | undefined
  /** Registers a value that nothing printed later may hold. */
  conceal?: (secret: string) => void
  /** Catches the signals that ask the process to end, and resolves at the first; without it they end it. */
  terminated: () => Promise<void>
  /** The program's own files: `dist/`. */
  home: string
  node: string
}>

/** True where colours are shown: on a terminal that knows them, unless NO_COLOR is set (https://no-color.org). */
export const isColoured = ({
  isTerminal,
  environment,
}: Pick<Surroundings, 'isTerminal' | 'environment'>): boolean =>
  isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'

/** Does a work, and says so where it takes time and somebody is there to read it. */
export const during = <Value>(
  { progress }: Pick<Surroundings, 'progress'>,
  what: string,
  work: () => Promise<Value>,
): Promise<Value> => (progress ? progress.during(what, work) : work())

/** How a command renders. */
export type Rendering = Readonly<{
  /** Seconds. */
  timeLimit?: number
  /** `plain`, `shards` or `verify`; without it what SOWER_RENDER says. */
  mode?: string | undefined
  /** Gives another turn to run kustomize beside the first; without it as many as there are cores. */
  takeMore?: TakeMore
}>

/**
 * kustomize as it is found in these surroundings. Throws InputError ARGUMENT_INVALID for a way to render that there is
 * not.
 */
export const composeKustomize = async (
  { environment, home, directory, progress }: Surroundings,
  { timeLimit = 3600, mode, takeMore }: Rendering = {},
): Promise<Kustomize> => {
  const [{ kustomizeCli }, { composeSharding }] = await Promise.all([
    import('./adapters/kustomize/kustomize-cli.ts'),
    import('./adapters/kustomize/compose-sharding.ts'),
  ])
  // It is run in another directory.
  const at = (variable: string): string | undefined => {
    const path = environment[variable]
    return path ? resolve(directory, path) : undefined
  }
  const places = {
    configured: at('SOWER_KUSTOMIZE'),
    path: environment['PATH'] ?? '',
    fallback: join(home, '..', 'node_modules', '.cache', 'sower', 'kubectl'),
  }
  const allowed = { plugins: at('SOWER_KUSTOMIZE_PLUGIN_HOME'), helm: at('SOWER_KUSTOMIZE_HELM') }
  const kustomize = composeSharding(kustomizeCli(places, { timeLimit, ...allowed }), {
    ...{ places, takeMore, mode: mode ?? environment['SOWER_RENDER'] },
    cacheAt: at('SOWER_RENDER_CACHE'),
    cacheSize: environment['SOWER_RENDER_CACHE_MIB'],
  })
  return {
    ...kustomize,
    build: (at, about) =>
      during({ progress }, `rendering ${about?.path ?? at}`, () => kustomize.build(at, about)),
  }
}
