import { seedPaths } from '../../core/detach/seed-record.ts'
import { readText } from '../../core/repository-tree.ts'
import { readRequest, type SeedRequest } from '../../core/seedgen/read-request.ts'
import { sizeLimits } from '../../core/size-limits.ts'
import type { Base } from '../base.ts'
import type { Checkout } from '../ports/repository.ts'

/**
 * The requests that a head adds or changes against its base, of clusters that may be asked for. Throws RefusedError
 * REQUEST_INVALID and IMAGE_INVALID.
 */
export const requestsIn = (head: Checkout, { checkout, config }: Base): readonly SeedRequest[] =>
  config.seeds.flatMap(cluster => {
    const path = seedPaths(config.directory, cluster).request
    if (head.tree.entry(path) !== 'file') return []
    const text = readText(head.tree, path, sizeLimits.settings)
    if (checkout.tree.entry(path) === 'file' && readText(checkout.tree, path) === text) return []
    return [readRequest(path, text)]
  })
