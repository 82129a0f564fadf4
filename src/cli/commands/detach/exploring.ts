import type { SeedRecord } from '../../../core/detach/seed-record.ts'
import type { EditMode } from '../../../core/edit/edit.ts'
import type { Proof } from '../../../core/proof/proof.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import type { Preparing } from '../../../operations/prepare-edits.ts'
import type { Clone } from '../../clone/clone.ts'
import type { Explored } from '../../clone/finish.ts'

/** What `sower plan` and `sower detach` work with. */
export type Exploring = Readonly<{
  clone: Clone
  cluster: string
  mode: EditMode
  preparing: Preparing
  config: Pick<Configuration, 'roots' | 'directory' | 'acceptStaticProof'>
}>

/** What was found, the commit with its edits, and the record as it becomes. */
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

/** The way out where the proof of another edit than the detach itself does not hold. */
export const editByHand = (cluster: string): Readonly<{ activity: string; fix: string }> => ({
  activity: `proving the edit for ${cluster}`,
  fix: 'edit the files by hand',
})
