import { chmodSync, lstatSync, mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../../errors.ts'
import { codeOf } from './read-input.ts'
import { takeLock } from './take-lock.ts'

type ToHold = Readonly<{
  directory: string
  /** As the person named it. */
  shown: string
  /** Hears that another process took the directory, since we gave no sign of life for a minute. */
  lost: () => void
  /** Milliseconds between two signs of life. */
  every?: number
}>

/**
 * Takes a directory for this process alone, made where it is not there, and closes all in it to others: what is there,
 * and what this process and those that it starts make until the directory is given back. Returns what gives it back. Throws InputError DATA_IN_USE, which names the process that has it, or FILE_UNREADABLE.
 */
export const holdDirectory = ({ directory, shown, lost, every = 5_000 }: ToHold): (() => void) => {
  const unusable = (reason: string): InputError =>
    new InputError('FILE_UNREADABLE', `using the data directory ${shown}: ${reason}`, {
      fix: 'name a directory that can be written, or one that is not there yet',
    })
  let lock: ReturnType<typeof takeLock>
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    lock = takeLock({ directory, name: 'bot', tries: 5 })
  } catch (error) {
    throw unusable(isFile(directory) ? 'it is a file' : codeOf(error))
  }
  if (!('release' in lock))
    throw new InputError(
      'DATA_IN_USE',
      `using the data directory ${shown}: process ${lock.pid} on ${lock.host} holds it`,
      {
        fix: 'end that bot, or name another directory with --data; a bot that died on another machine or in another container holds it for a minute more',
      },
    )
  const { file, release } = lock
  const mask = process.umask(0o077)
  try {
    close(directory)
  } catch (error) {
    process.umask(mask)
    release()
    throw unusable(codeOf(error))
  }
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      clearInterval(timer)
      lost()
    }
  }, every)
  timer.unref()
  return () => {
    clearInterval(timer)
    process.umask(mask)
    release()
  }
}

const isFile = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  } catch {
    return false
  }
}

/** Takes all rights but the owner's from what is ours below a path: a volume or another umask may have given them. */
const close = (path: string): void => {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return
  try {
    if (stats.mode & 0o077) chmodSync(path, stats.mode & 0o700)
  } catch (error) {
    // The top of a volume belongs to the system, and a group is how it lets us in.
    if (codeOf(error) !== 'EPERM') throw error
  }
  if (stats.isDirectory()) for (const name of readdirSync(path)) close(join(path, name))
}
