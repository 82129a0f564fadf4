import type { Account } from './account.ts'
import { Refusal } from './refusal.ts'

/** Which permission of an App each path takes ("Permissions required for GitHub Apps"); the first that fits. */
const grants: readonly (readonly [RegExp, string])[] = [
  [/^\/(?:app$|app\/)|^\/repo\/installation$/, 'app'],
  [/^\/user$/, 'of a person'],
  [/^\/orgs\//, 'members'],
  [/^\/repo\/(?:check-runs|commits\/.*\/check-runs)/, 'checks'],
  [/^\/repo\/(?:statuses\/|commits\/.*\/status(?:es)?$)/, 'statuses'],
  [/^\/repo\/pulls\/\d+\/merge$/, 'contents'],
  [/^\/repo\/pulls/, 'pull_requests'],
  [/^\/repo\/(?:issues|labels)/, 'issues'],
  [/^\/repo\/(?:contents|git|branches|commits)/, 'contents'],
]

/** Throws the refusal of a call that an App, or its installation's token, may not make, or that takes an App. */
export const requireGrant = (
  { grants: has }: Pick<Account, 'grants'>,
  method: string,
  path: string,
): void => {
  const grant = grants.find(([pattern]) => pattern.test(path))?.[1] ?? 'metadata'
  if (grant === 'app' && has?.['app'] === undefined)
    throw new Refusal(401, 'A JSON web token could not be decoded')
  if (has === undefined) {
    if (grant === 'checks' && method !== 'GET')
      throw new Refusal(403, 'You must authenticate via a GitHub App.')
    return
  }
  const given = has[grant]
  if (given === 'write' || (given === 'read' && method === 'GET')) return
  throw new Refusal(403, 'Resource not accessible by integration')
}
