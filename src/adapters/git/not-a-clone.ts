import { InputError, messageOf } from '../../errors.ts'
import type { GitFailure } from './run-git.ts'

/**
 * Makes the error for a directory in which git finds nothing to read: InputError GIT_FAILED. `asked` is the directory
 * as the person named it, `otherwise` the reason where git started and did not refuse an owner. Of dubious ownership
 * it tells git's own cure (setup.c, ensure_valid_ownership).
 */
export const notAClone = (
  asked: string,
  { isStarted, cause }: GitFailure,
  otherwise: string,
): InputError => {
  const activity = `reading the repository at ${asked}`
  const text = messageOf(cause)
  const [, owned] = /(dubious ownership.*)/.exec(text) ?? []
  const [, cure] = /^\s*(git config --global --add safe\.directory .+)$/m.exec(text) ?? []
  if (owned !== undefined)
    return new InputError('GIT_FAILED', `${activity}: ${owned}: it belongs to another user`, {
      fix: `where you trust it: ${cure ?? 'see safe.directory in `git help config`'}`,
      cause,
    })
  return new InputError(
    'GIT_FAILED',
    `${activity}: ${isStarted ? otherwise : 'git cannot be run: there is no git on the PATH'}`,
    {
      fix: isStarted
        ? 'name a directory of a clone with -C, in which `git status` works'
        : 'install git, or put it on the PATH',
      cause,
    },
  )
}
