import { isLeak } from '../core/scan/scan-finding.ts'
import type { Sha } from '../core/run/run.ts'
import { present, unknown, type Seen } from '../core/seen.ts'
import { UnavailableError } from '../errors.ts'
import { once } from '../once.ts'
import type { Base } from './base.ts'
import type { Repository } from './ports/repository.ts'
import { scanVersions, type FoundIn } from './scan-versions.ts'

/** Finds what fails a scan in the commits that a head brings to its base. */
export type LeakFinder = (
  request: Readonly<{ base: Base; head: Sha }>,
) => Promise<Seen<readonly FoundIn[]>>

/** Creates a finder that scans the same commits once. */
export const createLeakFinder = (repository: Pick<Repository, 'broughtBy'>): LeakFinder => {
  const scans = new Map<string, Promise<readonly FoundIn[]>>()
  return async ({ base: { checkout, config }, head }) => {
    try {
      const found = await once(scans, `${checkout.sha} ${head}`, async () => {
        const brought = await repository.broughtBy(checkout.sha, head)
        return (await scanVersions(brought, { directory: config.directory })).found
      })
      return present(found.filter(finding => isLeak(finding, config.scan)))
    } catch (error) {
      if (error instanceof UnavailableError) return unknown('unreachable')
      throw error
    }
  }
}
