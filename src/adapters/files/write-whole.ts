import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { InputError } from '../../errors.ts'
import { codeOf } from './read-input.ts'

type Output = Readonly<{
  file: string
  /** As the user named it. */
  shown: string
}>

/** The file that is to be written, where it is there. Throws InputError OUTPUT_UNWRITABLE unless it is plain. */
export const plainFile = ({ file, shown }: Output): Stats | undefined => {
  let stats: Stats | undefined
  try {
    stats = lstatSync(file, { throwIfNoEntry: false })
  } catch (error) {
    throw unwritable(shown, codeOf(error))
  }
  if (stats?.isSymbolicLink()) throw unwritable(shown, 'it is a symbolic link')
  if (stats && !stats.isFile()) throw unwritable(shown, 'it is no plain file')
  return stats
}

/**
 * Writes a file whole or not at all: beside it, then in its place. The mode of what was there is kept.
 * Throws InputError OUTPUT_UNWRITABLE.
 */
export const writeWhole = ({ file, shown }: Output, text: string): void => {
  const before = plainFile({ file, shown })
  const beside = `${file}.${randomUUID()}.new`
  try {
    const descriptor = openSync(beside, 'wx', before?.mode)
    try {
      replace(descriptor, { beside, file, text })
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
  } catch (error) {
    throw unwritable(shown, codeOf(error))
  }
}

const replace = (
  descriptor: number,
  { beside, file, text }: Readonly<{ beside: string; file: string; text: string }>,
): void => {
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(beside, file)
}

const unwritable = (shown: string, reason: string): InputError =>
  new InputError('OUTPUT_UNWRITABLE', `writing ${shown}: ${reason}`, {
    fix: 'name a plain file in a directory that is there',
  })
