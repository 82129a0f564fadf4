import { closeSync, constants, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InputError } from '../../errors.ts'
import { shownName } from '../../redact/shown-name.ts'

/** No file that Sower is given is larger; what is, is told so by whoever reads it. */
const sizeLimit = 1024 * 1024

/**
 * Reads a file of an argument, `-` for standard input, up to one mebibyte. Throws InputError FILE_UNREADABLE.
 * The caller wipes what it gets; what was read on the way is wiped here.
 */
export const readInput = async (directory: string, file: string): Promise<Buffer> => {
  const buffer = Buffer.alloc(sizeLimit)
  let descriptor: number | undefined
  try {
    descriptor = file === '-' ? 0 : openSync(resolve(directory, file), constants.O_RDONLY)
    let length = 0
    for (;;) {
      const read = await readSome(descriptor, buffer.subarray(length))
      length += read
      if (read === 0) return Buffer.from(buffer.subarray(0, length))
    }
  } catch (error) {
    const shown = shownName(file)
    throw new InputError('FILE_UNREADABLE', `reading ${shown}: ${whyUnread(error)}`, {
      fix:
        shown === file
          ? 'check the path'
          : 'give the name of a file, not what is in it; an argument that may be a credential is not shown',
    })
  } finally {
    buffer.fill(0)
    if (descriptor !== undefined && descriptor !== 0) closeSync(descriptor)
  }
}

const inWords: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of its path is a file'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'this user is not allowed to read it'],
])

/** Why a file cannot be read: the code of the system's error, after its meaning where that is not plain. */
export const whyUnread = (error: unknown): string => {
  const code = codeOf(error)
  const words = inWords.get(code)
  return words === undefined ? code : `${words} (${code})`
}

/** The code of a system's error, which is all of it that is said. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'

const readSome = async (descriptor: number, into: Buffer): Promise<number> => {
  if (into.length === 0) return 0
  for (;;)
    try {
      return readSync(descriptor, into)
    } catch (error) {
      // A terminal or pipe that somebody else made non-blocking.
      if (codeOf(error) !== 'EAGAIN') throw error
      await sleep(20)
    }
}
