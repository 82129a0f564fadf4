import { clusterInstance } from '../../core/cluster/kinds.ts'
import { entriesBringing, objectsBehind } from '../../core/cluster/roots-to-render.ts'
import {
  editsOf,
  planRemoval,
  rootsReaching,
  type Plan,
  type ToPlan,
} from '../../core/detach/plan-detach.ts'
import type { Target } from '../../core/kustomization/follow-entry.ts'
import type { Reached } from '../../core/kustomization/walk.ts'
import { RefusedError } from '../../errors.ts'
import type { Checkout } from '../ports/repository.ts'
import { prepareEdits, type Preparing } from '../prepare-edits.ts'
import type { Named } from './create-namer.ts'

/** How many entries are tried at most: each takes a render of the roots that reach it. */
const mostTries = 30

/** A detach to plan, and whether files may do for renders in its proof. */
export type Planning = ToPlan & Readonly<{ acceptStatic: boolean }>

/** A cluster whose name only renders tell, and where it is. */
export type ToTakeOut = Readonly<{
  request: Planning
  /** A root that renders it, with the object. */
  first: Named['rendering'][number]
  /** Every root that holds it. */
  holding: readonly string[]
  /** The plan by files, where they name it. */
  written: Plan | null
}>

/** The effect of an entry's removal: the cluster stays, exactly it leaves, or the build fails or more happens. */
type Tried =
  | Readonly<{ does: 'nothing' }>
  | Readonly<{ does: 'exactly this'; plan: Plan }>
  | Readonly<{ does: 'more'; why: string }>

/**
 * Plans to take out the entry whose removal takes exactly this cluster out of all renders that hold it: that of the
 * files first, then those from the root downwards, each proven. Throws RefusedError where none does:
 * PROOF_REFUSED if the files name it, else NAME_RENDERED.
 */
export const planByRender = async (
  preparing: Preparing,
  checkout: Checkout,
  { request, first, holding, written }: ToTakeOut,
): Promise<Plan> => {
  const { cluster, roots, mode, acceptStatic } = request
  const { root, object } = first
  const { tree } = checkout
  const reasons: string[] = []
  let tries = 0
  const noEntry = (reason: string): RefusedError =>
    new RefusedError(
      written ? 'PROOF_REFUSED' : 'NAME_RENDERED',
      `looking for cluster ${cluster}: ${holding.join(', ')} would lose it by no single entry alone; a patch or the like may set its name, and ${reason}`,
      { fix: 'name it in a file of its own that a kustomization lists, or take it out by hand' },
    )

  const tryPlan = async (make: () => Plan): Promise<Tried> => {
    if (tries++ === mostTries) throw noEntry(`Sower tried ${mostTries} entries only`)
    try {
      const plan = make()
      const { kustomization, entry, roots } = plan.found
      const { proof } = await prepareEdits(preparing, {
        ...{ onto: checkout, edits: editsOf(plan), message: `Detach ${cluster}` },
        ...{ roots, acceptStatic },
        expected: {
          cluster,
          object: true,
          companions: object.kind !== clusterInstance.kind || plan.takesWhole,
        },
      })
      const isKept = (path: string): boolean =>
        !proof.roots.some(one => one.path === path && one.removedClusters.includes(cluster))
      if (isKept(root)) return { does: 'nothing' }
      const other = holding.find(isKept)
      const why = proof.refusal ?? (other === undefined ? null : `${other} would still render it`)
      if (why === null) return { does: 'exactly this', plan }
      const place = `${entry.value} (${kustomization.path}:${entry.line})`
      return { does: 'more', why: `without ${place} ${why}` }
    } catch (error) {
      if (error instanceof RefusedError) return { does: 'more', why: error.message }
      throw error
    }
  }

  const planOf = ({ kustomization }: Reached, target: Target): Plan => {
    const behind = objectsBehind(tree, target)
    const found = {
      ...{ kustomization, entry: target.entry, object, warnings: [] },
      ...{ source: behind[0]?.file ?? target.path, written: behind },
      roots: rootsReaching(tree, { roots, paths: [kustomization.path] }),
      walks: roots.map(tree.walk),
    }
    return planRemoval(tree, found, { cluster, mode })
  }

  const seen = new Set<string>()
  const below = async (directory: string): Promise<Plan | null> => {
    const { reached } = tree.reach(directory)
    if (!reached || seen.has(directory)) return null
    seen.add(directory)
    for (const target of entriesBringing(tree, reached, cluster)) {
      const tried = await tryPlan(() => planOf(reached, target))
      if (tried.does === 'exactly this') return tried.plan
      if (tried.does === 'nothing') continue
      reasons.push(tried.why)
      const deeper = target.kind === 'directory' ? await below(target.path) : null
      if (deeper) return deeper
    }
    return null
  }

  const tried = written ? await tryPlan(() => written) : null
  if (tried?.does === 'exactly this') return tried.plan
  if (tried?.does === 'more') reasons.push(tried.why)
  const [start] = tree.walk(root).reached
  const plan = start ? await below(start.directory) : null
  if (plan) return plan
  throw noEntry(reasons[0] ?? 'no entry was found that brings it')
}
