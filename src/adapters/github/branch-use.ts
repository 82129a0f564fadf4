import { z } from 'zod'
import type { BranchUse } from '../../core/preflight/git/branch-problem.ts'
import { mapSeen, present, type Seen } from '../../core/seen.ts'
import type { RepositoryApi, RepositoryCall } from './repository-api.ts'

/** The call for the rules that rulesets set for a branch ("Get rules for a branch"). */
export const rulesCall = (branch: string): RepositoryCall => ({
  activity: `reading the rules of ${branch}`,
  route: 'GET /rules/branches/{branch}',
  parameters: { branch, per_page: 100 },
})

/** Reads the kinds of the rules that rulesets set for a branch. Throws UnavailableError where GitHub sends us elsewhere. */
export const branchRules = async (
  { see }: Pick<RepositoryApi, 'see'>,
  branch: string,
): Promise<Seen<readonly string[]>> =>
  mapSeen(await see(rulesCall(branch), z.array(z.looseObject({ type: z.string() }))), rules =>
    [...new Set(rules.map(({ type }) => type))].sort(),
  )

/** Reads what a branch is used for. Throws UnavailableError where GitHub sends us somewhere else. */
export const branchUse = async (
  { see }: Pick<RepositoryApi, 'see'>,
  branch: string,
): Promise<Seen<BranchUse>> => {
  const activity = `reading the branch ${branch}`
  // The branch first: only its absence means that there is none.
  const one = { activity, route: 'GET /branches/{branch}', parameters: { branch } }
  const found = await see(one, z.looseObject({ protected: z.boolean() }))
  if (found.seen !== 'present') return found
  const ours = { activity, isAboutToken: true }
  const of = await see({ ...ours, route: 'GET ' }, z.looseObject({ default_branch: z.string() }))
  if (of.seen !== 'present') return of
  const open = { state: 'open', base: branch, per_page: 100 }
  const pulls = await see(
    { ...ours, route: 'GET /pulls', parameters: open },
    z.array(z.looseObject({ number: z.number() })),
  )
  if (pulls.seen !== 'present') return pulls
  return present({
    isDefault: of.value.default_branch === branch,
    isProtected: found.value.protected,
    baseOf: pulls.value.map(({ number }) => number),
  })
}
