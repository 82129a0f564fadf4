import { RefusedError } from '../../errors.ts'
import type { Configuration } from './configuration.ts'

/** Refuses clusters that the configuration does not list under `seeds`: RefusedError NOT_A_SEED. */
export const refuseUnlessSeed = (config: Configuration, cluster: string): void => {
  if (config.seeds.includes(cluster)) return
  throw new RefusedError(
    'NOT_A_SEED',
    `reading sower.yaml: ${cluster} is not among its seeds (${config.seeds.join(', ')})`,
    { fix: 'add it to `seeds` on the base branch if it may be detached' },
  )
}
