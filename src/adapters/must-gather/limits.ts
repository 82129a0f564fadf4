import { InputError } from '../../errors.ts'

const mebibyte = 2 ** 20

/** The most that is read of a must-gather: whatever is larger is not a must-gather of one node. */
export const limits = {
  /** For one file, unpacked. */
  file: 32 * mebibyte,
  /** For all files of an archive that are kept. */
  kept: 256 * mebibyte,
  /** For an archive, unpacked. */
  archive: 16 * 1024 * mebibyte,
  entries: 500_000,
} as const

/** Error for a must-gather that is not read; `where` is a path in it, or what a person named. */
export const unreadable = (where: string, reason: string): InputError =>
  new InputError('MUST_GATHER_UNREADABLE', `reading the must-gather ${where}: ${reason}`, {
    fix: 'name the directory that `oc adm must-gather` wrote, or a .tar or .tar.gz of it, as it was written',
  })
