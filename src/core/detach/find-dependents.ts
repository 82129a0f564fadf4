import posix from 'node:path/posix'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import type { DependentKey, Kustomization } from '../kustomization/parse-kustomization.ts'
import type { Subject } from './subject.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'
import { documentsIn } from '../yaml/documents-in.ts'

/** An item of another list that names the cluster's object, and without it would break the build. */
export type Dependent = Readonly<{
  kustomization: Kustomization
  key: DependentKey
  index: number
  line: number
}>

/** The share that something has in the cluster's object: about it alone, among others, or not at all. */
type Share = 'alone' | 'among others' | 'not at all'

/**
 * Finds the items that must leave with a cluster's object, in the kustomizations that see it: strategic merge patches
 * without a target, replacements that read from it, vars that point to it, and transformers that do the
 * same. kustomize fails on each once the object is gone (PatchTransformer.go:114, replacement.go:84,
 * resaccumulator.go:121). Throws RefusedError DEPENDENT_SHARED where such an item is not the cluster's alone.
 */
export const findDependents = (
  tree: RepositoryTree,
  {
    subject,
    seeing,
    walks,
  }: Readonly<{
    subject: Subject
    seeing: readonly Reached[]
    walks: readonly Walk[]
  }>,
): readonly Dependent[] =>
  seeing.flatMap(({ directory, kustomization }) =>
    kustomization.dependents.flatMap(({ key, items }) =>
      items.flatMap(({ value, index, line }): readonly Dependent[] => {
        const share = shareOf({ tree, directory, subject, walks }, key, value)
        if (share === 'not at all') return []
        const { path } = kustomization
        if (share === 'alone') return [{ kustomization, key, index, line }]
        throw new RefusedError(
          'DEPENDENT_SHARED',
          `reading ${path}:${line}: item ${index + 1} of ${key} needs ${subject.identity} and is about other objects too`,
          { fix: 'give the cluster an item of its own there, which can leave with it' },
        )
      }),
    ),
  )

/** A patch with a target that names the cluster's object: kustomize ignores it once the object is gone. */
export const findDeadPatches = (
  subject: Subject,
  seeing: readonly Reached[],
): readonly Dependent[] =>
  seeing.flatMap(({ kustomization }) =>
    kustomization.dependents.flatMap(({ key, items }) =>
      items.flatMap(({ value, index, line }) => {
        const isOwn =
          (key === 'patches' || key === 'patchesJson6902') &&
          subject.isMeantBy(patch.safeParse(value).data?.target)
        return isOwn ? [{ kustomization, key, index, line }] : []
      }),
    ),
  )

type Surroundings = Readonly<{
  tree: RepositoryTree
  directory: string
  subject: Subject
  walks: readonly Walk[]
}>

const shareOf = (around: Surroundings, key: DependentKey, value: unknown): Share => {
  switch (key) {
    case 'patches':
      return ofPatch(around, value)
    case 'patchesStrategicMerge':
      return ofDocuments(around, contentOf(around, value))
    case 'replacements':
      return ofReplacement(around, value)
    case 'vars':
      return ofVariable(around, value)
    case 'transformers':
      return ofTransformers(around, contentOf(around, value))
    // Patches with a target just match nothing any more, and generators stand for themselves.
    case 'patchesJson6902':
    case 'configMapGenerator':
    case 'secretGenerator':
      return 'not at all'
  }
}

const patch = z.looseObject({
  path: z.string().optional(),
  patch: z.string().optional(),
  target: z.unknown().optional(),
})

const ofPatch = (around: Surroundings, value: unknown): Share => {
  const { data } = patch.safeParse(value)
  if (!data || data.target != null) return 'not at all'
  return ofDocuments(around, data.patch ?? contentOf(around, data.path))
}

const ofDocuments = ({ subject }: Surroundings, text: string): Share =>
  together(
    documentsIn(text).map(document => (subject.isNamedBy(document) ? 'alone' : 'not at all')),
  )

const replacement = z.looseObject({
  path: z.string().optional(),
  source: z.unknown().optional(),
  targets: z.array(z.looseObject({ select: z.unknown().optional() })).default([]),
})

const ofReplacement = (around: Surroundings, value: unknown): Share => {
  const path = replacement.safeParse(value).data?.path
  const replacements = path === undefined ? [value] : documentsIn(contentOf(around, path)).flat()
  return together(replacements.map(one => ofSource(around, one)))
}

const ofSource = ({ subject }: Surroundings, value: unknown): Share => {
  const { data } = replacement.safeParse(value)
  if (!subject.isSelectedBy(data?.source)) return 'not at all'
  return data?.targets.every(({ select }) => subject.isMeantBy(select)) ? 'alone' : 'among others'
}

const variable = z.looseObject({ name: z.string(), objref: z.unknown().optional() })

const ofVariable = ({ tree, subject, walks }: Surroundings, value: unknown): Share => {
  const { data } = variable.safeParse(value)
  if (!data || !subject.isMeantBy(data.objref)) return 'not at all'
  const use = `$(${data.name})`
  const isUsed = walks.some(({ reached }) =>
    reached.some(
      ({ kustomization, targets }) =>
        kustomization.text.includes(use) ||
        targets.some(
          ({ path, kind }) =>
            kind === 'file' && path !== subject.source && textAt(tree, path).includes(use),
        ),
    ),
  )
  return isUsed ? 'among others' : 'alone'
}

const transformer = z.looseObject({
  kind: z.string(),
  paths: z.array(z.string()).default([]),
  path: z.string().optional(),
  patches: z.string().optional(),
  patch: z.string().optional(),
  target: z.unknown().optional(),
  replacements: z.array(z.unknown()).default([]),
})

const ofTransformers = (around: Surroundings, text: string): Share =>
  together(
    documentsIn(text).map((document): Share => {
      const { data } = transformer.safeParse(document)
      if (data?.kind === 'PatchStrategicMergeTransformer')
        return together(
          [...data.paths.map(path => contentOf(around, path)), data.patches ?? '']
            .filter(patches => patches !== '')
            .map(patches => ofDocuments(around, patches)),
        )
      if (data?.kind === 'PatchTransformer') return ofPatch(around, data)
      if (data?.kind === 'ReplacementTransformer')
        return together(data.replacements.map(one => ofReplacement(around, one)))
      return 'not at all'
    }),
  )

const together = (shares: readonly Share[]): Share => {
  if (shares.every(share => share === 'not at all')) return 'not at all'
  return shares.every(share => share === 'alone') ? 'alone' : 'among others'
}

/** The content of a path where a file is there; kustomize takes anything else for inline YAML. */
export const contentOf = (
  { tree, directory }: Pick<Surroundings, 'tree' | 'directory'>,
  value: unknown,
): string => {
  if (typeof value !== 'string') return ''
  const path = posix.join(directory, value)
  return !value.includes('\n') && tree.entry(path) === 'file' ? textAt(tree, path) : value
}
