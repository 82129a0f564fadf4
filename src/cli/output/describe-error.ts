import { printable } from '../../core/printable.ts'
import { SowerError } from '../../errors.ts'
import { unexpected } from './clean-output.ts'

/** An error as a person at a terminal reads it: what is wrong, and below it what to do. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof SowerError)) return unexpected(error)
  const { message, code, fix } = error
  // Names in it come from files that anybody may have written.
  const lines = [`sower: ${message} [${code}]`, ...(fix === undefined ? [] : [`       ${fix}`])]
  return lines.map(line => `${printable(line)}\n`).join('')
}

/** An error whose last line is all of it, for those who are shown one line. */
export const describeOnOneLine = (error: unknown): string => {
  if (!(error instanceof SowerError))
    return `${unexpected(error)}sower: this is a mistake in Sower; report it with the lines above [INTERNAL]\n`
  const { message, code, fix } = error
  const sentence = fix === undefined ? message : `${message}; ${fix}`
  return `sower: ${printable(sentence.replace(/\s+/g, ' '))} [${code}]\n`
}
