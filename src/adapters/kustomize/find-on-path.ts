import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** The absolute path of a program on a PATH (`:`-separated directories); undefined when it is not there. */
export const findOnPath = (name: string, searchPath: string): string | undefined =>
  searchPath
    .split(delimiter)
    .filter(directory => isAbsolute(directory))
    .map(directory => join(directory, name))
    .find(isExecutable)

/** True if a path is a file that may be executed. */
export const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
