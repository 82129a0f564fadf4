import type { AskedRight } from '../../core/preflight/facts.ts'
import type { Right } from '../../core/right.ts'
import { unknown, type Seen } from '../../core/seen.ts'
import type { Cluster } from '../ports/cluster.ts'

/** Asks an API server for each right whether its user has it. Nothing is thrown for an answer that does not come. */
export const askRights = async (
  cluster: Seen<Pick<Cluster, 'may'>>,
  rights: readonly Right[],
): Promise<readonly AskedRight[]> =>
  Promise.all(
    rights.map(async right => ({
      right,
      allowed:
        cluster.seen === 'present'
          ? await cluster.value.may(right)
          : cluster.seen === 'unknown'
            ? cluster
            : unknown('not-asked'),
    })),
  )
