import { defaultRoots } from '../../../core/cluster/default-roots.ts'
import { searchCluster } from '../../../core/cluster/find-cluster.ts'
import { rootsReaching } from '../../../core/detach/plan-detach.ts'
import type { Edit } from '../../../core/edit/edit.ts'
import { nullLists } from '../../../core/edit/null-lists.ts'
import { editedFiles } from '../../../core/edit/remove-items.ts'
import { whyRepaired } from '../../../core/edit/why-repaired.ts'
import { directoriesWithKustomization } from '../../../core/kustomization/every-path.ts'
import type { PlanReport } from '../../../core/report/plan-report.ts'
import { RefusedError } from '../../../errors.ts'
import type { Prove } from '../../../operations/create-prover.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import { openListsAt, type Opened } from '../../../operations/repair/open-lists-at.ts'
import type { Clone } from '../../clone/clone.ts'
import type { Step } from '../../clone/finish.ts'
import { describeProof } from '../../output/describe-proof.ts'

/** A repair that makes a clone's lists build before a cluster comes back: a commit of its own, and its warnings. */
export type Repair = Readonly<{
  /** The clone at the commit with the repair, to go on from. */
  clone: Clone
  step: Step
  roots: PlanReport['roots']
  warnings: readonly string[]
  diffs: readonly string[]
}>

type ToRepair = Readonly<{ cluster: string; prove: Prove }>

/**
 * Repairs the lists that keep the roots from building: the `[]` above entries goes, and a null list becomes `[]`. Gives
 * null where there are none. Throws RefusedError RENDER_EMPTY_LIST where another cluster is commented out of a null
 * list: Argo CD has not removed that yet, and would with this commit.
 */
export const repairLists = async (clone: Clone, toRepair: ToRepair): Promise<Repair | null> => {
  const { checkout, repository } = clone
  const { tree } = checkout
  // A root that cannot be read is none of those that the files give.
  const looked = clone.areRootsNamed ? clone.roots : directoriesWithKustomization(tree.paths())
  const opened = await openListsAt(repository, checkout, looked)
  const { roots, warnings } = rootsWith(clone, opened)
  const empty = emptyLists(opened.checkout, { roots, cluster: toRepair.cluster })
  const edits = [...opened.edits, ...empty]
  if (edits.length === 0) return null
  const why = whyRepaired(edits)
  const message = `${subjectOf(opened.edits, toRepair.cluster)}\n\n${why.join('\n')}`
  const changes = editedFiles(edits)
  const sha = await repository.commit({ onto: checkout.sha, message, changes })
  const repaired = { ...clone, roots, warnings, checkout: await repository.checkout(sha) }
  const brought = await broughtBack(repaired, opened, toRepair)
  return {
    clone: repaired,
    step: { message, changes },
    diffs: [await repository.diff(checkout.sha, sha)],
    roots: brought.roots,
    warnings: [...why.map(sentence => sentence.replace(/\.$/, '')), ...brought.warnings],
  }
}

const subjectOf = (opened: readonly Edit[], cluster: string): string =>
  opened.length > 0
    ? 'Take out the empty value above entries'
    : `Write an empty list for ${cluster}`

/** The roots once lists are open, and the warnings that still hold. */
const rootsWith = (
  { areRootsNamed, roots, warnings }: Clone,
  { checkout, edits }: Opened,
): Pick<Clone, 'roots' | 'warnings'> => ({
  roots: areRootsNamed ? roots : defaultRoots(checkout.tree).roots,
  warnings: warnings.filter(
    warning => !edits.some(({ path }) => warning.includes(`reading ${path}:`)),
  ),
})

/** The edits of null lists. A list that stays in a root of other clusters is for its owner to repair. */
const emptyLists = (
  { tree }: Checkout,
  { roots, cluster }: Readonly<{ roots: readonly string[]; cluster: string }>,
): readonly Edit[] => {
  const { commentedOut } = searchCluster(tree, { cluster, roots })
  const paths = commentedOut.map(({ kustomization }) => kustomization.path)
  const reaching = rootsReaching(tree, { roots, paths })
  const isOwn = (path: string, line: number): boolean =>
    commentedOut.some(one => one.kustomization.path === path && one.line === line)
  return nullLists(tree, reaching).flatMap(({ path, line, key, edits, ...list }) => {
    const others = list.commentedOut.filter(one => !isOwn(path, one.line))
    if (others.length > 0)
      throw new RefusedError(
        'RENDER_EMPTY_LIST',
        `reattaching ${cluster}: ${path}:${line} is null, so what was commented out there (${others.map(({ name }) => name).join(', ')}) has not been removed yet, and would be with this`,
        {
          fix: `write \`${key}: []\` there first, and let Argo CD sync that; then reattach`,
        },
      )
    return edits
  })
}

/** The objects that the entries below a `[]` bring into the renders, compared with the same lists as `[]`. */
const broughtBack = async (
  clone: Clone,
  { checkout, edits, closing }: Opened,
  { cluster, prove }: ToRepair,
): Promise<Pick<Repair, 'roots' | 'warnings'>> => {
  if (edits.length === 0) return { roots: [], warnings: [] }
  const { repository, roots } = clone
  const message = 'Without the entries below []'
  const sha = await repository.commit({ onto: checkout.sha, message, changes: closing })
  const paths = edits.map(({ path }) => path)
  try {
    const proof = await prove({
      before: checkout,
      after: await repository.checkout(sha),
      roots: rootsReaching(checkout.tree, { roots, paths }),
      expected: { cluster, object: true, companions: true },
      acceptStatic: true,
    })
    const described = describeProof(clone, proof)
    return { roots: described.roots.map(readBackwards), warnings: [] }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    return { roots: [], warnings: [`what these entries bring cannot be shown: ${error.message}`] }
  }
}

/** A root's difference from after to before. */
export const readBackwards = (root: PlanReport['roots'][number]): PlanReport['roots'][number] => ({
  ...root,
  removed: root.added,
  added: root.removed,
  left: root.left + root.removed.length - root.added.length,
})
