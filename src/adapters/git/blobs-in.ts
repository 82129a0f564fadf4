import type { SowerError } from '../../errors.ts'

/**
 * Yields the bytes of each object that `git cat-file --batch` was asked for, in that order, in the memory of its output.
 * Throws what `missing` makes of a reason for an object that is not there, or is not a file.
 */
export const blobsIn = function* (
  told: Buffer,
  ids: readonly string[],
  missing: (reason: string) => SowerError,
): Generator<Buffer> {
  let at = 0
  for (const id of ids) {
    const end = told.indexOf('\n', at)
    const [, type, size] = told.toString('latin1', at, end).split(' ')
    if (type !== 'blob') throw missing(`git cat-file: the object ${id} is not in this clone`)
    const from = end + 1
    at = from + Number(size) + 1
    yield told.subarray(from, at - 1)
  }
}
