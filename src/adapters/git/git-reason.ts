import { ConflictError, FailedError, messageOf } from '../../errors.ts'

/** Sorts a failed push: the branch moved, the server said no, or it gave no answer. */
export const pushError = (branch: string, cause: unknown): unknown => {
  const text = String(cause)
  if (/non-fast-forward|fetch first|stale info|\[rejected\]|cannot lock ref/.test(text))
    return new ConflictError('GIT_CONFLICT', `pushing to ${branch}: the branch moved meanwhile`, {
      cause,
    })
  if (/repository was archived/i.test(text))
    return new FailedError('PUSH_REFUSED', `pushing to ${branch}: the repository is archived`, {
      fix: 'unarchive it, or stop the bot',
      cause,
    })
  if (/\[remote rejected\]|returned error: 403|not allowed|protected branch/i.test(text))
    return new FailedError('PUSH_REFUSED', `pushing to ${branch}: the server refused it`, {
      fix: `let Sower's account push to ${branch} (a protected branch needs an exception for it)`,
      cause,
    })
  return cause
}

/**
 * Sorts a failed `git merge-tree`: undefined for a conflict, with which git names the tree all the same, though
 * not always a file. Throws FailedError GIT_FAILED for a git that is too old, and any other error as it is.
 */
export const conflictOf = (error: unknown): undefined => {
  const text = messageOf(error instanceof Error ? error.cause : error)
  if (/^[0-9a-f]{40,64}$/m.test(text)) return undefined
  if (!/usage: git merge-tree/.test(text)) throw error
  throw new FailedError('GIT_FAILED', 'merging two commits: this git cannot do it', {
    fix: 'install git 2.38 or newer',
    cause: error,
  })
}

/** Says that a program could not be started, which the system calls `spawn git ENOENT`. */
export const noGit = 'git cannot be run: there is no git on the PATH'

/** Returns what git said in one line: its own reason where it gave one, since progress may come before it. */
export const gitReason = (cause: unknown): string => {
  const text = messageOf(cause)
  if (/spawn git ENOENT/.test(text)) return `${noGit} (ENOENT)`
  const lines = text.split('\n').flatMap(line => line.trim() || [])
  return lines.find(line => /^(fatal|error):/.test(line)) ?? lines[0] ?? 'no reason given'
}

/** Advice where git was sent to another place, which it does not follow, or trusts nobody there; empty for any other reason. */
export const adviceOn = (reason: string): Readonly<{ fix?: string }> => {
  if (/returned error: 30\d/.test(reason))
    return {
      fix: 'redirects are not followed; a renamed or moved repository: set --repository, or --git-url, to where it is now',
    }
  // OpenSSL's words, and those of a git built with GnuTLS.
  return /SSL certificate problem|certificate verification failed/i.test(reason)
    ? { fix: "name the authority of the server's certificate with --ca-file" }
    : {}
}
