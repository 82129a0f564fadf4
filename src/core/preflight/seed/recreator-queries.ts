import type { Writers } from '../../seedgen/recreators-of.ts'
import type { Query, ReadObject } from '../query.ts'
import { seedQueries } from './seed-queries.ts'

const {
  sealedSecrets,
  externalSecrets,
  olderExternalSecrets,
  clusterExternalSecrets,
  olderClusterExternalSecrets,
  applications,
} = seedQueries

const external = [
  externalSecrets,
  olderExternalSecrets,
  clusterExternalSecrets,
  olderClusterExternalSecrets,
]

/** The kinds on a seed that may re-create what the Lifecycle Agent deletes. */
export const recreatorQueries: readonly Query[] = [sealedSecrets, ...external, applications]

/** The objects of those kinds. */
export const writersIn = (found: (query: Query) => readonly ReadObject[]): Writers => ({
  sealedSecrets: found(sealedSecrets),
  externalSecrets: external.flatMap(found),
  applications: found(applications),
})

/** The step for a person who meets one. */
export const recreatorFix =
  'delete it, and what puts it there, or take `automated` out of the Application: it would put the push credential into the image'
