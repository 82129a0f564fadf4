import { objectsIn } from '../kustomization/object-identity.ts'
import { directoryReader, walkFrom } from '../kustomization/walk.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import type { RenderedObject } from './rendered-object.ts'

/**
 * The file that the first of some objects of a render most likely comes from: one that the application path reaches, with an
 * object of that kind and name, or of that kind and a name that a prefix or suffix made longer. Otherwise the
 * kustomization itself, since generators and patches have a say, too.
 */
export const sourceOf = (
  tree: RepositoryTree,
  path: string,
  objects: readonly RenderedObject[],
): string => {
  const { reached } = walkFrom(directoryReader(tree), [path])
  const files = reached.flatMap(({ targets }) =>
    targets.filter(({ kind }) => kind === 'file').map(target => target.path),
  )
  const [first] = objects.map(object => ({ kind: object.kind, name: object.name() }))
  const holds = (isNamed: (name: string, source: string) => boolean) => (file: string) =>
    objectsIn(textAt(tree, file)).some(
      found => first && found?.kind === first.kind && isNamed(first.name, found.metadata.name),
    )
  return (
    files.find(holds((name, source) => source === name)) ??
    files.find(holds((name, source) => source !== '' && name.includes(source))) ??
    reached[0]?.kustomization.path ??
    path
  )
}
