import { z } from 'zod'
import type { Found } from '../cluster/find-cluster.ts'
import { clustersOf } from '../cluster/object-identity.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'
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
 * (kusttarget.go, any value but `false`), which the object has or a patch or `commonAnnotations` gives it, or by patches
 * with `$patch: delete`.
 */
export const leftOut = (
  view: RepositoryView,
  { kustomization, source, object, roots }: Found,
  walks: readonly Walk[],
): LeftOut | undefined => {
  const text = textAt(view, source)
  const isLocal = documentsIn(text)
    .filter(item => clustersOf(item).some(({ name }) => name === object.name))
    .every(isMarkedLocal)
  if (isLocal) return { file: source, line: lineOfMark(text) }
  const places = walks
    .filter(({ root }) => roots.includes(root))
    .map(walk => {
      const seeing = kustomizationsSeeing([walk], kustomization)
      return placeIn(view, seeing, subjectOf(object, { source, seeing }))
    })
  const [first] = places
  return first && places.every(found => found) ? first : undefined
}

const placeIn = (
  view: RepositoryView,
  seeing: readonly Reached[],
  subject: Subject,
): LeftOut | undefined => {
  const patches = seeing.flatMap(({ directory, kustomization: { path, dependents } }) =>
    dependents
      .filter(({ key }) => patchKeys.has(key))
      .flatMap(({ items }) =>
        items.map(({ value, line }) => ({ ...read(view, directory, value), file: path, line })),
      ),
  )
  const deleting = patches.find(one => isAbout(one, subject, isDeletion))
  if (deleting) return { file: deleting.file, line: deleting.line }
  // Of several patches with annotations the last one counts, and another layer may have the last word.
  const [annotating, ...others] = patches.filter(({ content }) => content.includes('annotations'))
  if (others.length > 0) return undefined
  if (annotating)
    return isAbout(annotating, subject, isMarkedLocal) || marksByOperation(annotating, subject)
      ? { file: annotating.file, line: annotating.line }
      : undefined
  const common = seeing.find(({ kustomization: { fields } }) =>
    isKept(fieldsOf(fieldsOf(fields).get('commonAnnotations')).get(localConfig)),
  )?.kustomization
  return common && { file: common.path, line: lineOfMark(common.text) }
}

const patchKeys = new Set<string>(['patches', 'patchesStrategicMerge', 'patchesJson6902'])

type Patch = Readonly<{ target: unknown; content: string }>

const patch = z.looseObject({
  path: z.string().optional(),
  patch: z.string().optional(),
  target: z.unknown().optional(),
})

const read = (tree: RepositoryView, directory: string, value: unknown): Patch => {
  const { data } = patch.safeParse(value)
  const content = contentOf({ tree, directory }, data ? (data.patch ?? data.path) : value)
  return { target: data?.target, content }
}

const isAbout = (
  { target, content }: Patch,
  subject: Subject,
  isSuch: (document: unknown) => boolean,
): boolean =>
  documentsIn(content).some(document => {
    if (!isSuch(document)) return false
    return fieldsOf(target).size === 0 ? subject.isNamedBy(document) : isFor(target, subject)
  })

// A selector by labels may fit or not.
const isFor = (target: unknown, subject: Subject): boolean =>
  subject.isMeantBy(target) && [...fieldsOf(target).keys()].every(key => plainFields.has(key))

const plainFields = new Set(['group', 'version', 'kind', 'name', 'namespace'])

const isDeletion = (document: unknown): boolean => textOf(fieldsOf(document), '$patch') === 'delete'

const isMarkedLocal = (document: unknown): boolean => {
  const metadata = fieldsOf(fieldsOf(document).get('metadata'))
  return isKept(fieldsOf(metadata.get('annotations')).get(localConfig))
}

const isKept = (value: unknown): boolean =>
  value !== undefined && value !== 'false' && value !== false

/** True if a JSON patch sets the annotation; one of several operations on annotations may undo it. */
const marksByOperation = ({ target, content }: Patch, subject: Subject): boolean => {
  const operations = documentsIn(content)
    .flat()
    .map(fieldsOf)
    .filter(operation => textOf(operation, 'path').startsWith('/metadata'))
  const [first, ...others] = operations
  if (!first || others.length > 0 || !isFor(target, subject)) return false
  if (!['add', 'replace'].includes(textOf(first, 'op'))) return false
  const value = first.get('value')
  const path = textOf(first, 'path')
  return path === '/metadata/annotations'
    ? isKept(fieldsOf(value).get(localConfig))
    : path === `/metadata/annotations/${localConfig.replace('/', '~1')}` && isKept(value)
}

const lineOfMark = (text: string): number =>
  text.slice(0, text.indexOf(localConfig)).split('\n').length
