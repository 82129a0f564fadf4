import { createHash } from 'node:crypto'
import type { Request } from '../../core/run/run.ts'
import type { Configuration } from '../../core/settings/configuration.ts'

/** The steps that Sower brings to the base branch after the merge. */
export type Step = 'record-merge' | 'seed-generator' | 'record'

/**
 * The branch of the pull request that brings a step of a run. It is the same after a crash, so that the pull request is
 * found again, and another one for another request.
 */
export const ownBranch = (
  { branchPrefix = '' }: Pick<Configuration, 'branchPrefix'>,
  { cluster, key }: Pick<Request, 'cluster' | 'key'>,
  step: Step,
): string => {
  const digest = createHash('sha256').update(key).digest('hex')
  return `${branchPrefix}sower-${cluster}-${step}-${digest.slice(0, 8)}`
}
