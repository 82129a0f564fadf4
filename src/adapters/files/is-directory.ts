import { statSync } from 'node:fs'

/** Tells whether a path is a directory, or a link to one. Throws nothing: what cannot be looked at is none. */
export const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
