import { isInline, pathOf } from '../../kustomization/follow-entry.ts'
import { pluginsOf } from '../../kustomization/references-of.ts'
import type { RepositoryView } from '../../kustomization/repository-view.ts'
import type { Reached, Walk } from '../../kustomization/walk.ts'
import { textAt } from '../../repository-tree.ts'
import { documentsIn } from '../../yaml/documents-in.ts'
import { fieldsOf, textOf } from '../../yaml/fields-of.ts'
import { foldCase } from '../../yaml/fold-case.ts'
import { inflatedCharts } from '../helm-reason.ts'
import { clusterKind } from '../kinds.ts'
import { groupOf } from '../object-identity.ts'

/** A live entry that may bring any object, so that only the render of its root tells what it brings. */
export type Opaque = Readonly<{
  root: string
  /** The kustomization and the line, as `path:line`. */
  place: string
  /** The field and what it names. */
  entry: string
  /** The files of this repository that it is made of. */
  files: readonly string[]
}>

/**
 * The charts of some roots, and their generators and transformers of kinds that Sower does not know or that are a
 * function: each may make a cluster of parts that no text holds together.
 */
export const opaqueEntries = (view: RepositoryView, walks: readonly Walk[]): readonly Opaque[] =>
  walks.flatMap(({ root, reached }) =>
    reached.flatMap(place =>
      [...charts(view, place), ...plugins(view, place)].map(({ word, ...opaque }) => ({
        ...opaque,
        root,
        place: `${place.kustomization.path}${lineOf(place.kustomization.text, word)}`,
      })),
    ),
  )

/** The first of them in one root, as people are shown it; `this` where there is none. */
export const shownOpaque = (view: RepositoryView, root: string): string =>
  opaqueEntries(view, [view.walk(root)])
    .slice(0, 1)
    .map(({ place, entry }) => `${place} (${entry})`)
    .join('') || 'this'

/** An entry, and what its line holds. */
type InPlace = Pick<Opaque, 'entry' | 'files'> & Readonly<{ word: string }>

/** `:line` of the first line that holds a text and is no comment; empty where escapes hide it. */
const lineOf = (text: string, word: string): string => {
  const index = text
    .split('\n')
    .findIndex(line => !line.trimStart().startsWith('#') && line.includes(word))
  return index < 0 ? '' : `:${index + 1}`
}

const charts = (view: RepositoryView, place: Reached): readonly InPlace[] => {
  const { fields } = place.kustomization
  return Object.entries(fields).flatMap(([name, value]) => {
    const inflated = chartFields.get(foldCase(name))
    if (inflated === undefined || [value].flat().length === 0) return []
    const named = [value]
      .flat()
      .map(chart => textOf(fieldsOf(chart), 'name') || textOf(fieldsOf(chart), 'chartName'))
    const spelled = { ...place.kustomization, fields: { ...fields, [inflated]: value } }
    const { charts = [], values = [] } = inflatedCharts({ ...place, kustomization: spelled }) ?? {}
    return [
      {
        ...{ word: name, entry: `${name}: ${named.join(', ')}` },
        files: [...values, ...below(view, charts)],
      },
    ]
  })
}

const chartFields: ReadonlyMap<string, string> = new Map([
  ['helmcharts', 'helmCharts'],
  ['helmchartinflationgenerator', 'helmChartInflationGenerator'],
])

/** The files of the first directories that are there; a chart may lie here or be fetched. */
const below = (view: RepositoryView, directories: readonly string[]): readonly string[] =>
  view
    .paths()
    .filter(
      ({ path, kind }) =>
        kind === 'file' && directories.some(directory => path.startsWith(`${directory}/`)),
    )
    .map(({ path }) => path)

const plugins = (view: RepositoryView, { directory, kustomization }: Reached): readonly InPlace[] =>
  pluginsOf(kustomization).flatMap(({ field, value }) => {
    if (/^validators/iu.test(field)) return []
    const path = isInline(value) ? null : pathOf(directory, value)
    const { files, isPlain } = configurationsAt(view, path)
    const texts = isInline(value) ? [value] : files.map(file => textAt(view, file))
    if (isPlain && texts.every(isKnown)) return []
    const word = value.trim().replace(/\n[^]*/, '')
    return [{ word, entry: `${field}: ${word}`, files }]
  })

/**
 * The configurations of a plugin entry: a file, or all that its directory lists; what is not there builds nothing.
 * `isPlain` is false where something else makes more of them.
 */
const configurationsAt = (
  view: RepositoryView,
  path: string | null,
): Readonly<{ files: readonly string[]; isPlain: boolean }> => {
  const nothing = { files: [], isPlain: true }
  if (path === null) return nothing
  const kind = view.entry(path)
  if (kind !== 'directory') return kind === 'file' ? { ...nothing, files: [path] } : nothing
  const { reached, troubles } = view.walk(path)
  return {
    files: reached.flatMap(({ targets }) =>
      targets.flatMap(target => (target.kind === 'file' ? [target.path] : [])),
    ),
    isPlain:
      troubles.length === 0 &&
      reached.every(
        place => charts(view, place).length + pluginsOf(place.kustomization).length === 0,
      ),
  }
}

const isKnown = (text: string): boolean => {
  const documents = documentsIn(text)
  return documents.length > 0 && documents.every(isKnownPlugin)
}

/** True for what makes objects of kinds that bring no cluster, or clusters that its own file names. */
const isKnownPlugin = (document: unknown): boolean => {
  const fields = fieldsOf(document)
  const [version, kind] = [textOf(fields, 'apiVersion'), textOf(fields, 'kind')]
  const annotations = fieldsOf(fieldsOf(fields.get('metadata')).get('annotations'))
  if ([...annotations.keys()].some(name => /\/function$/.test(name))) return false
  if (version === 'builtin') return kind !== 'HelmChartInflationGenerator'
  return (
    harmless.get(kind) === groupOf(version) || clusterKind(groupOf(version), kind) !== undefined
  )
}

const harmless: ReadonlyMap<string, string> = new Map([
  ['PolicyGenTemplate', 'ran.openshift.io'],
  ['PolicyGenerator', 'policy.open-cluster-management.io'],
])
