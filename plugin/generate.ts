import { join } from 'node:path'
import { relative } from 'node:path/posix'
import type { Judged } from '../src/core/guard/judge-render.ts'
import { refuseUnsafe } from '../src/core/kustomization/unsafe/refuse-unsafe.ts'
import type { RepositoryView } from '../src/core/kustomization/repository-view.ts'
import type { Kustomize, RenderWay } from '../src/operations/ports/kustomize.ts'
import type { Environment } from './parameter.ts'

/** The directory to render: on disk, and the same place in the repository's tree. */
export type Generate = Readonly<{
  kustomize: Kustomize
  tree: RepositoryView
  directory: string
  /** `directory` relative to the tree. */
  path: string
  environment: Environment
  /** Such as 2026-11-29, in UTC. */
  today: string
}>

/** kustomize's own output, byte for byte, how it was made, and what each guard says of it. */
export type Generated = Readonly<{ render: string; way: RenderWay; judged: readonly Judged[] }>

/**
 * Renders an application for Argo CD, if the guards let it. Throws InputError ARGUMENT_INVALID for a
 * parameter, and what the refusals of refuseUnsafe, kustomize and judgeRender are.
 */
export const generate = async ({
  kustomize,
  tree,
  directory,
  path,
  environment,
  today,
}: Generate): Promise<Generated> => {
  refuseUnsafe(tree, path)
  let way: RenderWay = { shards: null, reason: 'it was not said' }
  const told = (said: RenderWay): void => {
    way = said
  }
  // kustomize works while the guards are loaded: start-up is paid on every render.
  const [render, { judgeRender }, { warnOnlyFrom }] = await Promise.all([
    kustomize.build(directory, { path, tree, told }),
    import('../src/core/guard/judge-render.ts'),
    import('./warn-only-from.ts'),
  ])
  const warnOnly = warnOnlyFrom(environment)
  // The repository's other directories are where this one is, whatever that is called here.
  const renderOf = (other: string): Promise<string> =>
    kustomize.build(join(directory, relative(path, other)), { path: other, tree })
  const judged = await judgeRender({ tree, path, render, renderOf, warnOnly, today })
  return { render, way, judged }
}
