import { z } from 'zod'
import type { Found } from '../cluster/find-cluster.ts'
import { clustersOf } from '../cluster/object-identity.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Walk } from '../kustomization/walk.ts'
import { textAt } from '../repository-tree.ts'
import { documentsIn } from '../yaml/documents-in.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { contentOf } from './find-dependents.ts'
import { kustomizationsSeeing, subjectOf, type Subject } from './subject.ts'

/** Where a listed cluster is kept out of the render; the line counts from 1. */
export type LeftOut = Readonly<{ file: string; line: number }>

const localConfig = 'config.kubernetes.io/local-config'

/**
 * Where a live entry's object is kept out of every root that reaches it: by the annotation local-config
 * (kusttarget.go, any value but `false`), or by patches with `$patch: delete`.
 */
export const leftOut = (
  view: RepositoryView,
  { kustomization, source, object, roots }: Found,
  walks: readonly Walk[],
): LeftOut | undefined => {
  const text = textAt(view, source)
  const isLocal = documentsIn(text)
    .filter(item => clustersOf(item).some(({ name }) => name === object.name))
    .every(item => {
      const metadata = fieldsOf(fieldsOf(item).get('metadata'))
      const value = fieldsOf(metadata.get('annotations')).get(localConfig)
      return value !== undefined && value !== 'false' && value !== false
    })
  if (isLocal)
    return { file: source, line: text.slice(0, text.indexOf(localConfig)).split('\n').length }
  const patches = walks
    .filter(({ root }) => roots.includes(root))
    .map(walk => {
      const seeing = kustomizationsSeeing([walk], kustomization)
      const subject = subjectOf(object, { source, seeing })
      return seeing
        .flatMap(({ directory, kustomization: { path, dependents } }) =>
          dependents.flatMap(({ key, items }) =>
            key === 'patches' || key === 'patchesStrategicMerge'
              ? items.map(({ value, line }) => ({ directory, value, file: path, line }))
              : [],
          ),
        )
        .find(({ directory, value }) => deletes({ view, directory, subject }, value))
    })
  const [first] = patches
  return first && patches.every(found => found) ? { file: first.file, line: first.line } : undefined
}

const patch = z.looseObject({
  path: z.string().optional(),
  patch: z.string().optional(),
  target: z.unknown().optional(),
})

const deletes = (
  {
    view: tree,
    directory,
    subject,
  }: Readonly<{ view: RepositoryView; directory: string; subject: Subject }>,
  value: unknown,
): boolean => {
  const { data } = patch.safeParse(value)
  const target = fieldsOf(data?.target)
  const content = contentOf({ tree, directory }, data ? (data.patch ?? data.path) : value)
  return documentsIn(content).some(document => {
    if (textOf(fieldsOf(document), '$patch') !== 'delete') return false
    if (target.size === 0) return subject.isNamedBy(document)
    // A selector by labels may fit or not.
    return subject.isMeantBy(data?.target) && [...target.keys()].every(key => plainFields.has(key))
  })
}

const plainFields = new Set(['group', 'version', 'kind', 'name', 'namespace'])
