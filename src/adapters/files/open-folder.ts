import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeWhole } from './write-whole.ts'

/** A directory of our own. Paths are relative to it; each function throws the system's error. */
export type Folder = Readonly<{
  directory: string
  /** Writes a file whole, with directories on its way, and returns where it is. */
  write: (path: string, content: string, mode?: number) => string
  read: (path: string) => string
  /** The files below it, sorted. */
  files: () => readonly string[]
  /** Copies what another directory holds into it. */
  copy: (from: string) => void
}>

/** Opens a directory, which is made where it is not there, with that mode. */
export const openFolder = (directory: string, mode?: number): Folder => {
  mkdirSync(directory, { recursive: true, ...(mode === undefined ? {} : { mode }) })
  return {
    directory,
    write: (path, content, mode) => {
      const file = join(directory, path)
      mkdirSync(dirname(file), { recursive: true })
      writeWhole(file, content, mode === undefined ? {} : { mode })
      return file
    },
    read: path => readFileSync(join(directory, path), 'utf8'),
    files: () =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => relative(directory, join(entry.parentPath, entry.name)))
        .sort(),
    copy: from => {
      cpSync(from, directory, { recursive: true })
    },
  }
}
