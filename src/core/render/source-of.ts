import { objectsIn } from '../cluster/object-identity.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { textAt } from '../repository-tree.ts'
import type { RenderedObject } from './rendered-object.ts'

/** Tells the file that the first of some objects most likely comes from. */
export type SourceOf = (objects: readonly RenderedObject[]) => string

/**
 * Looks among the files that the application path reaches for an object of that kind and name, then for one of that
 * kind whose name a prefix or suffix made longer. Otherwise it is the kustomization itself, since generators and
 * patches have a say, too. Each file is read once, whatever is asked.
 */
export const sourcesIn = (view: RepositoryView, path: string): SourceOf => {
  const { reached } = view.walk(path)
  const files = reached
    .flatMap(({ targets }) => targets.filter(({ kind }) => kind === 'file'))
    .map(target => ({ path: target.path, text: textAt(view, target.path) }))
  const known = new Map<string, ReturnType<typeof objectsIn>>()
  const objectsOf = ({ path, text }: (typeof files)[number]): ReturnType<typeof objectsIn> => {
    const objects = known.get(path) ?? objectsIn(text)
    known.set(path, objects)
    return objects
  }
  return objects => {
    const [first] = objects.map(object => ({ kind: object.kind, name: object.name() }))
    const holds =
      (isNamed: (name: string, source: string) => boolean) => (file: (typeof files)[number]) =>
        objectsOf(file).some(
          found => first && found?.kind === first.kind && isNamed(first.name, found.metadata.name),
        )
    const source =
      files
        .filter(({ text }) => first && text.includes(first.name))
        .find(holds((name, source) => source === name)) ??
      files.find(holds((name, source) => source !== '' && name.includes(source)))
    return source?.path ?? reached[0]?.kustomization.path ?? path
  }
}
