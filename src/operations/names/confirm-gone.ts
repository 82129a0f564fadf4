import { notFoundElsewhere } from '../../core/cluster/opaque/not-found-elsewhere.ts'
import { opaqueEntries, shownOpaque } from '../../core/cluster/opaque/opaque-entries.ts'
import { rootsToRender } from '../../core/cluster/roots-to-render.ts'
import { unreadNaming } from '../../core/cluster/opaque/unread-naming.ts'
import { rootsReaching } from '../../core/detach/plan-detach.ts'
import { RefusedError, type ErrorCode } from '../../errors.ts'
import type { Checkout } from '../ports/repository.ts'
import type { Named, Namer } from './create-namer.ts'

/** A cluster whose entry is taken out in a file, and the roots that may bring it all the same. */
export type ToConfirm = Readonly<{ cluster: string; roots: readonly string[]; file: string }>

/**
 * Confirms that no live entry brings a cluster whose entry is taken out: renders the roots that reach that file, since
 * a patch or the like may bring the cluster in a way that files do not tell, and those with an entry that may bring
 * anything. Gives the roots that want a plugin which is not here and whose files tell all the same. Throws RefusedError
 * NAME_RENDERED where a root still holds the cluster, KUSTOMIZATION_UNREADABLE or ENTRY_... for what Sower cannot look into,
 * and why a root cannot be rendered.
 */
export const confirmGone = async (
  name: Namer,
  checkout: Checkout,
  { cluster, roots, file }: ToConfirm,
): Promise<Named['unknown']> => {
  const { tree } = checkout
  const walks = roots.map(tree.walk)
  const [unread] = unreadNaming(tree, cluster, null)
  if (unread !== undefined)
    throw new RefusedError(
      'KUSTOMIZATION_UNREADABLE',
      `looking for cluster ${cluster}: its entry is taken out in ${file}, but ${unread} names it or lists it, and Sower cannot read that file as kustomize does`,
      { fix: `correct ${unread}, or delete it if nothing renders it` },
    )
  const hidden = walks.flatMap(({ troubles }) => troubles).find(({ code }) => unseen.has(code))
  if (hidden) throw notFoundElsewhere(cluster, hidden)
  const doubtful = [
    ...rootsToRender(tree, { cluster, roots }),
    ...opaqueEntries(tree, walks).map(({ root }) => root),
  ]
  const asked = [...rootsReaching(tree, { roots, paths: [file] }), ...doubtful]
  const { rendering, unknown } = await name(checkout, { cluster, roots: [...new Set(asked)] })
  const [first] = rendering
  if (first)
    throw new RefusedError(
      'NAME_RENDERED',
      `looking for cluster ${cluster}: its entry is taken out in ${file}, but the render of ${first.root} still holds it, as ${first.object.kind} ${first.object.namespace}/${first.object.objectName}`,
      {
        fix: 'look for the patch, the chart or the like that brings it there, and take that out by hand',
      },
    )
  for (const { root, error } of unknown) {
    if (error.code === 'RENDER_NEEDS_PLUGIN' && !doubtful.includes(root)) continue
    const { code, message, fix } = error
    const place = shownOpaque(tree, root)
    const may =
      place === 'this' ? `a render of ${root} may hold it` : `${place} in ${root} may bring it`
    throw new RefusedError(
      code,
      `looking for cluster ${cluster}: its entry is taken out in ${file}, but ${may}, and only that render tells: ${message}`,
      {
        fix: `${fix ?? 'make it render'}; or name under \`roots\` in sower.yaml only what brings clusters`,
      },
    )
  }
  return unknown
}

/** Troubles of a walk behind which anything may stand. The others fail the build, which then brings nothing. */
const unseen: ReadonlySet<ErrorCode> = new Set([
  'ENTRY_REMOTE',
  'ENTRY_SYMLINK',
  'KUSTOMIZATION_UNREADABLE',
])
