import type { Proof } from '../../core/proof/proof.ts'
import type { DetachState } from '../../core/run/observation.ts'
import type { Seen } from '../../core/seen.ts'

/** What the branch of a pull request says of the cluster, with the proof and the diff for people. */
export type BranchState = Readonly<{
  detach: Seen<DetachState>
  proof: Proof | null
  diff: string | null
}>
