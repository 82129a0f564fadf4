import posix from 'node:path/posix'
import { objectsIn } from '../kustomization/object-identity.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'

/** The files of a folder with a SeedGenerator, whatever they are called. */
export const generatorsIn = (tree: RepositoryTree, folder: string): readonly string[] =>
  (tree.entry(folder) === 'directory' ? tree.list(folder) : [])
    .map(name => posix.join(folder, name))
    .filter(path => /\.ya?ml$/.test(path) && tree.entry(path) === 'file')
    .filter(path => objectsIn(textAt(tree, path)).some(isSeedGenerator))

const isSeedGenerator = (object: ReturnType<typeof objectsIn>[number]): boolean =>
  object?.kind === 'SeedGenerator' && object.apiVersion.startsWith('lca.openshift.io/')
