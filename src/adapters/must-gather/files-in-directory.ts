import { directoryTree } from '../files/directory-tree.ts'
import type { GatheredFiles } from './gathered-files.ts'
import { limits, unreadable } from './limits.ts'

/** The files of a directory, read when they are asked for. A link in it is refused, wherever it leads. */
export const filesInDirectory = (directory: string): GatheredFiles => {
  const tree = directoryTree(directory)
  const entry = (path: string): 'file' | 'directory' | undefined => {
    const kind = tree.entry(path)
    if (kind === 'symlink') throw unreadable(path, 'it is a link, which no must-gather needs')
    return kind
  }
  return {
    list: path => {
      if (entry(path) !== 'directory') return []
      const names = tree.list(path)
      if (names.length > limits.entries) throw unreadable(path, 'there are too many files in it')
      return names
    },
    read: path => {
      if (entry(path) !== 'file') return undefined
      if (tree.size(path) > limits.file) throw unreadable(path, `it has ${tree.size(path)} bytes`)
      return tree.read(path)
    },
  }
}
