import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { generate } from '../../../plugin/generate.ts'
import { directoryTree } from '../../adapters/directory-tree.ts'
import { InputError } from '../../errors.ts'
import { composeKustomize, type Surroundings } from '../compose.ts'

/** Below Argo CD's own 60 seconds, so that the person reads our reason and not "signal: killed". */
const timeLimit = 50

/** `sower generate [directory]`: prints the render once, or nothing. Throws InputError and RefusedError. */
export const generateCommand = async (
  surroundings: Surroundings,
  argument: string,
): Promise<void> => {
  const directory = resolve(surroundings.directory, argument)
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError('FILE_UNREADABLE', `rendering ${argument}: it is not a directory`, {
      fix: 'name the directory of a kustomization',
    })
  const kustomize = await composeKustomize(surroundings, timeLimit)
  const root = repositoryRoot(directory, surroundings.environment['ARGOCD_APP_SOURCE_PATH'])
  const path = relative(root, directory).split(sep).join('/') || '.'
  surroundings.print(await generate({ kustomize, tree: directoryTree(root), directory, path }))
}

/**
 * The checkout that a directory belongs to: Argo CD says how deep the application path is, and often leaves
 * `.git` out; a person's clone has one.
 */
const repositoryRoot = (directory: string, applicationPath: string | undefined): string => {
  if (applicationPath && directory.endsWith(join(sep, applicationPath)))
    return directory.slice(0, -join(sep, applicationPath).length)
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return directory
  }
}
