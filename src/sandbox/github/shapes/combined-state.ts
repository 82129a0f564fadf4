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

/** How a required check stands on a commit, be it a status or a check run, whichever was written last; null: nobody wrote it. */
export const requiredResult = (
  { statuses, checkRuns }: GitHubState,
  sha: string,
  context: string,
): 'success' | 'pending' | 'failing' | null => {
  const written = [
    ...statuses.map(({ state, ...status }) => ({ ...status, result: state })),
    ...checkRuns.map(({ conclusion, ...run }) => ({ ...run, result: conclusion ?? 'pending' })),
  ].filter(one => one.sha === sha && one.context === context)
  const newest = written.sort((one, other) => one.id - other.id).at(-1)
  if (newest === undefined) return null
  if (newest.result === 'pending') return 'pending'
  return ['success', 'neutral', 'skipped'].includes(newest.result) ? 'success' : 'failing'
}
