import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { generate } from './generate.ts'
import { countOf, timeLimit, type Environment } from './parameter.ts'
import { directoryTree } from '../src/adapters/files/directory-tree.ts'
import { takeSlot } from '../src/adapters/files/take-slot.ts'
import { RefusedError, UnavailableError } from '../src/errors.ts'
import { applicationPath } from '../src/adapters/files/application-path.ts'
import { composeKustomize, type Surroundings } from '../src/surroundings.ts'

export type GenerateOptions = Readonly<{
  directory: string
  /** Null to render; else how to tell what each guard says. */
  explain: 'text' | 'json' | null
}>

/**
 * `sower generate [directory]`: prints the render once, or nothing; with `explain` what each guard says of it.
 * Throws InputError, RefusedError, and UnavailableError RENDER_TIMEOUT where too many others render.
 */
export const runGenerate = async (
  surroundings: Surroundings,
  { directory: argument, explain }: GenerateOptions,
): Promise<void> => {
  const { environment, print, report } = surroundings
  const directory = applicationPath(surroundings.directory, argument)
  const root = repositoryRoot(directory, environment['ARGOCD_APP_SOURCE_PATH'])
  const path = relative(root, directory).split(sep).join('/') || '.'
  const time = countOf(environment, timeLimit)
  await waitForTurn(environment, { path, time })
  // What starting and waiting took is gone.
  const left = Math.max(1, time - performance.now() / 1000)
  const { render, judged } = await generate({
    kustomize: await composeKustomize(surroundings, left),
    tree: directoryTree(root),
    ...{ directory, path, environment },
    today: new Date().toISOString().slice(0, 10),
  })
  const { explainJson, explainText, refuseRender } = await import('./explain-text.ts')
  if (explain !== null) print(explain === 'json' ? explainJson(path, judged) : explainText(judged))
  refuseRender(judged, report)
  if (explain === null) print(render)
}

const parallelRenders = {
  name: 'parallel-renders',
  title: 'Renders at once',
  tooltip: 'How many processes may render at the same time',
  standard: String(Math.max(2, availableParallelism())),
}

/** Argo CD starts as many plugins as it has requests. How many may work is for the operator alone to say. */
const waitForTurn = async (
  environment: Environment,
  { path, time }: Readonly<{ path: string; time: number }>,
): Promise<void> => {
  const given = { SOWER_PARALLEL_RENDERS: environment['SOWER_PARALLEL_RENDERS'] }
  const slots = countOf(given, parallelRenders)
  if (await takeSlot({ slots, time })) return
  throw new UnavailableError(
    'RENDER_TIMEOUT',
    `rendering ${path}: ${slots} others rendered all the time for ${time} seconds`,
    { fix: 'order a refresh later; give the plugin more cores and raise SOWER_PARALLEL_RENDERS' },
  )
}

/**
 * The checkout that a directory belongs to: Argo CD says how deep the application path is, and often leaves
 * `.git` out; a person's clone has one.
 */
const repositoryRoot = (directory: string, applicationPath: string | undefined): string => {
  const place = join(sep, applicationPath ?? '', sep).slice(0, -1)
  if (place !== '' && directory.endsWith(place)) return directory.slice(0, -place.length)
  // Argo CD starts us there, so a link on the way is the only reason: guards would look for files elsewhere.
  if (place !== '')
    throw new RefusedError(
      'ENTRY_SYMLINK',
      `rendering ${applicationPath ?? ''}: it lies behind a symbolic link`,
      { fix: 'name the place that the link points to as the path of the Application' },
    )
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return directory
  }
}
