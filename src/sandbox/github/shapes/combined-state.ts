import type { GitHubState, Status } from '../github-state.ts'

/** The newest status of each context of a commit, and what they come to together. */
export const combinedState = (
  state: GitHubState,
  sha: string,
): Readonly<{ state: 'failure' | 'pending' | 'success'; statuses: readonly Status[] }> => {
  const newest = new Map<string, Status>()
  for (const status of state.statuses) if (status.sha === sha) newest.set(status.context, status)
  const statuses = [...newest.values()]
  if (statuses.some(status => status.state === 'error' || status.state === 'failure'))
    return { state: 'failure', statuses }
  const isGreen = statuses.length > 0 && statuses.every(status => status.state === 'success')
  return { state: isGreen ? 'success' : 'pending', statuses }
}
