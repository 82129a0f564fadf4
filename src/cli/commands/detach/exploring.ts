import { shownIdentity } from '../../../core/cluster/object-identity.ts'
import { rootsReaching } from '../../../core/detach/plan-detach.ts'
import type { SeedRecord } from '../../../core/detach/seed-record.ts'
import type { Edit, EditMode } from '../../../core/edit/edit.ts'
import type { Proof } from '../../../core/proof/proof.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import {
  prepareEdits,
  type PreparedEdits,
  type Preparing,
} from '../../../operations/prepare-edits.ts'
import type { Clone } from '../../clone/clone.ts'
import type { Explored } from '../../clone/finish.ts'
import { notProven } from '../../output/describe-proof.ts'

/** The parts that `sower plan` and `sower detach` work with. */
export type Exploring = Readonly<{
  clone: Clone
  cluster: string
  mode: EditMode
  /** True if everything else of the cluster's own leaves in the same edit. */
  withCompanions: boolean
  preparing: Preparing
  config: Pick<Configuration, 'roots' | 'directory' | 'acceptStaticProof'>
}>

/** The findings, the commit with its edits, and the record as it becomes. */
export type Found = Explored & Readonly<{ after: Checkout; record: SeedRecord | undefined }>

/** Says what Argo CD makes of each root that renders nothing any more. */
export const emptiedRoots = (
  { shown }: Pick<Clone, 'shown'>,
  { roots }: Pick<Proof, 'roots'>,
): readonly string[] =>
  roots
    .filter(({ left }) => left === 0)
    .map(
      ({ path }) =>
        `${shown(path)} renders nothing any more: an Application of it with automated prune wants \`allowEmpty: true\`, or else one sync with prune by hand`,
    )

/** Says what Argo CD keeps on the hub for its own annotation although it leaves the render. */
export const heldByArgoCd = ({ roots }: Pick<Proof, 'roots'>): readonly string[] => {
  const said = roots
    .flatMap(({ held = [] }) => held)
    .map(({ object, option }) =>
      option.startsWith('Prune=')
        ? `${shownIdentity(object)} is annotated ${option}: Argo CD does not remove it when it leaves Git${option === 'Prune=confirm' ? ' before somebody confirms that' : ''}; take the option out first, and let Argo CD sync that`
        : `${shownIdentity(object)} is annotated ${option}: Argo CD ${option === 'Delete=false' ? 'keeps it' : 'asks before it removes it'} when its Application is deleted; taken out of Git it is pruned`,
    )
  return [...new Set(said)]
}

/**
 * Makes and proves edits other than the detach itself, on top of a commit and for the roots that they reach.
 * Throws what proving throws, and the refusal of a proof that does not hold.
 */
export const proveEdits = async (
  { clone, cluster, preparing, config }: Exploring,
  {
    onto,
    edits,
    message,
    companions,
  }: Readonly<{
    onto: Checkout
    edits: readonly Edit[]
    message: string
    /** True if the cluster's companions are to leave the renders. */
    companions: boolean
  }>,
): Promise<PreparedEdits> => {
  const paths = edits.map(({ path }) => path)
  const prepared = await prepareEdits(preparing, {
    ...{ onto, edits, message },
    roots: rootsReaching(onto.tree, { roots: clone.roots, paths }),
    expected: { cluster, object: false, companions },
    acceptStatic: config.acceptStaticProof,
  })
  if (prepared.proof.refusal !== null)
    throw notProven(prepared.proof, {
      activity: `proving the edit for ${cluster}`,
      fix: 'edit the files by hand',
    })
  return prepared
}
