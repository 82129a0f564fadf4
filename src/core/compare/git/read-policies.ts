import posix from 'node:path/posix'
import type { RepositoryView } from '../../kustomization/repository-view.ts'
import { field, listAt, textAt } from '../../preflight/field.ts'
import { textAt as fileAt } from '../../repository-tree.ts'
import { documentsIn } from '../../yaml/documents-in.ts'
import { fieldsOf } from '../../yaml/fields-of.ts'
import { declaredObject } from './declared-object.ts'
import type { DeclaredObject } from './declared.ts'
import { mergePatch } from './merge-patch.ts'
import { referenceFile } from './reference-files.ts'
import { hasAll, selects } from './selects.ts'

/** A policy in Git: for which clusters it is, and what it brings as far as its text shows. */
export type Policy = Readonly<{
  isFor: (labels: ReadonlyMap<string, unknown>) => boolean
  objects: readonly DeclaredObject[]
}>

/** Reads a text that holds PolicyGenerators or PolicyGenTemplates; it is at `path` in the repository. */
export const readPolicies = (view: RepositoryView, path: string): readonly Policy[] =>
  documentsIn(fileAt(view, path)).flatMap(document => {
    switch (field(document, 'kind')) {
      case 'PolicyGenTemplate':
        return [templatePolicy(view, path, document)]
      case 'PolicyGenerator':
        return generatorPolicies(view, path, document)
      default:
        return []
    }
  })

/** `ran.openshift.io/v1`: `bindingRules`, and files of the reference with what is laid over each. */
const templatePolicy = (view: RepositoryView, path: string, document: unknown): Policy => {
  const excluded = [...fieldsOf(field(document, 'spec', 'bindingExcludedRules'))]
  return {
    isFor: labels =>
      hasAll(field(document, 'spec', 'bindingRules'), labels) &&
      !excluded.some(([name, value]) => labels.get(name) === value),
    objects: listAt(document, 'spec', 'sourceFiles').flatMap(source => {
      const file = textAt(source, 'fileName')
      const overlay = Object.fromEntries(
        ['metadata', 'spec', 'data'].flatMap(key => {
          const value = field(source, key)
          return value === undefined ? [] : [[key, value]]
        }),
      )
      const folders = ['source-crs', 'custom-crs', '.']
      return brought(view, { path, file, folders, patches: [overlay] })
    }),
  }
}

/** `policy.open-cluster-management.io/v1`: a placement for each policy, else the default, and manifests with patches. */
const generatorPolicies = (
  view: RepositoryView,
  path: string,
  document: unknown,
): readonly Policy[] =>
  listAt(document, 'policies').map(policy => {
    const placement =
      field(policy, 'placement') ?? field(document, 'policyDefaults', 'placement') ?? null
    const selector = field(placement, 'labelSelector') ?? field(placement, 'clusterSelectors')
    return {
      // What another file selects is not known here.
      isFor: labels => selector !== undefined && selects(selector, labels),
      objects: listAt(policy, 'manifests').flatMap(manifest =>
        brought(view, {
          path,
          file: textAt(manifest, 'path'),
          folders: ['.'],
          patches: listAt(manifest, 'patches'),
        }),
      ),
    }
  })

type Manifest = Readonly<{
  path: string
  file: string
  /** The folders in which the file may be. */
  folders: readonly string[]
  patches: readonly unknown[]
}>

/** The objects of a manifest: of the file where the repository holds it, else what its name says. */
const brought = (
  view: RepositoryView,
  { path, file, folders, patches }: Manifest,
): readonly DeclaredObject[] => {
  const held = folders
    .map(folder => posix.join(posix.dirname(path), folder, file))
    .find(place => !place.startsWith('..') && view.entry(place) === 'file')
  const base = posix.basename(file)
  const documents = held === undefined ? reference(base) : documentsIn(fileAt(view, held))
  return documents.flatMap(document => {
    const patched = patches
      .filter(patch => [undefined, field(document, 'kind')].includes(field(patch, 'kind')))
      .reduce(mergePatch, document)
    const from = { file: path, base: held === undefined ? base : null }
    return declaredObject(patched, from) ?? []
  })
}

/** A document that stands for a file of the reference; it is called after the file where nothing names it. */
const reference = (base: string): readonly unknown[] => {
  const known = referenceFile(base)
  if (known === undefined) return []
  const { apiVersion, kind, name = base, namespace, spec, data } = known
  return [{ apiVersion, kind, metadata: { name, namespace }, spec, data }]
}
