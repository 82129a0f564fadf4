import { execa } from 'execa'
import { InputError, messageOf, UnavailableError, type SowerError } from '../../errors.ts'
import { gitReason, noGit } from './git-reason.ts'

/** A directory to run git in, and all of the environment that git gets there. */
export type GitPlace = Readonly<{
  directory: string
  environment: Readonly<Record<string, string>>
  /** Milliseconds after which a command is ended; without it a command may take its time, as a person does. */
  timeLimit?: number
}>

/** A command that failed. */
export type GitFailure = Readonly<{
  /** One line. */
  reason: string
  /** All that git printed, in an error that may become a cause. */
  cause: Error
  /** False where there is no git. */
  isStarted: boolean
  /** True if it printed nothing. */
  isSilent: boolean
  /** True if it was ended since it printed too much. */
  isTooMuch?: boolean
}>

type Options = Readonly<{
  /** Bytes for standard input, which is closed without them. */
  input?: string
  /** The exit code of a program that found nothing, which is no failure. */
  nothing?: number
  /** Bytes of output after which the command is ended. */
  most?: number
  /** Makes the error to throw for a failure. */
  failed?: (failure: GitFailure) => SowerError
}>

/**
 * Runs git without a shell and returns the bytes of its standard output, none where it found nothing. Paths in
 * `words` are paths, never patterns. Throws what `failed` makes of a failure, else UnavailableError GIT_FAILED.
 */
export const runGit = async (
  { directory, environment, timeLimit }: GitPlace,
  words: readonly string[],
  { input, nothing, most = 128 * 1024 * 1024, failed = failureOf(words) }: Options = {},
): Promise<Buffer> => {
  const { exitCode, stdout, stderr, originalMessage, timedOut, isMaxBuffer } = await execa(
    'git',
    words,
    {
      cwd: directory,
      extendEnv: false,
      env: { ...environment, LC_ALL: 'C', GIT_LITERAL_PATHSPECS: '1' },
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      ...(timeLimit === undefined ? {} : { timeout: timeLimit }),
      encoding: 'buffer',
      reject: false,
      stripFinalNewline: false,
      maxBuffer: most,
    },
  )
  if (exitCode === 0) return bytesOf(stdout)
  if (exitCode !== undefined && exitCode === nothing) return Buffer.alloc(0)
  const printed = [stderr, stdout].map(bytes => bytesOf(bytes).toString()).join('\n')
  const isSilent = printed.trim() === ''
  const cause = new Error(isSilent ? (originalMessage ?? '') : printed)
  const reason = timedOut
    ? 'it did not end in time'
    : isMaxBuffer
      ? `it printed more than ${most} bytes`
      : isSilent && exitCode !== undefined
        ? `it ended with exit code ${exitCode} and printed nothing`
        : gitReason(cause)
  const isStarted = exitCode !== undefined || timedOut || isMaxBuffer
  throw failed({ reason, cause, isStarted, isSilent, isTooMuch: isMaxBuffer })
}

const failureOf =
  ([command = '']: readonly string[]) =>
  ({ reason, cause }: GitFailure): SowerError =>
    new UnavailableError('GIT_FAILED', `git ${command}: ${reason}`, { cause })

/** The same memory as a Buffer: copying would double what a batch of files takes. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

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
  return new InputError('GIT_FAILED', `${activity}: ${isStarted ? otherwise : noGit}`, {
    fix: isStarted
      ? 'name a directory of a clone with -C, in which `git status` works'
      : 'install git, or put it on the PATH',
    cause,
  })
}
