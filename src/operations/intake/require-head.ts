import type { Sha } from '../../core/run/run.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Sender } from './sender.ts'

/** How long after it was written a comment counts for the head of now, in milliseconds. */
export const patience = 2 * 60_000

/**
 * Binds a command to the head that its writer saw: the one that it names, that its review or description was written on,
 * or that is there within two minutes, since a comment says no head. Throws RefusedError HEAD_MOVED or COMMAND_LATE.
 */
export const requireHead = (
  { now }: Pick<Context, 'now'>,
  { pullRequest, at, headSha: writtenOn }: Sender,
  { head, sha }: Readonly<{ head: Sha; sha: string | undefined }>,
): void => {
  const begin = sha ?? writtenOn
  const again = `look at the commits, then write it again with \`--sha ${head.slice(0, 12)}\``
  if (begin !== undefined && !head.startsWith(begin))
    throw new RefusedError(
      'HEAD_MOVED',
      `reading #${pullRequest}: the command is for ${begin.slice(0, 12)}, and the branch is at ${head.slice(0, 12)}`,
      { fix: again },
    )
  if (begin === undefined && at !== undefined && now().getTime() - Date.parse(at) > patience)
    throw new RefusedError(
      'COMMAND_LATE',
      `reading #${pullRequest}: the command came more than two minutes after it was written, so it is not known which commits its writer saw`,
      { fix: again },
    )
}
