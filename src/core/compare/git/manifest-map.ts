import posix from 'node:path/posix'
import type { Reached } from '../../kustomization/walk.ts'
import type { RepositoryView } from '../../kustomization/repository-view.ts'
import { listAt, textAt } from '../../preflight/field.ts'
import { textAt as fileAt } from '../../repository-tree.ts'
import { documentsIn } from '../../yaml/documents-in.ts'
import { declaredObject } from './declared-object.ts'
import type { DeclaredObject } from './declared.ts'

/** A ConfigMap with manifests in Git; `namespace` is null where its kustomization leaves it to others. */
export type ManifestMap = Readonly<{
  name: string
  namespace: string | null
  /** Reads its documents. */
  documents: () => readonly DeclaredObject[]
}>

/** The ConfigMaps that a kustomization generates of files; one with a file that is not there is left out. */
export const generatedMaps = (
  view: RepositoryView,
  { directory, kustomization }: Reached,
): readonly ManifestMap[] =>
  listAt(kustomization.fields, 'configMapGenerator').flatMap(generator => {
    const files = listAt(generator, 'files').map(entry =>
      posix.join(directory, String(entry).replace(/^[^=]*=/, '')),
    )
    const areThere = files.every(file => !file.startsWith('..') && view.entry(file) === 'file')
    const namespace =
      textAt(generator, 'namespace') || textAt(kustomization.fields, 'namespace') || null
    return areThere
      ? [
          {
            ...{ name: textAt(generator, 'name'), namespace },
            documents: () => files.flatMap(file => manifestsIn(fileAt(view, file), file)),
          },
        ]
      : []
  })

/** A ConfigMap that stands in a file. */
export const writtenMap = ({ metadata, data = {}, file }: DeclaredObject): ManifestMap => ({
  name: metadata.name,
  namespace: metadata.namespace ?? null,
  documents: () => Object.values(data).flatMap(text => manifestsIn(text, file)),
})

const manifestsIn = (text: string, file: string): readonly DeclaredObject[] =>
  documentsIn(text).flatMap(document => declaredObject(document, { file, base: null }) ?? [])

/** The objects that the ConfigMaps of these names in a namespace bring, and the names that are not in Git. */
export const dayZeroOf = (
  maps: readonly ManifestMap[],
  { names, namespace }: Readonly<{ names: readonly string[]; namespace: string }>,
): Readonly<{ dayZero: readonly DeclaredObject[] | null; missing: readonly string[] }> => {
  const mapOf = (name: string): ManifestMap | undefined =>
    maps.find(one => one.name === name && [null, namespace].includes(one.namespace))
  const found = names.flatMap(name => mapOf(name) ?? [])
  const missing = names.filter(name => !mapOf(name)).map(name => `${namespace}/${name}`)
  return {
    missing,
    dayZero: missing.length > 0 ? null : found.flatMap(({ documents }) => documents()),
  }
}
