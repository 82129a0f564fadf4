import { RefusedError } from '../errors.ts'

const kibibyte = 1024

/** The most bytes of a file that are read, by what it is. docs/configuration.md names them. */
export const sizeLimits = {
  /** `sower.yaml`, a request, a record. */
  settings: 64 * kibibyte,
  kustomization: 1024 * kibibyte,
  /** A manifest, or anything else that is looked into as text. */
  file: 8 * 1024 * kibibyte,
} as const

/** Refuses a file before it is read: RefusedError FILE_TOO_LARGE, with the file, its size and the limit. */
export const refuseLarger = (path: string, size: number, limit: number): void => {
  if (size <= limit) return
  throw new RefusedError(
    'FILE_TOO_LARGE',
    `reading ${path}: it has ${size} bytes, and Sower reads at most ${limit} of such a file`,
    { fix: 'split the file, or take out what does not belong there' },
  )
}
