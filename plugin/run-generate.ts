import { availableParallelism } from 'node:os'
import { relative, sep } from 'node:path'
import { generate } from './generate.ts'
import { countOf, timeLimit, type Environment } from './parameter.ts'
import { linkedTree } from '../src/adapters/files/directory-tree.ts'
import { repositoryRoot } from '../src/adapters/files/repository-root.ts'
import { takeAnother, takeSlot } from '../src/adapters/files/take-slot.ts'
import type { TakeMore } from '../src/adapters/kustomize/create-turns.ts'
import { repositoryView } from '../src/core/kustomization/repository-view.ts'
import { UnavailableError } from '../src/errors.ts'
import { applicationPath } from '../src/adapters/files/application-path.ts'
import { composeKustomize, type Surroundings } from '../src/surroundings.ts'

export type GenerateOptions = Readonly<{
  directory: string
  /** Null to render; else what prints each guard's verdict, from a document or as a text. */
  explain: ((document: object, text: () => string) => string) | null
  /** How to render; without it what SOWER_RENDER says. */
  mode?: string | undefined
}>

/**
 * `sower generate [directory]`: prints the render once, or nothing; with `explain` what each guard says of it.
 * Throws InputError, RefusedError, and UnavailableError RENDER_TIMEOUT where too many others render.
 */
export const runGenerate = async (
  surroundings: Surroundings,
  { directory: argument, explain, mode }: GenerateOptions,
): Promise<void> => {
  const { environment, print, report } = surroundings
  const directory = applicationPath(surroundings.directory, argument)
  const root = repositoryRoot(directory, environment['ARGOCD_APP_SOURCE_PATH'])
  const path = relative(root, directory).split(sep).join('/') || '.'
  const time = countOf(environment, timeLimit)
  const takeMore = await waitForTurn(environment, { path, time })
  // What starting and waiting took is gone.
  const left = Math.max(1, time - performance.now() / 1000)
  const { render, judged, way } = await generate({
    kustomize: await composeKustomize(surroundings, { timeLimit: left, mode, takeMore }),
    tree: repositoryView(linkedTree(root)),
    ...{ directory, path, environment },
    today: new Date().toISOString().slice(0, 10),
  })
  const { explainDocument, explainText, refuseRender } = await import('./explain-text.ts')
  if (explain !== null)
    print(explain(explainDocument(path, judged, way), () => explainText(judged, way)))
  refuseRender(judged, report)
  if (explain === null) print(render)
}

const parallelRenders = {
  name: 'parallel-renders',
  title: 'Renders at once',
  tooltip: 'How many processes may render at the same time',
  standard: String(Math.max(2, availableParallelism())),
}

/** Milliseconds in which who waited takes the turn that was left to him. */
const courtesy = 200

/**
 * Argo CD starts as many plugins as it has requests. How many may work is for the operator alone to say. A render has
 * one turn to its end, and further ones for a shard each, as long as nobody waits.
 */
const waitForTurn = async (
  environment: Environment,
  { path, time }: Readonly<{ path: string; time: number }>,
): Promise<TakeMore> => {
  const given = { SOWER_PARALLEL_RENDERS: environment['SOWER_PARALLEL_RENDERS'] }
  const slots = countOf(given, parallelRenders)
  const ours = await takeSlot({ slots, time })
  if (ours !== null) {
    let leftAt = -Infinity
    return async () => {
      if (ours.waiting() > 0) leftAt = performance.now()
      if (performance.now() - leftAt < courtesy) return null
      return (await takeAnother(ours, slots))?.giveBack ?? null
    }
  }
  throw new UnavailableError(
    'RENDER_TIMEOUT',
    `rendering ${path}: it got no turn within ${time} s: at most ${slots} may render at once, and others did all the time`,
    {
      fix: 'refresh the Application later; give the plugin more cores and raise SOWER_PARALLEL_RENDERS',
    },
  )
}
