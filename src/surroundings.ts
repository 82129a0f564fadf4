import { join, resolve } from 'node:path'
import type { Kustomize } from './operations/ports/kustomize.ts'

/** What a command gets of its surroundings; only main.ts reads `process`. */
export type Surroundings = Readonly<{
  environment: Readonly<Record<string, string | undefined>>
  directory: string
  print: (text: string) => void
  /** Of the errors' stream. */
  report: (text: string) => void
  isTerminal: boolean
  columns: number
  /** Registers a value that nothing printed later may hold. */
  conceal?: (secret: string) => void
  /** Catches the signals that ask the process to end, and resolves at the first; without it they end it. */
  terminated: () => Promise<void>
  /** The program's own files: `dist/`. */
  home: string
  node: string
}>

/** kustomize as it is found in these surroundings; `timeLimit` in seconds. */
export const composeKustomize = async (
  { environment, home, directory }: Surroundings,
  timeLimit = 3600,
): Promise<Kustomize> => {
  const { kustomizeCli } = await import('./adapters/kustomize/kustomize-cli.ts')
  // It is run in another directory.
  const at = (variable: string): string | undefined => {
    const path = environment[variable]
    return path ? resolve(directory, path) : undefined
  }
  return kustomizeCli(
    {
      configured: at('SOWER_KUSTOMIZE'),
      path: environment['PATH'] ?? '',
      fallback: join(home, '..', 'node_modules', '.cache', 'sower', 'kubectl'),
    },
    { timeLimit, plugins: at('SOWER_KUSTOMIZE_PLUGIN_HOME'), helm: at('SOWER_KUSTOMIZE_HELM') },
  )
}
