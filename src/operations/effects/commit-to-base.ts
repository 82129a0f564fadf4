import type { Run, Sha } from '../../core/run/run.ts'
import type { Context } from '../context.ts'
import type { Base } from '../base.ts'
import type { Change } from '../../core/change.ts'

/** Commits changes to the base branch in the name of a run. Throws ConflictError GIT_CONFLICT when it moved. */
export const commitToBase = async (
  { ports: { repository }, settings }: Context,
  { checkout }: Base,
  {
    run,
    title,
    detail,
    changes,
  }: Readonly<{ run: Run; title: string; detail: string; changes: readonly Change[] }>,
): Promise<Sha> => {
  const message = `${title}\n\n${detail}\n\nSower-Run: ${run.request.key}\n`
  const sha = await repository.commit({ onto: checkout.sha, message, changes })
  await repository.push(sha, settings.branch)
  return sha
}
