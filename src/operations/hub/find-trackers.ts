import { followedBranches } from '../../core/application/followed-branches.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { mapSeen, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import { listApplications } from './list-applications.ts'

/**
 * The names of the Applications that follow a branch of this repository. One that cannot be read counts as such. HEAD and
 * an empty revision mean the default branch, of which GitHub tells.
 */
export const findTrackers = async (
  { ports, settings }: Context,
  config: Configuration,
  branch: string,
): Promise<Seen<readonly string[]>> =>
  mapSeen(await listApplications(ports.hub, config), applications =>
    applications
      .filter(({ spec }) => followedBranches(spec, settings.repository)?.includes(branch) ?? true)
      .map(({ metadata }) => metadata.name),
  )
