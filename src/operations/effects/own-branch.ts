import { createHash } from 'node:crypto'
import type { OwnStep } from '../../core/run/own/own-changes.ts'
import type { Request } from '../../core/run/run.ts'
import type { Configuration } from '../../core/settings/configuration.ts'

/**
 * The branch of the pull request that brings a step of a run. It is the same after a crash, so that the pull request is
 * found again, and another one for another request.
 */
export const ownBranch = (
  { branchPrefix = '' }: Pick<Configuration, 'branchPrefix'>,
  { cluster, key }: Pick<Request, 'cluster' | 'key'>,
  step: OwnStep,
): string => {
  const digest = createHash('sha256').update(key).digest('hex')
  return `${branchPrefix}sower-${cluster}-${step}-${digest.slice(0, 8)}`
}
