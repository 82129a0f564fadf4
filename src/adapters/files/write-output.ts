import { appendFileSync, lstatSync, type Stats } from 'node:fs'
import { InputError } from '../../errors.ts'
import { codeOf } from './read-input.ts'
import { writeWhole } from './write-whole.ts'

/** A file that a person named for output. */
type Output = Readonly<{
  file: string
  /** As the person named it. */
  shown: string
}>

/** Finds the file that is to be written, where it is there. Throws InputError OUTPUT_UNWRITABLE unless it is plain. */
export const plainFile = ({ file, shown }: Output): Stats | undefined => {
  let stats: Stats | undefined
  try {
    stats = lstatSync(file, { throwIfNoEntry: false })
  } catch (error) {
    throw unwritable(shown, codeOf(error))
  }
  if (stats?.isSymbolicLink()) throw unwritable(shown, 'it is a symbolic link')
  if (stats && !stats.isFile()) throw unwritable(shown, 'it is not a plain file')
  return stats
}

/** Writes a plain file whole or not at all, with the mode of what was there. Throws InputError OUTPUT_UNWRITABLE. */
export const writeOutput = ({ file, shown }: Output, text: string): void => {
  plainFile({ file, shown })
  try {
    writeWhole(file, text, { isDurable: true })
  } catch (error) {
    throw unwritable(shown, codeOf(error))
  }
}

const unwritable = (shown: string, reason: string): InputError =>
  new InputError('OUTPUT_UNWRITABLE', `writing ${shown}: ${reason}`, {
    fix: 'name a plain file in an existing directory',
  })

/** Writes text at the end of a file, which may be a new one. Throws InputError OUTPUT_UNWRITABLE. */
export const appendOutput = ({ file, shown }: Output, text: string): void => {
  try {
    appendFileSync(file, text)
  } catch (error) {
    throw unwritable(shown, codeOf(error))
  }
}
