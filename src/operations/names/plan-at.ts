import { liveEntries } from '../../core/cluster/find-cluster.ts'
import { rootsToRender } from '../../core/cluster/roots-to-render.ts'
import { planDetach, planRepair, type Plan } from '../../core/detach/plan-detach.ts'
import { RefusedError } from '../../errors.ts'
import type { Checkout } from '../ports/repository.ts'
import type { Preparing } from '../prepare-edits.ts'
import { cannotTell } from './cannot-tell.ts'
import { confirmGone } from './confirm-gone.ts'
import { planByRender, type Planning } from './plan-by-render.ts'

/**
 * Plans the detach of a cluster from a commit: by its files, and by renders where a patch or the like may set its
 * name. Throws what planDetach and planByRender throw, and the RefusedError of a root that may hold the cluster and
 * cannot be rendered; ALREADY_DETACHED only where confirmGone confirms it.
 */
export const planAt = async (
  preparing: Preparing,
  checkout: Checkout,
  request: Planning,
): Promise<Plan> => {
  try {
    return await plan(preparing, checkout, request)
  } catch (error) {
    const isOut = error instanceof RefusedError && error.code === 'ALREADY_DETACHED'
    const out = isOut ? planRepair(checkout.tree, request) : null
    // A list that was left null is repaired first.
    if (out?.edits.length === 0)
      await confirmGone(preparing.namer, checkout, { ...request, file: out.file })
    throw error
  }
}

const plan = async (preparing: Preparing, checkout: Checkout, request: Planning): Promise<Plan> => {
  const { cluster } = request
  const { tree } = checkout
  const asked = rootsToRender(tree, request)
  if (asked.length === 0) return planDetach(tree, request)
  const { rendering, unknown } = await preparing.namer(checkout, { cluster, roots: asked })
  const planned = attempt(() => planDetach(tree, request))
  const written = liveEntries(tree, request)
  const [first] = rendering
  if (planned instanceof RefusedError && written.length > 0)
    // The files may say that a patch keeps it out of one render, while another holds it.
    if (!first || planned.code !== 'ALREADY_DETACHED') throw planned
  if (first) {
    const plain = written.flatMap(entry => entry.roots).filter(root => !asked.includes(root))
    return planByRender(preparing, checkout, {
      ...{ request, first, written: planned instanceof RefusedError ? null : planned },
      holding: [...new Set([...rendering.map(({ root }) => root), ...plain])],
    })
  }
  const [trouble] = unknown
  // confirmGone says more of one that is taken out.
  if (planned instanceof RefusedError)
    throw trouble && planned.code !== 'ALREADY_DETACHED'
      ? cannotTell(checkout, cluster, trouble)
      : planned
  const isKnown = (root: string): boolean =>
    asked.includes(root) && !unknown.some(one => one.root === root)
  if (!planned.found.roots.every(isKnown)) return planned
  throw new RefusedError(
    'CLUSTER_NOT_FOUND',
    `looking for cluster ${cluster}: ${planned.found.source} names it, but no root renders it by that name`,
    {
      fix: 'look at the patches and the like: they give that object another name, or take it out; then nothing to do',
    },
  )
}

const attempt = (plan: () => Plan): Plan | RefusedError => {
  try {
    return plan()
  } catch (error) {
    if (error instanceof RefusedError) return error
    throw error
  }
}
